import { dataKeyInput, dataKeyLength, SYMMETRIC_CONDITION_KEYS } from './data-key.ts'
import { recipient } from './members.ts'
import { KEY_USE_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Makes a symmetric data key, wraps it under `KeyId`, and releases it once. */
export const GenerateDataKey = defineOperation({
  name: 'GenerateDataKey',
  permission: 'kms:GenerateDataKey',
  input: { ...dataKeyInput, Recipient: recipient },
  errors: KEY_USE_ERRORS,
  usage: 'ENCRYPT_DECRYPT',
  conditionKeys: () => SYMMETRIC_CONDITION_KEYS,
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  check(input) {
    dataKeyLength(input)
  },
  async handle(input, { key, services, secretBytes, release }) {
    const dataKey = secretBytes(dataKeyLength(input))
    const sealed = await services.keyRing.seal(key.record, dataKey, input.EncryptionContext)
    return {
      CiphertextBlob: sealed.ciphertext,
      KeyId: key.arn,
      ...release('Plaintext', dataKey, { KeyMaterialId: sealed.materialId }),
    }
  },
})
