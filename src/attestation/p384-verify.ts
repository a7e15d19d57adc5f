import type { KeyObject } from 'node:crypto'
import { verify } from 'node:crypto'

/** An ECDSA signature with SHA-384 on P-384, and what it is over. */
export interface P384Signature {
  readonly key: KeyObject
  readonly data: Uint8Array
  readonly signature: Uint8Array
  /** `der` as in certificates, `ieee-p1363` (r and s at fixed width) as in COSE. */
  readonly encoding: 'der' | 'ieee-p1363'
}

/**
 * Whether a signature holds. Runs in the thread pool, since 0.4 ms would block the event loop. Never rejects: what
 * OpenSSL refuses to look at does not hold.
 */
export async function holdsP384({ key, data, signature, encoding }: P384Signature): Promise<boolean> {
  return new Promise((resolve) => {
    verify('sha384', data, { key, dsaEncoding: encoding }, signature, (error, holds) => {
      resolve(error === null && holds)
    })
  })
}
