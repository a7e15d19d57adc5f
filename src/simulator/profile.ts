/**
 * The shapes that AWS's documents had over the years, named after the first year in which they were seen. `2025` is
 * today's.
 */
export const PROFILES = ['2021', '2022', '2024', '2025'] as const

/** The name of a shape. */
export type ProfileName = (typeof PROFILES)[number]

/** What differs between the shapes. */
export interface Profile {
  /** Seconds by which a leaf begins before it is issued. */
  readonly leafBackdatedSeconds: number
  /** Whether the instance certificate carries subject and authority key identifiers. */
  readonly instanceKeyIdentifiers: boolean
  /** Whether the payload map has definite or indefinite length. */
  readonly mapForm: MapForm
}

/** How the payload map says its length (RFC 8949 §3.2.2). */
export type MapForm = 'definite' | 'indefinite'

/** Each shape by its name. */
export const PROFILE: Readonly<Record<ProfileName, Profile>> = {
  '2021': { leafBackdatedSeconds: 0, instanceKeyIdentifiers: false, mapForm: 'definite' },
  '2022': { leafBackdatedSeconds: 3, instanceKeyIdentifiers: false, mapForm: 'definite' },
  '2024': { leafBackdatedSeconds: 3, instanceKeyIdentifiers: true, mapForm: 'definite' },
  '2025': { leafBackdatedSeconds: 3, instanceKeyIdentifiers: true, mapForm: 'indefinite' },
}
