import { generateKeyPairSync, sign, verify } from 'node:crypto'

/** P-384 signatures with nothing around them: the yardstick for a verifier that must verify as many. */
export interface BareSignatures {
  /** Verifies `count` on this thread, one after another. */
  verifyHere(count: number): void
  /** Verifies `count` in the thread pool, side by side. */
  verifyInPool(count: number): Promise<void>
}

/** What is signed of a document, and of a certificate, in bytes. */
const SIGNED_BYTES = [4_500, 550]

/** Makes signatures of documents and of certificates, in the two encodings that these have. */
export function makeBareSignatures(): BareSignatures {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  const signatures = SIGNED_BYTES.map((length, index) => {
    const data = Buffer.alloc(length, 7)
    const dsaEncoding = index === 0 ? ('ieee-p1363' as const) : ('der' as const)
    const signature = sign('sha384', data, { key: privateKey, dsaEncoding })
    return { data, key: { key: publicKey, dsaEncoding }, signature }
  })
  // One of a document, the others of certificates.
  const pick = (index: number) => {
    const picked = signatures[Math.min(index, signatures.length - 1)]
    if (!picked) throw new Error('no signature')
    return picked
  }
  const demand = (holds: boolean): void => {
    if (!holds) throw new Error('a bare signature does not hold')
  }
  return {
    verifyHere(count) {
      for (let index = 0; index < count; index++) {
        const { data, key, signature } = pick(index)
        demand(verify('sha384', data, key, signature))
      }
    },
    async verifyInPool(count) {
      const verifyOne = (index: number): Promise<void> =>
        new Promise((resolve, reject) => {
          const { data, key, signature } = pick(index)
          verify('sha384', data, key, signature, (error, holds) => {
            if (error) reject(error)
            else resolve(demand(holds))
          })
        })
      await Promise.all(Array.from({ length: count }, (_, index) => verifyOne(index)))
    },
  }
}
