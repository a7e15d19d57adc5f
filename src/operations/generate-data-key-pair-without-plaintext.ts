import { SYMMETRIC_CONDITION_KEYS } from './data-key.ts'
import { DATA_KEY_PAIR_ERRORS, dataKeyPairInput, makeWrappedKeyPair } from './data-key-pair.ts'
import { defineOperation } from './operation.ts'

/** Makes a key pair and answers its private key wrapped under `KeyId` only. */
export const GenerateDataKeyPairWithoutPlaintext = defineOperation({
  name: 'GenerateDataKeyPairWithoutPlaintext',
  permission: 'kms:GenerateDataKeyPairWithoutPlaintext',
  input: dataKeyPairInput,
  errors: DATA_KEY_PAIR_ERRORS,
  usage: 'ENCRYPT_DECRYPT',
  conditionKeys: () => SYMMETRIC_CONDITION_KEYS,
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  async handle(input, scene) {
    const { privateKey, materialId, members } = await makeWrappedKeyPair(input, scene)
    privateKey.wipe()
    return { ...members, KeyMaterialId: materialId }
  },
})
