import { requireAlgorithm } from './encryption-algorithm.ts'
import { KmsError } from './errors.ts'
import type { InputOf } from './field.ts'
import { list, oneOf, optional, withDefault } from './fields.ts'
import type { CiphertextSubject } from './key-lookup.ts'
import {
  ciphertext,
  dryRun,
  encryptionAlgorithm,
  encryptionContext,
  grantTokens,
  keyId,
  recipient,
} from './members.ts'
import { KEY_USE_ERRORS } from './model-errors.ts'
import { DRY_RUN_MODIFIERS } from './model.ts'
import { defineOperation } from './operation.ts'

const input = {
  CiphertextBlob: optional(ciphertext),
  EncryptionContext: encryptionContext,
  GrantTokens: grantTokens,
  KeyId: optional(keyId),
  EncryptionAlgorithm: encryptionAlgorithm,
  Recipient: recipient,
  DryRun: dryRun,
  DryRunModifiers: withDefault(list(oneOf(DRY_RUN_MODIFIERS)), []),
}

/** Decrypts what Encrypt and the data key operations made, and releases it once. */
export const Decrypt = defineOperation({
  name: 'Decrypt',
  permission: 'kms:Decrypt',
  input,
  errors: [...KEY_USE_ERRORS, 'InvalidCiphertextException', 'IncorrectKeyException'],
  usage: 'ENCRYPT_DECRYPT',
  find: (request, lookup): Promise<CiphertextSubject> =>
    lookup.keyOfCiphertext(ciphertextOf(request), request.KeyId),
  async check(request, { key, blob, services }) {
    requireAlgorithm(request.EncryptionAlgorithm, key.record)
    if (!request.DryRun || blob === null) return
    const { plaintext } = await services.keyRing.open(key.record, blob, request.EncryptionContext)
    plaintext.wipe()
  },
  async handle(request, { key, blob, services, release }) {
    // Nothing to decrypt is allowed in a dry run only, and a dry run has ended by now.
    if (blob === null) throw new TypeError('Decrypt was to be done without a ciphertext')
    const opened = await services.keyRing.open(key.record, blob, request.EncryptionContext)
    return {
      KeyId: key.arn,
      EncryptionAlgorithm: request.EncryptionAlgorithm,
      ...release('Plaintext', opened.plaintext, { KeyMaterialId: opened.materialId }),
    }
  },
})

/**
 * The ciphertext to work on; `null` for a dry run with `IGNORE_CIPHERTEXT`, which asks for authorization alone and has
 * to name the key (AWS KMS API Reference, Decrypt). Throws `ValidationException`.
 */
function ciphertextOf(request: InputOf<typeof input>): Uint8Array | null {
  if (request.DryRunModifiers.length > 0) {
    if (!request.DryRun) throw invalid('DryRunModifiers can be given only when DryRun is true.')
    if (request.KeyId === undefined) throw invalid('KeyId is required with IGNORE_CIPHERTEXT.')
    return null
  }
  if (request.CiphertextBlob === undefined) throw invalid('CiphertextBlob is required.')
  return request.CiphertextBlob
}

function invalid(text: string): KmsError {
  return new KmsError('ValidationException', text)
}
