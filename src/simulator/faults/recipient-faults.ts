import { encodeBase64 } from '../../core/base64.ts'
import { concatBytes, parseHex, utf8 } from '../../core/bytes.ts'
import type { Alterations } from '../alterations.ts'
import { bigEndian } from '../big-endian.ts'
import { DER_TAG, der, derBitString, derObjectIdentifier, derSequence, derUnsigned } from '../der-writer.ts'
import type { IssueRequest } from '../issue-request.ts'
import type { LabPki } from '../lab-pki.ts'
import type { RsaNumbers } from '../rsa-public-key.ts'
import {
  RSA_ENCRYPTION,
  RSA_WITHOUT_PARAMETERS,
  USUAL_RSA,
  deriveModulus,
  rsaAlgorithm,
  rsaPublicKey,
  rsaPublicKeyInfo,
  usualRsaPublicKeyInfo,
  withoutSmallFactor,
} from '../rsa-public-key.ts'
import { createSigningKey } from '../signing-key.ts'
import { dropField } from './alter-fields.ts'
import type { Fault, FaultRow } from './fault.ts'
import { refusedWith } from './fault.ts'

/** How to verify where the public key decides. */
export const DEMANDED = { recipientKey: true } as const

type PublicKeyMaker = (pki: LabPki, request: IssueRequest) => Uint8Array | null

/** Another public key in the document. */
const publicKey = (make: PublicKeyMaker): Alterations => ({
  request: (request, pki) => ({ ...request, publicKey: make(pki, request) }),
})

/** The public key that was asked for, or a usual one, written in another way. */
const rewritten = (rewrite: (info: Uint8Array) => Uint8Array): Alterations =>
  publicKey((pki, { publicKey: asked }) => rewrite(asked ?? usualRsaPublicKeyInfo(pki.derive, 'recipient')))

const numbers = ({ derive }: LabPki): RsaNumbers => ({
  modulus: deriveModulus(derive, USUAL_RSA.bits, 'recipient'),
  exponent: USUAL_RSA.exponent,
})

/** A well-formed key of a size in bits. */
export const sized = (bits: number): Alterations =>
  publicKey(({ derive }) =>
    rsaPublicKeyInfo({ modulus: deriveModulus(derive, bits, 'recipient'), exponent: USUAL_RSA.exponent }),
  )

const exponent = (value: bigint): Alterations =>
  publicKey((pki) => rsaPublicKeyInfo({ ...numbers(pki), exponent: value }))

const modulus = (change: (good: bigint) => bigint): Alterations =>
  publicKey((pki) => rsaPublicKeyInfo({ ...numbers(pki), modulus: change(numbers(pki).modulus) }))

/** The RSA numbers under another algorithm (RFC 8017 appendix A.2). */
const underAlgorithm = (objectIdentifier: string): Alterations =>
  publicKey((pki) => rsaPublicKeyInfo(numbers(pki), rsaAlgorithm(objectIdentifier)))

/** The base point of Ed25519 (RFC 8032 §5.1), a valid public key. */
const ED25519_POINT = parseHex(`58${'66'.repeat(31)}`)

/** A public key whose modulus INTEGER begins with a set bit. */
const negativeModulus: PublicKeyMaker = (pki) => {
  const { modulus: value, exponent: publicExponent } = numbers(pki)
  const negative = der(DER_TAG.integer, bigEndian(value, USUAL_RSA.bits / 8))
  return derSequence(
    rsaAlgorithm(RSA_ENCRYPTION),
    derBitString(derSequence(negative, derUnsigned(bigEndian(publicExponent, 3)))),
  )
}

const demanded = (rows: readonly FaultRow[]): readonly FaultRow[] =>
  rows.map(([id, what, alter]) => [id, what, alter, DEMANDED])

/** A number near another one whose only prime factor below 752 is this one. */
const onlySmallFactor =
  (prime: bigint) =>
  (good: bigint): bigint =>
    prime * withoutSmallFactor(good / prime)

/** What is wrong with the public key, for a verifier that is to encrypt to it. */
export const RECIPIENT_FAULTS: readonly Fault[] = [
  ...refusedWith(
    'RECIPIENT_KEY_MISSING',
    demanded([
      ['recipient-key-absent', 'public_key is left out', { content: dropField('public_key') }],
      ['recipient-key-null', 'public_key is null', publicKey(() => null)],
      ['recipient-key-empty', 'public_key has no bytes', publicKey(() => new Uint8Array())],
    ]),
  ),
  ...refusedWith(
    'RECIPIENT_KEY_NOT_SPKI',
    demanded([
      [
        'recipient-key-pem',
        'the public key as PEM',
        rewritten((info) =>
          utf8(`-----BEGIN PUBLIC KEY-----\n${encodeBase64(info)}\n-----END PUBLIC KEY-----\n`),
        ),
      ],
      [
        'recipient-key-pkcs1',
        'the public key as RSAPublicKey',
        publicKey((pki) => rsaPublicKey(numbers(pki))),
      ],
      [
        'recipient-key-trailing-byte',
        'a zero byte behind the public key',
        rewritten((info) => concatBytes(info, Uint8Array.of(0))),
      ],
      [
        'recipient-key-long-length',
        'the length of the public key in three bytes where two do',
        rewritten((info) => concatBytes(parseHex('308300'), info.subarray(2))),
      ],
      [
        'recipient-key-no-null-params',
        'rsaEncryption without its NULL',
        publicKey((pki) => rsaPublicKeyInfo(numbers(pki), RSA_WITHOUT_PARAMETERS)),
      ],
      [
        'recipient-key-negative-modulus',
        'the modulus lacks its leading zero byte and so is negative',
        publicKey(negativeModulus),
      ],
      [
        'recipient-key-certificate',
        'a certificate instead of a public key',
        publicKey((pki) => pki.rootCertificate),
      ],
      ['recipient-key-raw-x25519', '32 raw bytes', publicKey(({ derive }) => derive(32, 'raw key'))],
      [
        'recipient-key-raw-ec-point',
        'a raw point of 65 bytes',
        publicKey(({ derive }) => createSigningKey(derive(56, 'key', 'recipient point'), 'P-256').point),
      ],
    ]),
  ),
  ...refusedWith(
    'RECIPIENT_KEY_NOT_RSA',
    demanded([
      [
        'recipient-key-ec-spki',
        'a P-384 key',
        publicKey(({ derive }) => createSigningKey(derive(56, 'key', 'recipient')).publicKeyInfo),
      ],
      [
        'recipient-key-ed25519-spki',
        'an Ed25519 key',
        publicKey(() =>
          derSequence(derSequence(derObjectIdentifier('1.3.101.112')), derBitString(ED25519_POINT)),
        ),
      ],
      ['recipient-key-rsa-pss', 'an RSA key for PSS only', underAlgorithm('1.2.840.113549.1.1.10')],
      ['recipient-key-rsa-oaep-oid', 'an RSA key for OAEP only', underAlgorithm('1.2.840.113549.1.1.7')],
    ]),
  ),
  ...refusedWith(
    'RECIPIENT_KEY_SIZE_UNSUPPORTED',
    demanded(
      [1024, 2047, 2056, 7680].map((bits) => [
        `recipient-key-rsa-${bits}`,
        `a modulus of ${bits} bits`,
        sized(bits),
      ]),
    ),
  ),
  ...refusedWith(
    'RECIPIENT_KEY_EXPONENT_UNSAFE',
    demanded([
      ['recipient-key-exponent-1', 'the exponent is 1', exponent(1n)],
      ['recipient-key-exponent-3', 'the exponent is 3', exponent(3n)],
      ['recipient-key-exponent-even', 'the exponent is 65536', exponent(65_536n)],
      ['recipient-key-exponent-65-bits', 'the exponent is 2^64 + 1', exponent(2n ** 64n + 1n)],
    ]),
  ),
  ...refusedWith(
    'RECIPIENT_KEY_MODULUS_INVALID',
    demanded([
      ['recipient-key-modulus-even', 'the modulus is even', modulus(onlySmallFactor(2n))],
      [
        'recipient-key-modulus-small-factor',
        'the modulus is divisible by 751',
        modulus(onlySmallFactor(751n)),
      ],
    ]),
  ),
]
