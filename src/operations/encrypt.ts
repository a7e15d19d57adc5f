import { requireAlgorithm } from './encryption-algorithm.ts'
import { dryRun, encryptionAlgorithm, encryptionContext, grantTokens, keyId, plaintext } from './members.ts'
import { KEY_USE_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Encrypts up to 4096 bytes under a key. */
export const Encrypt = defineOperation({
  name: 'Encrypt',
  permission: 'kms:Encrypt',
  input: {
    KeyId: keyId,
    Plaintext: plaintext,
    EncryptionContext: encryptionContext,
    GrantTokens: grantTokens,
    EncryptionAlgorithm: encryptionAlgorithm,
    DryRun: dryRun,
  },
  errors: KEY_USE_ERRORS,
  usage: 'ENCRYPT_DECRYPT',
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  check(input, { key }) {
    requireAlgorithm(input.EncryptionAlgorithm, key.record)
  },
  async handle(input, { key, services }) {
    const { ciphertext } = await services.keyRing.seal(key.record, input.Plaintext, input.EncryptionContext)
    return { CiphertextBlob: ciphertext, KeyId: key.arn, EncryptionAlgorithm: input.EncryptionAlgorithm }
  },
})
