import { changeKey } from './change-key.ts'
import { keyId } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Makes a key unusable until it is enabled. Disabling a disabled key is no error. */
export const DisableKey = defineOperation({
  name: 'DisableKey',
  permission: 'kms:DisableKey',
  input: { KeyId: keyId },
  errors: KEY_MANAGEMENT_ERRORS,
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  async handle(_, scene) {
    await changeKey('DisableKey', scene, (record) => ({ ...record, keyState: 'Disabled' }))
    return null
  },
})
