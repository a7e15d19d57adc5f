import { findKeyKind, type KeyKind, type KeySpec, type KeyUsage, USAGES_OF_SPEC } from '../keys/key-spec.ts'
import { refuseCustomKeyStore } from './custom-key-store.ts'
import { KmsError } from './errors.ts'

/** The members of CreateKey that say what kind of key is wanted. */
export interface KeyKindMembers {
  readonly KeySpec: KeySpec | undefined
  readonly CustomerMasterKeySpec: KeySpec | undefined
  readonly KeyUsage: KeyUsage | undefined
  readonly Origin: string
  readonly CustomKeyStoreId: string | undefined
  readonly XksKeyId: string | undefined
  readonly MultiRegion: boolean
}

/** Spec and usage that a request means, defaults filled in (AWS KMS API Reference, CreateKey). */
export function requestedKind(
  members: Pick<KeyKindMembers, 'KeySpec' | 'CustomerMasterKeySpec' | 'KeyUsage'>,
): {
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
} {
  const keySpec = members.KeySpec ?? members.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  return { keySpec, keyUsage: members.KeyUsage ?? 'ENCRYPT_DECRYPT' }
}

/**
 * The kind of key that a request asks for. Throws `ValidationException` where its members contradict each other, and
 * `UnsupportedOperationException` for a kind that AWS has and this service does not make yet.
 */
export function newKeyKind(members: KeyKindMembers): KeyKind {
  if (members.KeySpec !== undefined && members.CustomerMasterKeySpec !== undefined) {
    throw invalid(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    )
  }
  const { keySpec, keyUsage } = requestedKind(members)
  if (members.KeyUsage === undefined && keySpec !== 'SYMMETRIC_DEFAULT') {
    throw invalid('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.')
  }
  if (!USAGES_OF_SPEC[keySpec].includes(keyUsage)) {
    throw invalid(`KeyUsage ${keyUsage} is not compatible with KeySpec ${keySpec}`)
  }
  refuseOtherOrigins(members)
  const kind = findKeyKind(keySpec, keyUsage)
  if (kind) return kind
  throw unsupported(`A key with KeySpec ${keySpec} and KeyUsage ${keyUsage} is`)
}

function refuseOtherOrigins({ Origin, CustomKeyStoreId, XksKeyId, MultiRegion }: KeyKindMembers): void {
  if (Origin !== 'AWS_KMS') throw unsupported(`A key with Origin ${Origin} is`)
  refuseCustomKeyStore(CustomKeyStoreId, XksKeyId)
  if (MultiRegion) throw unsupported('Multi-Region keys are')
}

function invalid(text: string): KmsError {
  return new KmsError('ValidationException', text)
}

function unsupported(what: string): KmsError {
  return new KmsError('UnsupportedOperationException', `${what} not supported by this service yet.`)
}
