import { changeKey } from './change-key.ts'
import { keyId } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Makes a disabled key usable again. Enabling an enabled key is no error. */
export const EnableKey = defineOperation({
  name: 'EnableKey',
  permission: 'kms:EnableKey',
  input: { KeyId: keyId },
  errors: [...KEY_MANAGEMENT_ERRORS, 'LimitExceededException'],
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  async handle(_, scene) {
    await changeKey('EnableKey', scene, (record) => ({ ...record, keyState: 'Enabled' }))
    return null
  },
})
