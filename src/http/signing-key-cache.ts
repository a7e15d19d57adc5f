import type { KeyObject } from 'node:crypto'

/** How many signing keys are kept: one a day for each access key, Region and service in use. */
const CAPACITY = 1024

/** Signing keys of requests whose signature held, so that the four HMACs of the derivation are done once a day. */
export interface SigningKeyCache {
  /** The key kept for a credential (`access key/date/region/service/aws4_request`) signed with this secret. */
  find(credential: string, secretAccessKey: string): KeyObject | undefined
  /** Keeps a key. Only after the signature held: else anybody could push out the keys of others. */
  keep(credential: string, secretAccessKey: string, signingKey: KeyObject): void
}

interface Entry {
  /** A key that was kept for a secret is of no use once the access key has another one. */
  readonly secretAccessKey: string
  readonly signingKey: KeyObject
}

/** Makes an empty cache. When it is full, the key that was kept first makes room. */
export function createSigningKeyCache(): SigningKeyCache {
  const entries = new Map<string, Entry>()
  return {
    find(credential, secretAccessKey) {
      const entry = entries.get(credential)
      return entry?.secretAccessKey === secretAccessKey ? entry.signingKey : undefined
    },
    keep(credential, secretAccessKey, signingKey) {
      const oldest = entries.size >= CAPACITY ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
      entries.set(credential, { secretAccessKey, signingKey })
    },
  }
}
