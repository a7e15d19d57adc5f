import { SYMMETRIC_CONDITION_KEYS } from './data-key.ts'
import { DATA_KEY_PAIR_ERRORS, dataKeyPairInput, makeWrappedKeyPair } from './data-key-pair.ts'
import { recipient } from './members.ts'
import { defineOperation } from './operation.ts'

/** Makes a key pair, wraps its private key under `KeyId`, and releases the private key once. */
export const GenerateDataKeyPair = defineOperation({
  name: 'GenerateDataKeyPair',
  permission: 'kms:GenerateDataKeyPair',
  input: { ...dataKeyPairInput, Recipient: recipient },
  errors: DATA_KEY_PAIR_ERRORS,
  usage: 'ENCRYPT_DECRYPT',
  conditionKeys: () => SYMMETRIC_CONDITION_KEYS,
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  async handle(input, scene) {
    const { privateKey, materialId, members } = await makeWrappedKeyPair(input, scene)
    return { ...members, ...scene.release('PrivateKeyPlaintext', privateKey, { KeyMaterialId: materialId }) }
  },
})
