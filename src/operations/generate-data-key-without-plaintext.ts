import { dataKeyInput, dataKeyLength, SYMMETRIC_CONDITION_KEYS } from './data-key.ts'
import { KEY_USE_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Makes a symmetric data key and answers it wrapped under `KeyId` only. */
export const GenerateDataKeyWithoutPlaintext = defineOperation({
  name: 'GenerateDataKeyWithoutPlaintext',
  permission: 'kms:GenerateDataKeyWithoutPlaintext',
  input: dataKeyInput,
  errors: KEY_USE_ERRORS,
  usage: 'ENCRYPT_DECRYPT',
  conditionKeys: () => SYMMETRIC_CONDITION_KEYS,
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  check(input) {
    dataKeyLength(input)
  },
  async handle(input, { key, services, secretBytes }) {
    const dataKey = secretBytes(dataKeyLength(input))
    const sealed = await services.keyRing.seal(key.record, dataKey, input.EncryptionContext)
    dataKey.wipe()
    return { CiphertextBlob: sealed.ciphertext, KeyId: key.arn, KeyMaterialId: sealed.materialId }
  },
})
