import { createPrivateKey, sign } from 'node:crypto'
import type { SigningKey } from '../../src/simulator/signing-key.ts'
import { createSigningKey, P384_ORDER } from '../../src/simulator/signing-key.ts'

/**
 * A key of the simulator on P-384 that signs with OpenSSL, many times faster than it does by itself. Its signatures are
 * not the same from one run to the next.
 */
export function makeFastKey(uniform: Uint8Array): SigningKey {
  const slow = createSigningKey(uniform)
  // As the simulator derives it, from FIPS 186-5 §A.2.1.
  const scalar = (BigInt(`0x${Buffer.from(uniform).toString('hex')}`) % (P384_ORDER - 1n)) + 1n
  const d = Buffer.from(scalar.toString(16).padStart(96, '0'), 'hex').toString('base64url')
  const [x = '', y = ''] = [slow.point.subarray(1, 49), slow.point.subarray(49)].map((half) =>
    Buffer.from(half).toString('base64url'),
  )
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-384', x, y, d }, format: 'jwk' })
  return {
    ...slow,
    sign: (message, { hash = 'sha384' } = {}) =>
      new Uint8Array(sign(hash, message, { key, dsaEncoding: 'ieee-p1363' })),
  }
}
