import type { Field } from './field.ts'
import {
  blob,
  flag,
  integer,
  list,
  oneOf,
  optional,
  secretBlob,
  structure,
  text,
  textMap,
  withDefault,
} from './fields.ts'
import { ENCRYPTION_ALGORITHMS, KEY_ENCRYPTION_MECHANISMS } from './model.ts'

/** `KeyIdType`. */
export const keyId = text({ min: 1, max: 2048 })

/** `AliasNameType`. */
export const aliasName = text({ min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' })

/** `CiphertextType`. */
export const ciphertext = blob({ min: 1, max: 6144 })

/** `PlaintextType`. */
export const plaintext = secretBlob({ min: 1, max: 4096 })

/** `PublicKeyType`: DER SubjectPublicKeyInfo. */
export const publicKey = blob({ min: 1, max: 8192 })

/** `CustomKeyStoreIdType`. */
export const customKeyStoreId = text({ min: 1, max: 64 })

/** `NumberOfBytesType`. */
export const numberOfBytes = integer({ min: 1, max: 1024 })

/** `EncryptionAlgorithm`, for which the symmetric algorithm is the default. */
export const encryptionAlgorithm = withDefault(oneOf(ENCRYPTION_ALGORITHMS), 'SYMMETRIC_DEFAULT')

/** `EncryptionContextType`; an absent context is an empty one. */
export const encryptionContext = withDefault(textMap, new Map<string, string>())

/** `GrantTokenList`; the tokens are kept out of error texts. */
export const grantTokens = withDefault(list(text({ min: 1, max: 8192, hidden: true }), 10), [])

/** `DryRun`. */
export const dryRun = withDefault(flag, false)

/** What `Recipient` holds: the attestation document, and how the answer is to be wrapped. */
export interface RecipientMembers {
  readonly AttestationDocument: Uint8Array
  readonly KeyEncryptionAlgorithm: (typeof KEY_ENCRYPTION_MECHANISMS)[number]
}

/** `RecipientInfo`. Both members are demanded, though the model marks them optional: half a protection is none. */
export const recipient: Field<RecipientMembers | undefined> = optional(
  structure<RecipientMembers>({
    AttestationDocument: blob({ min: 1, max: 262_144 }),
    KeyEncryptionAlgorithm: oneOf(KEY_ENCRYPTION_MECHANISMS),
  }),
)

/** A tag as requests write it. */
export interface TagMembers {
  readonly TagKey: string
  readonly TagValue: string
}

/** `TagList`. */
export const tags: Field<readonly TagMembers[]> = withDefault(
  list(structure<TagMembers>({ TagKey: text({ min: 1, max: 128 }), TagValue: text({ min: 0, max: 256 }) })),
  [],
)

/** `PolicyType`. */
export const policyText = text({ min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' })

/** `PolicyNameType`; the one policy of a key has the name `default`. */
export const policyName = withDefault(text({ min: 1, max: 128, pattern: '[\\w]+' }), 'default')

/** `MarkerType`. */
export const marker = optional(text({ min: 1, max: 1024, pattern: '[\\u0020-\\u00FF]*' }))

/** `LimitType` with the ceiling and the default of one operation. */
export function limit({ max, ifAbsent }: { readonly max: number; readonly ifAbsent: number }): Field<number> {
  return withDefault(integer({ min: 1, max }), ifAbsent)
}
