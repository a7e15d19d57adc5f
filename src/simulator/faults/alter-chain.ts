import type { AlterationContext, Alterations } from '../alterations.ts'
import type { CertificatePlan } from '../certificate-plan.ts'
import type { ChainPlan } from '../chain-plan.ts'
import type { Extension } from '../extension.ts'

/** A change to one certificate before it is signed. */
export type AlterCertificate = (plan: CertificatePlan, context: AlterationContext) => CertificatePlan

/** A certificate of the chain by its level. */
export type CertificateLevel = keyof ChainPlan

/** Positions in cabundle, root first. */
export const BUNDLE_POSITION = { root: 0, regional: 1, zonal: 2, instance: 3 } as const

/** Changes one certificate of the chain; its issuer signs it as it then is. */
export function certificateWith(level: CertificateLevel, alter: AlterCertificate): Alterations {
  return { chain: (chain, context) => ({ ...chain, [level]: alter(chain[level], context) }) }
}

/** Changes the leaf. */
export function leafWith(alter: AlterCertificate): Alterations {
  return certificateWith('leaf', alter)
}

/** Sets fields of one certificate. */
export function certificateFields(level: CertificateLevel, fields: Partial<CertificatePlan>): Alterations {
  return certificateWith(level, (plan) => ({ ...plan, ...fields }))
}

/** Changes the extensions of one certificate with a certain id; nothing returned leaves the extension out. */
export function extensionWith(
  level: CertificateLevel,
  id: string,
  alter: (extension: Extension) => readonly Extension[],
): Alterations {
  return certificateWith(level, (plan) => ({
    ...plan,
    extensions: plan.extensions.flatMap((extension) =>
      extension.id === id ? alter(extension) : [extension],
    ),
  }))
}

/** Adds an extension to one certificate. */
export function extensionAdded(level: CertificateLevel, extension: Extension): Alterations {
  return certificateWith(level, (plan) => ({ ...plan, extensions: [...plan.extensions, extension] }))
}

/** Changes the bytes of the signed leaf. */
export function leafBytes(alter: (der: Uint8Array) => Uint8Array): Alterations {
  return { bundle: (bundle) => ({ ...bundle, certificate: alter(bundle.certificate) }) }
}

/** Changes the signed certificates of cabundle and their order. */
export function bundleItems(
  alter: (items: readonly Uint8Array[], leaf: Uint8Array) => readonly Uint8Array[],
): Alterations {
  return { bundle: (bundle) => ({ ...bundle, cabundle: alter(bundle.cabundle, bundle.certificate) }) }
}

/** A time in whole seconds after the second in which the document was asked for. */
export function secondsAfterIssue({ request }: AlterationContext, seconds: number): Date {
  return new Date((Math.floor(request.at.getTime() / 1000) + seconds) * 1000)
}

/** Flips the lowest bit of one byte; a negative position counts from the end. */
export function flipBit(bytes: Uint8Array, position: number): Uint8Array {
  const place = position < 0 ? bytes.length + position : position
  return bytes.map((byte, at) => (at === place ? byte ^ 1 : byte))
}
