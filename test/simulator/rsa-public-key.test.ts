import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createDerive } from '../../src/simulator/derive.ts'
import {
  USUAL_RSA,
  deriveModulus,
  rsaPublicKey,
  rsaPublicKeyInfo,
  usualRsaPublicKeyInfo,
} from '../../src/simulator/rsa-public-key.ts'

const derive = createDerive('rsa')

describe('an RSA public key of the simulator', () => {
  it('is read by node:crypto, which writes it the same way', () => {
    const info = usualRsaPublicKeyInfo(derive, 'a key')
    const key = createPublicKey({ key: Buffer.from(info), format: 'der', type: 'spki' })
    expect(key.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65_537n })
    expect(new Uint8Array(key.export({ format: 'der', type: 'spki' }))).toEqual(info)
  })

  it('is the same as PKCS#1, inside', () => {
    const numbers = { modulus: deriveModulus(derive, 2048, 'a key'), exponent: USUAL_RSA.exponent }
    const key = createPublicKey({ key: Buffer.from(rsaPublicKeyInfo(numbers)), format: 'der', type: 'spki' })
    expect(new Uint8Array(key.export({ format: 'der', type: 'pkcs1' }))).toEqual(rsaPublicKey(numbers))
  })

  it.each([1024, 2047, 2048, 2056, 7680])(
    'has a modulus of exactly %i bits without a small factor',
    (bits) => {
      const modulus = deriveModulus(derive, bits, 'a key')
      expect(modulus.toString(2)).toHaveLength(bits)
      for (let divisor = 2n; divisor < 752n; divisor++) expect(modulus % divisor).not.toBe(0n)
    },
  )
})
