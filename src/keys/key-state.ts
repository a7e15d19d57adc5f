import { toKeyArn } from '../core/arn.ts'
import type { KeyRecord } from '../store/key-store.ts'
import { KeysError } from './errors.ts'

/** The states of a key (KMS model, KeyState). */
export const KEY_STATES = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
  'Creating',
  'Updating',
] as const
type KeyState = (typeof KEY_STATES)[number]

/** Why a key in its state does not permit an operation: the exception, and the text that AWS gives it. */
export interface KeyStateRefusal {
  readonly error: 'DisabledException' | 'KMSInvalidStateException'
  readonly text: string
}

type Cell =
  | 'ok'
  | 'disabled'
  | 'pending deletion'
  | 'not pending deletion'
  | 'pending import'
  | 'unavailable'
  | 'creating'
  | 'updating'
type Row = Readonly<Record<KeyState, Cell>>

const ANY_STATE: Row = {
  Enabled: 'ok',
  Disabled: 'ok',
  PendingDeletion: 'ok',
  PendingReplicaDeletion: 'ok',
  PendingImport: 'ok',
  Unavailable: 'ok',
  Creating: 'ok',
  Updating: 'ok',
}
const UNLESS_DELETED: Row = {
  ...ANY_STATE,
  PendingDeletion: 'pending deletion',
  PendingReplicaDeletion: 'pending deletion',
}
/**
 * Where AWS's table leaves a state open because the kind of key cannot have it, it is refused here. For a key of a
 * custom key store that cannot be reached, the table gives GenerateDataKeyPair an UnsupportedOperationException:
 * that is about the origin of the key, not about its state.
 */
const CRYPTOGRAPHIC: Row = {
  ...UNLESS_DELETED,
  Disabled: 'disabled',
  PendingImport: 'pending import',
  Unavailable: 'unavailable',
  Creating: 'creating',
}
const ENABLING: Row = {
  ...UNLESS_DELETED,
  PendingImport: 'pending import',
  Creating: 'creating',
  Updating: 'updating',
}

/** AWS KMS Developer Guide, Key states of AWS KMS keys, for the operations that work on a key here. */
const TABLE: ReadonlyMap<string, Row> = new Map([
  [
    'CancelKeyDeletion',
    {
      Enabled: 'not pending deletion',
      Disabled: 'not pending deletion',
      PendingDeletion: 'ok',
      PendingReplicaDeletion: 'ok',
      PendingImport: 'not pending deletion',
      Unavailable: 'not pending deletion',
      Creating: 'not pending deletion',
      Updating: 'not pending deletion',
    },
  ],
  ['CreateAlias', UNLESS_DELETED],
  ['CreateGrant', { ...CRYPTOGRAPHIC, Unavailable: 'ok' }],
  ['Decrypt', CRYPTOGRAPHIC],
  ['DeleteAlias', ANY_STATE],
  ['DeriveSharedSecret', CRYPTOGRAPHIC],
  ['DescribeKey', ANY_STATE],
  ['DisableKey', ENABLING],
  ['EnableKey', ENABLING],
  ['Encrypt', CRYPTOGRAPHIC],
  ['GenerateDataKey', CRYPTOGRAPHIC],
  ['GenerateDataKeyPair', CRYPTOGRAPHIC],
  ['GenerateDataKeyPairWithoutPlaintext', CRYPTOGRAPHIC],
  ['GenerateDataKeyWithoutPlaintext', CRYPTOGRAPHIC],
  ['GetKeyPolicy', ANY_STATE],
  ['GetPublicKey', { ...UNLESS_DELETED, Unavailable: 'unavailable', Creating: 'creating' }],
  ['ListAliases', ANY_STATE],
  ['ListGrants', ANY_STATE],
  ['ListKeyPolicies', ANY_STATE],
  ['PutKeyPolicy', ANY_STATE],
  ['RetireGrant', ANY_STATE],
  ['RevokeGrant', ANY_STATE],
  ['ScheduleKeyDeletion', { ...UNLESS_DELETED, Updating: 'updating' }],
  // Of the key that the alias shall point to.
  ['UpdateAlias', UNLESS_DELETED],
])

/**
 * Whether a key's state permits an operation: `null`, or the refusal. `operation` is a name of the API.
 * Throws `KeysError` `KEY_STATE_UNKNOWN` for a key whose state is none of the API's, and `TypeError` for an
 * operation that the table does not know: neither is ever taken for consent.
 */
export function checkKeyState(
  operation: string,
  key: Pick<KeyRecord, 'region' | 'accountId' | 'keyId' | 'keyState'>,
): KeyStateRefusal | null {
  const row = TABLE.get(operation)
  if (!row) throw new TypeError(`no row for ${operation} in the table of key states`)
  const state = KEY_STATES.find((known) => known === key.keyState)
  if (!state) throw new KeysError('KEY_STATE_UNKNOWN', 'the state of the key is not known')
  const cell = row[state]
  if (cell === 'ok') return null
  return {
    error: cell === 'disabled' ? 'DisabledException' : 'KMSInvalidStateException',
    text: `${toKeyArn(key, key.keyId)} is ${state === 'PendingReplicaDeletion' ? 'pending replica deletion' : cell}.`,
  }
}
