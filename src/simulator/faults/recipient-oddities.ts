import { createPublicKey } from 'node:crypto'
import type { Alterations } from '../alterations.ts'
import type { Fault } from './fault.ts'
import { accepted } from './fault.ts'
import { DEMANDED, sized } from './recipient-faults.ts'

/** Public keys of every size that an answer can be encrypted to. */
export const RECIPIENT_ODDITIES: readonly Fault[] = accepted(
  [2048, 3072, 4096].map((bits) => [
    `rsa-${bits}-recipient`,
    `a public key of ${bits} bits`,
    unlessAskedFor(bits, sized(bits)),
    DEMANDED,
  ]),
)

/** A key that was asked for and has the size stays, so that what is encrypted to it can be opened. */
function unlessAskedFor(bits: number, { request: alter }: Alterations): Alterations {
  return {
    request: (asked, pki) => (alter && !hasModulus(bits, asked.publicKey) ? alter(asked, pki) : asked),
  }
}

function hasModulus(bits: number, publicKey: Uint8Array | null): boolean {
  if (publicKey === null) return false
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === bits
  } catch {
    return false
  }
}
