import { createHash, createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concatBytes, parseHex, toHex, utf8 } from '../../src/core/bytes.ts'
import { createDerive } from '../../src/simulator/derive.ts'
import {
  P384_ORDER,
  createSigningKey,
  ecPublicKeyInfo,
  keyIdentifier,
  specifiedP384,
  toDerSignature,
} from '../../src/simulator/signing-key.ts'

const derive = createDerive('signing keys')

/** The private key of RFC 6979 appendix A.2.6, less one: a key is made from a number by adding one. */
const RFC_6979_LESS_ONE = parseHex(
  '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf4',
)

const nodeKey = (spki: Uint8Array) => createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })

describe('a signing key', () => {
  it('signs "sample" as RFC 6979 appendix A.2.6 does, high s and all', () => {
    expect(toHex(createSigningKey(RFC_6979_LESS_ONE).sign(utf8('sample')))).toBe(
      '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46' +
        '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
    )
  })

  it.each(['sha256', 'sha384', 'sha512'] as const)(
    'makes signatures over %s that node:crypto verifies',
    (hash) => {
      const key = createSigningKey(derive(56, 'key'))
      const message = utf8('a message')
      const publicKey = { key: nodeKey(key.publicKeyInfo), dsaEncoding: 'ieee-p1363' } as const
      expect(verify(hash, message, publicKey, key.sign(message, { hash }))).toBe(true)
      expect(verify(hash, utf8('another'), publicKey, key.sign(message, { hash }))).toBe(false)
    },
  )

  it.each(['P-256', 'P-384', 'P-521'] as const)(
    'makes %s signatures in DER that node:crypto verifies',
    (curve) => {
      const key = createSigningKey(derive(80, 'key'), curve)
      const signature = toDerSignature(key.sign(utf8('a message')))
      expect(verify('sha384', utf8('a message'), nodeKey(key.publicKeyInfo), signature)).toBe(true)
    },
  )

  it('leaves s as it falls: high in about half of 200 signatures', () => {
    const key = createSigningKey(derive(56, 'key'))
    const high = Array.from({ length: 200 }, (_, at) => key.sign(utf8(String(at)))).filter(
      (signature) => BigInt(`0x${toHex(signature.subarray(48))}`) > P384_ORDER / 2n,
    )
    expect(high.length).toBeGreaterThan(70)
    expect(high.length).toBeLessThan(130)
  })

  it('signs the same way each time, and another valid way for another variant', () => {
    const key = createSigningKey(derive(56, 'key'))
    const message = utf8('a message')
    const other = key.sign(message, { variant: 1 })
    expect(key.sign(message)).toEqual(key.sign(message))
    expect(other).not.toEqual(key.sign(message))
    expect(
      verify('sha384', message, { key: nodeKey(key.publicKeyInfo), dsaEncoding: 'ieee-p1363' }, other),
    ).toBe(true)
  })

  it('is named by the SHA-1 of its point', () => {
    const key = createSigningKey(derive(56, 'key'))
    expect(toHex(keyIdentifier(key))).toBe(createHash('sha1').update(key.point).digest('hex'))
    expect(key.publicKeyInfo.subarray(-97)).toEqual(key.point)
  })

  it('can be written with its curve spelt out, which node:crypto reads as the same key', () => {
    const key = createSigningKey(derive(56, 'key'))
    const spelt = nodeKey(ecPublicKeyInfo(specifiedP384(), key.point))
    const message = utf8('a message')
    expect(verify('sha384', message, { key: spelt, dsaEncoding: 'ieee-p1363' }, key.sign(message))).toBe(true)
  })

  it('is never zero: the order less one and zero give keys', () => {
    expect(createSigningKey(new Uint8Array(56)).point.length).toBe(97)
    const orderLessOne = parseHex((P384_ORDER - 1n).toString(16))
    expect(createSigningKey(concatBytes(new Uint8Array(8), orderLessOne)).point).toEqual(
      createSigningKey(new Uint8Array(56)).point,
    )
  })
})
