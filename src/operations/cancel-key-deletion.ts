import { changeKey } from './change-key.ts'
import { keyId } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Takes a key out of pending deletion; it comes back disabled. */
export const CancelKeyDeletion = defineOperation({
  name: 'CancelKeyDeletion',
  permission: 'kms:CancelKeyDeletion',
  input: { KeyId: keyId },
  errors: KEY_MANAGEMENT_ERRORS,
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  async handle(_, scene) {
    await changeKey('CancelKeyDeletion', scene, (record) => ({
      ...record,
      keyState: 'Disabled',
      deletionDate: null,
    }))
    return { KeyId: scene.key.arn }
  },
})
