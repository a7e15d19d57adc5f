import { generateKeyPairSync } from 'node:crypto'
import { spkiOf } from '../../support/attestation/a-certificate.ts'
import { withField } from '../../support/attestation/an-attestation.ts'
import { bytes } from '../../support/attestation/cbor-bytes.ts'
import { bitString, hex, integer, oid, seq } from '../../support/attestation/der-bytes.ts'
import { rsaSpki, RSA_ENCRYPTION, TEST_MODULUS } from '../../support/attestation/rsa-spki.ts'
import type { Refusal } from './refusal.ts'

const options = { demandRecipientKey: true } as const
const key = (spki: Uint8Array): Required<Pick<Refusal, 'spec' | 'options'>> => ({
  spec: { fields: withField('public_key', bytes(spki)) },
  options,
})
const numbers = (modulus: bigint, exponent = 65_537n): Required<Pick<Refusal, 'spec' | 'options'>> =>
  key(rsaSpki(modulus, exponent))
const good = rsaSpki(TEST_MODULUS)
const pkcs1 = seq(integer(TEST_MODULUS), integer(65_537))
const certificate = seq(seq(integer(1)), seq(oid('1.2.3')), bitString(hex('00')))
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  format: 'pem',
  type: 'spki',
})
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey
function refusal(
  code: Refusal['code'],
  what: string,
  { spec, options: settings }: Required<Pick<Refusal, 'spec' | 'options'>>,
): Refusal {
  return { code, what, spec, options: settings }
}

/** A modulus of that many bits, odd and without small factors as far as the tests need it. */
const ofSize = (bits: number): bigint => 2n ** BigInt(bits) - 1n
const divisible = (prime: bigint): bigint => {
  const near = TEST_MODULUS - (TEST_MODULUS % prime)
  return near % 2n === 1n ? near : near + prime
}

export const RECIPIENT_REFUSALS: readonly Refusal[] = [
  { code: 'RECIPIENT_KEY_MISSING', what: 'null', options },
  { code: 'RECIPIENT_KEY_MISSING', what: 'absent', spec: { fields: withField('public_key', null) }, options },
  { code: 'RECIPIENT_KEY_MISSING', what: 'empty', ...key(new Uint8Array()) },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: 'PEM', ...key(Buffer.from(pem)) },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: 'PKCS#1', ...key(pkcs1) },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: 'a byte behind', ...key(Buffer.concat([good, hex('00')])) },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'a long length',
    ...key(Buffer.concat([hex('30 83 00'), good.subarray(2)])),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'no NULL',
    ...key(seq(seq(oid(RSA_ENCRYPTION)), bitString(pkcs1))),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'two NULLs',
    ...key(seq(seq(oid(RSA_ENCRYPTION), hex('05 00'), hex('05 00')), bitString(pkcs1))),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'a negative modulus',
    ...key(
      seq(
        seq(oid(RSA_ENCRYPTION), hex('05 00')),
        bitString(
          seq(Buffer.concat([hex('02 82 01 00'), integer(TEST_MODULUS).subarray(5)]), integer(65_537)),
        ),
      ),
    ),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'a third number',
    ...key(
      seq(
        seq(oid(RSA_ENCRYPTION), hex('05 00')),
        bitString(seq(integer(TEST_MODULUS), integer(65_537), integer(1))),
      ),
    ),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'an RSA key that is a SET',
    ...key(seq(seq(oid(RSA_ENCRYPTION), hex('05 00')), bitString(pkcs1.with(0, 0x31)))),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'unused bits',
    ...key(seq(seq(oid('1.2.3')), bitString(hex('80'), 1))),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'an algorithm of three parts',
    ...key(seq(seq(oid('1.2.3'), hex('05 00'), hex('05 00')), bitString(hex('00')))),
  },
  {
    code: 'RECIPIENT_KEY_NOT_SPKI',
    what: 'a key for another algorithm, with something behind it',
    ...key(seq(seq(oid('1.2.3')), bitString(hex('00')), seq())),
  },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: 'a certificate', ...key(certificate) },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: 'a SET', ...key(good.with(0, 0x31)) },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: '32 raw bytes', ...key(new Uint8Array(32).fill(9)) },
  { code: 'RECIPIENT_KEY_NOT_SPKI', what: 'a raw point', ...key(new Uint8Array(65).fill(4)) },
  {
    code: 'RECIPIENT_KEY_NOT_RSA',
    what: 'P-384',
    ...key(spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)),
  },
  {
    code: 'RECIPIENT_KEY_NOT_RSA',
    what: 'Ed25519',
    ...key(spkiOf(generateKeyPairSync('ed25519').publicKey)),
  },
  { code: 'RECIPIENT_KEY_NOT_RSA', what: 'RSASSA-PSS', ...key(spkiOf(pss)) },
  {
    code: 'RECIPIENT_KEY_NOT_RSA',
    what: 'RSAES-OAEP',
    ...key(seq(seq(oid('1.2.840.113549.1.1.7'), seq()), bitString(pkcs1))),
  },
  ...[1024, 2047, 2049, 2056, 3071, 4095, 7680].map((bits) =>
    refusal('RECIPIENT_KEY_SIZE_UNSUPPORTED', `${bits} bits`, numbers(ofSize(bits))),
  ),
  ...[1n, 3n, 65_535n, 65_536n, 65_538n, 65_540n, 2n ** 64n, 2n ** 64n + 1n].map((exponent) =>
    refusal('RECIPIENT_KEY_EXPONENT_UNSAFE', `e = ${exponent}`, numbers(TEST_MODULUS, exponent)),
  ),
  { code: 'RECIPIENT_KEY_MODULUS_INVALID', what: 'an even modulus', ...numbers(TEST_MODULUS - 1n) },
  ...[3n, 5n, 743n, 751n].map((prime) =>
    refusal('RECIPIENT_KEY_MODULUS_INVALID', `a factor of ${prime}`, numbers(divisible(prime))),
  ),
]
