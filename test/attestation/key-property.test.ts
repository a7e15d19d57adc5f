import { createPublicKey, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDerSignature } from '../../src/attestation/ecdsa-signature.ts'
import { parseRecipientKey } from '../../src/attestation/recipient-key.ts'
import type { VerifiedAttestation } from '../../src/attestation/verified-attestation.ts'
import { KEYS } from '../support/attestation/an-attestation.ts'
import { dice } from '../support/attestation/cbor-changes.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import {
  bitString,
  boolean,
  hex,
  integer,
  octetString,
  oid,
  seq,
  set,
  tlv,
} from '../support/attestation/der-bytes.ts'
import { DER_CHANGES } from '../support/attestation/der-changes.ts'
import type { DerNode } from '../support/attestation/der-tree.ts'
import {
  derNodesOf,
  derTree,
  encodeDerTree,
  replaceDerNode,
  toDerTree,
} from '../support/attestation/der-tree.ts'
import { RSA_ENCRYPTION, rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'
import { runs } from '../support/property-runs.ts'

// The one field of an attestation that is read here; nothing else of it is looked at.
const attested = (publicKey: Uint8Array): VerifiedAttestation =>
  ({ publicKey }) as unknown as VerifiedAttestation
const codeFor = (spki: Uint8Array): string | null => codeOf(() => parseRecipientKey(attested(spki)))

/** A number of exactly so many bits. */
const ofBits = (bits: number): fc.Arbitrary<bigint> =>
  fc.bigInt(2n ** BigInt(bits - 1), 2n ** BigInt(bits) - 1n)

const modulus = fc.oneof(
  fc.constantFrom(2048, 3072, 4096).chain(ofBits),
  fc.constantFrom(1, 7, 512, 2047, 2049, 4095, 4097, 7000).chain(ofBits),
  fc.constant(TEST_MODULUS),
)
const exponent = fc.oneof(
  fc.constantFrom(
    1n,
    2n,
    3n,
    17n,
    65_535n,
    65_536n,
    65_537n,
    65_539n,
    2n ** 32n + 1n,
    2n ** 64n - 1n,
    2n ** 64n,
    2n ** 64n + 1n,
  ),
  fc.integer({ min: 1, max: 600 }).chain(ofBits),
)

/** The rules once more, from SP 800-89 §5.3.3 and FIPS 186-5 §A.1.1, by trial division with all numbers. */
function expectedCode(n: bigint, e: bigint): string | null {
  const bits = n.toString(16).length * 4 - (Math.clz32(Number.parseInt(n.toString(16).charAt(0), 16)) - 28)
  if (![2048, 3072, 4096].includes(bits)) return 'RECIPIENT_KEY_SIZE_UNSUPPORTED'
  if ((e & 1n) === 0n || e <= 65_536n || e >> 64n !== 0n) return 'RECIPIENT_KEY_EXPONENT_UNSAFE'
  for (let divisor = 2n; divisor < 752n; divisor++) {
    if (n % divisor === 0n) return 'RECIPIENT_KEY_MODULUS_INVALID'
  }
  return null
}

describe('parseRecipientKey, given an RSA key', () => {
  it('judges any modulus and exponent by the rules, and reads what OpenSSL reads', () => {
    fc.assert(
      fc.property(modulus, exponent, (n, e) => {
        const spki = rsaSpki(n, e)
        const code = expectedCode(n, e)
        expect(codeFor(spki)).toBe(code)
        if (code !== null) return
        const { publicKey, modulusBits } = parseRecipientKey(attested(spki))
        expect(publicKey.asymmetricKeyDetails).toEqual({ modulusLength: modulusBits, publicExponent: e })
        expect(
          publicKey.equals(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })),
        ).toBe(true)
      }),
      runs(200),
    )
  })

  const good = toDerTree(rsaSpki(TEST_MODULUS))
  const numbers = toDerTree(seq(integer(TEST_MODULUS), integer(65_537)))
  const around = (key: Uint8Array): Uint8Array => seq(seq(oid(RSA_ENCRYPTION), hex('0500')), bitString(key))

  it.each(DER_CHANGES)('refuses $name anywhere in it with RECIPIENT_KEY_NOT_SPKI', ({ apply }) => {
    fc.assert(
      fc.property(fc.constantFrom(good, numbers), dice, dice, (node, place, how) => {
        const candidates = derNodesOf(node).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target = candidates[place % candidates.length] ?? node
        const changed = encodeDerTree(replaceDerNode(node, target, [apply(target, how) ?? target]))
        expect(codeFor(node === good ? changed : around(changed))).toBe('RECIPIENT_KEY_NOT_SPKI')
      }),
      runs(20),
    )
  })

  const RSA = seq(oid(RSA_ENCRYPTION), hex('0500'))
  const KEY = encodeDerTree(numbers)
  it.each<[string, string, Uint8Array]>([
    ['nothing', 'RECIPIENT_KEY_MISSING', hex('')],
    ['bytes behind it', 'RECIPIENT_KEY_NOT_SPKI', Buffer.concat([rsaSpki(TEST_MODULUS), hex('00')])],
    ['bytes behind the numbers', 'RECIPIENT_KEY_NOT_SPKI', around(Buffer.concat([KEY, hex('0500')]))],
    [
      'a third number',
      'RECIPIENT_KEY_NOT_SPKI',
      around(seq(integer(TEST_MODULUS), integer(65_537), integer(1))),
    ],
    ['one number', 'RECIPIENT_KEY_NOT_SPKI', around(seq(integer(TEST_MODULUS)))],
    ['numbers in a SET', 'RECIPIENT_KEY_NOT_SPKI', around(set(integer(65_537), integer(TEST_MODULUS)))],
    [
      'a negative modulus',
      'RECIPIENT_KEY_NOT_SPKI',
      around(seq(tlv(2, new Uint8Array(256).fill(0x91)), integer(65_537))),
    ],
    ['a negative exponent', 'RECIPIENT_KEY_NOT_SPKI', around(seq(integer(TEST_MODULUS), hex('0201ff')))],
    ['no parameters', 'RECIPIENT_KEY_NOT_SPKI', seq(seq(oid(RSA_ENCRYPTION)), bitString(KEY))],
    ['other parameters', 'RECIPIENT_KEY_NOT_SPKI', seq(seq(oid(RSA_ENCRYPTION), seq()), bitString(KEY))],
    [
      'two parameters',
      'RECIPIENT_KEY_NOT_SPKI',
      seq(seq(oid(RSA_ENCRYPTION), hex('0500'), hex('0500')), bitString(KEY)),
    ],
    ['an OCTET STRING for the key', 'RECIPIENT_KEY_NOT_SPKI', seq(RSA, octetString(KEY))],
    ['a third part', 'RECIPIENT_KEY_NOT_SPKI', seq(RSA, bitString(KEY), boolean(true))],
    ['unused bits', 'RECIPIENT_KEY_NOT_SPKI', seq(RSA, bitString(Buffer.concat([KEY, hex('00')]), 4))],
    ['the parts exchanged', 'RECIPIENT_KEY_NOT_SPKI', seq(bitString(KEY), RSA)],
    ['the key alone', 'RECIPIENT_KEY_NOT_SPKI', KEY],
    ['RSASSA-PSS', 'RECIPIENT_KEY_NOT_RSA', seq(seq(oid('1.2.840.113549.1.1.10')), bitString(KEY))],
    ['RSAES-OAEP', 'RECIPIENT_KEY_NOT_RSA', seq(seq(oid('1.2.840.113549.1.1.7'), seq()), bitString(KEY))],
    ['any other algorithm', 'RECIPIENT_KEY_NOT_RSA', seq(seq(oid('1.2.3')), bitString(hex('')))],
  ])('answers for %s: %s', (_, code, spki) => {
    expect(codeFor(spki)).toBe(code)
  })

  it('answers a key or a RECIPIENT code for any DER', () => {
    fc.assert(
      fc.property(derTree(4), fc.boolean(), (node, isAround) => {
        const encoded = encodeDerTree(node)
        expect(codeFor(isAround ? around(encoded) : encoded)).toMatch(/^RECIPIENT_KEY_NOT_(SPKI|RSA)$/)
      }),
      runs(300),
    )
  })
})

const ORDER =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n
const { privateKey, publicKey: signer } = KEYS.leaf

describe('isDerSignature', () => {
  const number = fc.oneof(
    fc.bigInt(1n, ORDER - 1n),
    fc.constantFrom(0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 384n - 1n, 2n ** 384n, 2n ** 400n),
  )

  it('holds for two numbers from 1 to n - 1 and for nothing else', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        const isInRange = [r, s].every((one) => one > 0n && one < ORDER)
        expect(isDerSignature(seq(integer(r), integer(s)))).toBe(isInRange)
      }),
      runs(300),
    )
  })

  it('holds for whatever OpenSSL signs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (message) => {
        const signature = sign('sha384', message, privateKey)
        expect(isDerSignature(signature)).toBe(true)
        expect(verify('sha384', message, signer, signature)).toBe(true)
      }),
      runs(30),
    )
  })

  it.each(DER_CHANGES)('does not hold with $name', ({ apply }) => {
    const node: DerNode = toDerTree(seq(integer(ORDER - 1n), integer(1)))
    fc.assert(
      fc.property(dice, dice, (place, how) => {
        const candidates = derNodesOf(node).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target = candidates[place % candidates.length] ?? node
        const changed = replaceDerNode(node, target, [apply(target, how) ?? target])
        expect(isDerSignature(encodeDerTree(changed))).toBe(false)
      }),
      runs(20),
    )
  })

  it('does not hold for any other DER', () => {
    fc.assert(
      fc.property(derTree(3), (node) => {
        expect(isDerSignature(encodeDerTree(node))).toBe(false)
        expect(isDerSignature(seq(integer(1), encodeDerTree(node), integer(1)))).toBe(false)
      }),
      runs(200),
    )
  })
})
