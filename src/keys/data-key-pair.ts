import { createPrivateKey, createPublicKey, generateKeyPair, generateKeyPairSync } from 'node:crypto'
import { promisify } from 'node:util'
import { concatBytes, parseHex } from '../core/bytes.ts'
import { plainBytes } from '../core/plain-bytes.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { KeysError } from './errors.ts'

/** Every data key pair spec of the API (KMS model, DataKeyPairSpec). */
export const DATA_KEY_PAIR_SPECS = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'SM2',
  'ECC_NIST_EDWARDS25519',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
] as const
export type DataKeyPairSpec = (typeof DATA_KEY_PAIR_SPECS)[number]

/** The specs whose generation takes tens of milliseconds and more, so that a stock of them pays. */
export const RSA_SPECS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const satisfies readonly DataKeyPairSpec[]
export type RsaSpec = (typeof RSA_SPECS)[number]

/** A key pair that leaves the service. */
export interface DataKeyPair {
  /** DER PKCS#8 (RFC 5958). Of an EC key with the public key inside (RFC 5915), of an ML-KEM key in the form of its seed. */
  readonly privateKey: Secret
  /** DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
  readonly publicKey: Uint8Array
}

const DER = {
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
} as const

/** The public exponent of RSA keys, F4 (FIPS 186-5 §A.1.1: odd, over 2^16). */
const RSA_EXPONENT = 65_537

/**
 * What stands before the 64 bytes of the seed in the PKCS#8 form of an ML-KEM private key: version 0, the OID of the
 * parameter set (2.16.840.1.101.3.4.4.1, .2, .3), and the seed under tag [0] (RFC 9935 §6).
 */
const ML_KEM_PREFIX = {
  ML_KEM_512: parseHex('3054020100300b060960864801650304040104428040'),
  ML_KEM_768: parseHex('3054020100300b060960864801650304040204428040'),
  ML_KEM_1024: parseHex('3054020100300b060960864801650304040304428040'),
}
/** Length of the seed d || z of ML-KEM (FIPS 203 §7.1). */
const ML_KEM_SEED_LENGTH = 64

const generateKeyPairInPool = promisify(generateKeyPair)

type Generator = (random: Random) => DataKeyPair | Promise<DataKeyPair>

/** RSA pairs are made in the thread pool; the others take a millisecond at most and are made at once. */
const GENERATORS: Readonly<Record<DataKeyPairSpec, Generator>> = {
  RSA_2048: () => generateRsa(2048),
  RSA_3072: () => generateRsa(3072),
  RSA_4096: () => generateRsa(4096),
  ECC_NIST_P256: () => generateEc('prime256v1'),
  ECC_NIST_P384: () => generateEc('secp384r1'),
  ECC_NIST_P521: () => generateEc('secp521r1'),
  ECC_SECG_P256K1: () => generateEc('secp256k1'),
  SM2: () => unavailable(),
  ECC_NIST_EDWARDS25519: () => toPair(generateKeyPairSync('ed25519', DER)),
  ML_KEM_512: (random) => generateMlKem(ML_KEM_PREFIX.ML_KEM_512, random),
  ML_KEM_768: (random) => generateMlKem(ML_KEM_PREFIX.ML_KEM_768, random),
  ML_KEM_1024: (random) => generateMlKem(ML_KEM_PREFIX.ML_KEM_1024, random),
}

/**
 * Makes a data key pair. Rejects with `KeysError` `KEY_PAIR_SPEC_UNAVAILABLE` for SM2, and for ML-KEM where the
 * runtime has none.
 */
export async function generateDataKeyPair(spec: DataKeyPairSpec, random: Random): Promise<DataKeyPair> {
  return GENERATORS[spec](random)
}

async function generateRsa(modulusLength: number): Promise<DataKeyPair> {
  return toPair(await generateKeyPairInPool('rsa', { modulusLength, publicExponent: RSA_EXPONENT, ...DER }))
}

function generateEc(namedCurve: string): DataKeyPair {
  return toPair(generateKeyPairSync('ec', { namedCurve, ...DER }))
}

/** From a seed of our own, since not every runtime exports a private key in the form of its seed. */
function generateMlKem(prefix: Uint8Array, random: Random): DataKeyPair {
  const privateKey = concatBytes(prefix, random.bytes(ML_KEM_SEED_LENGTH))
  return { privateKey: new Secret(privateKey), publicKey: mlKemPublicKey(privateKey) }
}

function mlKemPublicKey(privateKey: Uint8Array): Uint8Array {
  try {
    const der = Buffer.from(privateKey.buffer, privateKey.byteOffset, privateKey.length)
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    return plainBytes(createPublicKey(key).export({ type: 'spki', format: 'der' }))
  } catch (cause) {
    return unavailable(cause)
  }
}

function unavailable(cause?: unknown): never {
  throw new KeysError('KEY_PAIR_SPEC_UNAVAILABLE', 'Key pairs of this spec are not available.', { cause })
}

function toPair(pair: { readonly privateKey: Buffer; readonly publicKey: Buffer }): DataKeyPair {
  return { privateKey: new Secret(plainBytes(pair.privateKey)), publicKey: plainBytes(pair.publicKey) }
}
