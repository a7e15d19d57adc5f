import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import { equalBytes, toHex } from '../core/bytes.ts'
import { OID_RSA_ENCRYPTION } from './constants.ts'
import {
  DER_BIT_STRING,
  DER_INTEGER,
  DER_OBJECT_IDENTIFIER,
  DER_SEQUENCE,
  derContent,
  parseDer,
} from './der.ts'
import { takeFields } from './der-fields.ts'
import { AttestationError } from './errors.ts'
import { SMALL_PRIMES } from './small-primes.ts'
import type { VerifiedAttestation } from './verified-attestation.ts'

/** Sizes of the modulus in bits. AWS names 2048; the longer ones are a decision of this project. */
const MODULUS_BITS = [2048, 3072, 4096] as const

/** An attested RSA key that answers can be encrypted to. */
export interface RecipientKey {
  /** DER of the SubjectPublicKeyInfo, as it stands in the document. */
  readonly spki: Uint8Array
  readonly publicKey: KeyObject
  readonly modulusBits: (typeof MODULUS_BITS)[number]
}

interface RsaNumbers {
  readonly modulus: bigint
  readonly exponent: bigint
}

/**
 * Takes the key out of an attested document. The key is the attested program's own, so these checks keep it from its own
 * mistakes, and the service from odd input. Throws `AttestationError` with the `RECIPIENT_…` codes.
 */
export function parseRecipientKey({ publicKey }: VerifiedAttestation): RecipientKey {
  return readRecipientKey(publicKey)
}

/**
 * Why an answer could not be encrypted to a public key, were the document that it stands in to be verified; `null` where
 * it could. Hands out no key, since nobody vouches for this one.
 */
export function findRecipientKeyFault(publicKey: Uint8Array | null): AttestationError | null {
  try {
    readRecipientKey(publicKey)
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error
    throw error
  }
}

function readRecipientKey(spki: Uint8Array | null): RecipientKey {
  if (spki === null || spki.length === 0) {
    throw new AttestationError('RECIPIENT_KEY_MISSING', 'the document has no public key')
  }
  const { rsa, publicKey } = readSpki(spki)
  if (rsa === null || publicKey === null) {
    throw new AttestationError('RECIPIENT_KEY_NOT_RSA', 'the public key is not for rsaEncryption')
  }
  const bits = rsa.modulus.toString(2).length
  const modulusBits = MODULUS_BITS.find((size) => size === bits)
  if (modulusBits === undefined) {
    throw new AttestationError('RECIPIENT_KEY_SIZE_UNSUPPORTED', `the RSA modulus has ${bits} bits`)
  }
  checkExponent(rsa.exponent)
  checkModulus(rsa.modulus)
  return { spki, publicKey, modulusBits }
}

/**
 * FIPS 186-5 §A.1.1 with a bound of 2^64: with e = 1 the ciphertext would be the padded plaintext, an even e has no
 * inverse, and a huge one is a cost attack that OpenSSL refuses at some sizes.
 */
function checkExponent(exponent: bigint): void {
  if (exponent % 2n === 0n || exponent < 65_537n || exponent >= 2n ** 64n) {
    throw new AttestationError(
      'RECIPIENT_KEY_EXPONENT_UNSAFE',
      'the RSA exponent is even, below 65537 or over 64 bits',
    )
  }
}

/** SP 800-89 §5.3.3: partial validation of the modulus; it is odd and has no small factor. */
function checkModulus(modulus: bigint): void {
  if (SMALL_PRIMES.some((prime) => modulus % prime === 0n)) {
    throw new AttestationError('RECIPIENT_KEY_MODULUS_INVALID', 'the RSA modulus has a factor below 752')
  }
}

interface ReadSpki {
  /** Both `null` where the key is for another algorithm. */
  readonly rsa: RsaNumbers | null
  readonly publicKey: KeyObject | null
}

/**
 * Exactly one DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). `createPublicKey` takes trailing bytes and longer forms too,
 * so the bytes are walked here and compared with a fresh encoding: the answer names the key by the hash of its bytes.
 */
function readSpki(spki: Uint8Array): ReadSpki {
  try {
    const rsa = readRsaNumbers(spki)
    if (rsa === null) return { rsa, publicKey: null }
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    const fresh = publicKey.export({ format: 'der', type: 'spki' })
    if (!equalBytes(fresh, spki)) throw new SyntaxError('a fresh encoding of the key differs')
    return { rsa, publicKey }
  } catch (cause) {
    throw new AttestationError(
      'RECIPIENT_KEY_NOT_SPKI',
      'the public key is not exactly one DER SubjectPublicKeyInfo',
      { cause },
    )
  }
}

/** `null` where the algorithm is not rsaEncryption. Throws `SyntaxError` for bytes of another structure. */
function readRsaNumbers(spki: Uint8Array): RsaNumbers | null {
  const element = parseDer(spki)
  if (element.tag !== DER_SEQUENCE) throw new SyntaxError('the key is no SEQUENCE')
  const fields = takeFields(element)
  const algorithm = takeFields(fields.take(DER_SEQUENCE, 'the algorithm'))
  const bits = derContent(fields.take(DER_BIT_STRING, 'the key'))
  fields.end()
  const oid = toHex(derContent(algorithm.take(DER_OBJECT_IDENTIFIER, 'the algorithm')))
  if (bits[0] !== 0) throw new SyntaxError('the key is no whole number of octets')
  if (oid !== OID_RSA_ENCRYPTION) {
    algorithm.takeAny()
    algorithm.end()
    return null
  }
  // RFC 3279 §2.3.1: parameters are NULL.
  algorithm.take(0x05, 'NULL')
  algorithm.end()
  return readRsaPublicKey(bits.subarray(1))
}

/** RSAPublicKey (RFC 8017 appendix A.1.1). */
function readRsaPublicKey(bytes: Uint8Array): RsaNumbers {
  const element = parseDer(bytes)
  if (element.tag !== DER_SEQUENCE) throw new SyntaxError('the RSA key is no SEQUENCE')
  const fields = takeFields(element)
  const [modulus, exponent] = [
    fields.take(DER_INTEGER, 'the modulus'),
    fields.take(DER_INTEGER, 'the exponent'),
  ]
  fields.end()
  return { modulus: toPositive(derContent(modulus)), exponent: toPositive(derContent(exponent)) }
}

function toPositive(content: Uint8Array): bigint {
  if ((content[0] ?? 0) >= 0x80) throw new SyntaxError('a number of the RSA key is negative')
  return BigInt(`0x${toHex(content)}`)
}
