import type { Secret } from '../core/secret.ts'
import type { AnswerBody } from './answer-body.ts'
import type { InputOf } from './field.ts'
import { oneOf } from './fields.ts'
import { dryRun, encryptionContext, grantTokens, keyId } from './members.ts'
import { KEY_USE_ERRORS } from './model-errors.ts'
import { DATA_KEY_PAIR_SPECS } from '../keys/data-key-pair.ts'
import type { Scene } from './operation.ts'
import type { KeySubject } from './subject.ts'

/** What GenerateDataKeyPair and its twin without plaintext have in common. */
export const dataKeyPairInput = {
  KeyId: keyId,
  KeyPairSpec: oneOf(DATA_KEY_PAIR_SPECS),
  EncryptionContext: encryptionContext,
  GrantTokens: grantTokens,
  DryRun: dryRun,
}

/** The exceptions of both, as the model lists them. */
export const DATA_KEY_PAIR_ERRORS = [...KEY_USE_ERRORS, 'UnsupportedOperationException'] as const

/** A pair whose private key is wrapped, and the members that both operations answer. */
interface WrappedKeyPair {
  /** DER PKCS#8 (RFC 5958). */
  readonly privateKey: Secret
  readonly materialId: string
  readonly members: AnswerBody
}

/** Makes a key pair and wraps its private key under the key of the request. */
export async function makeWrappedKeyPair(
  input: InputOf<typeof dataKeyPairInput>,
  { key, services }: Scene & KeySubject,
): Promise<WrappedKeyPair> {
  const pair = await services.keyPairs.take(input.KeyPairSpec)
  const sealed = await services.keyRing.seal(key.record, pair.privateKey, input.EncryptionContext)
  const members = {
    PrivateKeyCiphertextBlob: sealed.ciphertext,
    PublicKey: pair.publicKey,
    KeyId: key.arn,
    KeyPairSpec: input.KeyPairSpec,
  }
  return { privateKey: pair.privateKey, materialId: sealed.materialId, members }
}
