import type { Partition } from '../core/partition.ts'
import { EC_CURVES } from './ec-curve.ts'
import type { EcCurve } from './ec-curve.ts'

/**
 * Every key spec of the API (KMS model, KeySpec). In the order in which AWS's own constraint texts were seen to list
 * them, newer members behind.
 */
export const KEY_SPECS = [
  'RSA_2048',
  'ECC_NIST_P384',
  'ECC_NIST_P256',
  'ECC_NIST_P521',
  'HMAC_384',
  'RSA_3072',
  'ECC_SECG_P256K1',
  'RSA_4096',
  'SYMMETRIC_DEFAULT',
  'HMAC_256',
  'HMAC_224',
  'HMAC_512',
  'SM2',
  'ML_DSA_44',
  'ML_DSA_65',
  'ML_DSA_87',
  'ECC_NIST_EDWARDS25519',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
] as const
export type KeySpec = (typeof KEY_SPECS)[number]

/** Every key usage of the API (KMS model, KeyUsageType). */
export const KEY_USAGES = [
  'ENCRYPT_DECRYPT',
  'SIGN_VERIFY',
  'GENERATE_VERIFY_MAC',
  'KEY_AGREEMENT',
  'ENCAPSULATE_DECAPSULATE',
] as const
export type KeyUsage = (typeof KEY_USAGES)[number]

/** Which usages each key spec can have (AWS KMS API Reference, CreateKey, KeyUsage). */
export const USAGES_OF_SPEC: Readonly<Record<KeySpec, readonly KeyUsage[]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
  HMAC_224: ['GENERATE_VERIFY_MAC'],
  HMAC_256: ['GENERATE_VERIFY_MAC'],
  HMAC_384: ['GENERATE_VERIFY_MAC'],
  HMAC_512: ['GENERATE_VERIFY_MAC'],
  RSA_2048: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  RSA_3072: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  RSA_4096: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ECC_NIST_P256: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P384: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P521: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_SECG_P256K1: ['SIGN_VERIFY'],
  ECC_NIST_EDWARDS25519: ['SIGN_VERIFY'],
  ML_DSA_44: ['SIGN_VERIFY'],
  ML_DSA_65: ['SIGN_VERIFY'],
  ML_DSA_87: ['SIGN_VERIFY'],
  ML_KEM_512: ['ENCAPSULATE_DECAPSULATE'],
  ML_KEM_768: ['ENCAPSULATE_DECAPSULATE'],
  ML_KEM_1024: ['ENCAPSULATE_DECAPSULATE'],
  SM2: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'],
}

const CHINA_ONLY: readonly string[] = ['SM2']
const NOT_IN_CHINA: readonly string[] = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024', 'ENCAPSULATE_DECAPSULATE']

/**
 * Those of the values that AWS offers in a partition, in the same order; constraint texts list no others. SM2 exists
 * in the China Regions only, ML-KEM everywhere else (AWS KMS Developer Guide, Key spec reference).
 */
export function offeredIn<Value extends string>(
  partition: Partition,
  values: readonly Value[],
): readonly Value[] {
  const absent = partition === 'aws-cn' ? NOT_IN_CHINA : CHINA_ONLY
  return values.filter((value) => !absent.includes(value))
}

/** A kind of key that this service makes. */
export interface KeyKind {
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
  /** `EncryptionAlgorithms` of the key's metadata; empty where that member is absent. */
  readonly encryptionAlgorithms: readonly 'SYMMETRIC_DEFAULT'[]
  /** `KeyAgreementAlgorithms` of the key's metadata; empty where that member is absent. */
  readonly keyAgreementAlgorithms: readonly 'ECDH'[]
  /** The curve of the private key; `null` for a 256-bit symmetric key. */
  readonly curve: EcCurve | null
}

const KEY_KINDS: readonly KeyKind[] = [
  {
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    encryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    keyAgreementAlgorithms: [],
    curve: null,
  },
  keyAgreement('ECC_NIST_P256'),
  keyAgreement('ECC_NIST_P384'),
  keyAgreement('ECC_NIST_P521'),
]

function keyAgreement(keySpec: 'ECC_NIST_P256' | 'ECC_NIST_P384' | 'ECC_NIST_P521'): KeyKind {
  return {
    keySpec,
    keyUsage: 'KEY_AGREEMENT',
    encryptionAlgorithms: [],
    keyAgreementAlgorithms: ['ECDH'],
    curve: EC_CURVES[keySpec],
  }
}

/** The kind of key that has this spec and usage; `undefined` where this service makes none such. */
export function findKeyKind(keySpec: string, keyUsage: string): KeyKind | undefined {
  return KEY_KINDS.find((kind) => kind.keySpec === keySpec && kind.keyUsage === keyUsage)
}
