import { refuseCustomKeyStore } from './custom-key-store.ts'
import { KmsError } from './errors.ts'
import { optional } from './fields.ts'
import { customKeyStoreId, numberOfBytes, recipient } from './members.ts'
import { defineOperation } from './operation.ts'
import { ACCOUNT } from './subject.ts'

/** Makes random bytes. There is no key: identity policies decide alone. */
export const GenerateRandom = defineOperation({
  name: 'GenerateRandom',
  permission: 'kms:GenerateRandom',
  input: {
    NumberOfBytes: optional(numberOfBytes),
    CustomKeyStoreId: optional(customKeyStoreId),
    Recipient: recipient,
  },
  errors: ['DependencyTimeoutException', 'KMSInternalException', 'UnsupportedOperationException'],
  find: async () => ACCOUNT,
  check({ NumberOfBytes, CustomKeyStoreId }) {
    sizeOf(NumberOfBytes)
    refuseCustomKeyStore(CustomKeyStoreId)
  },
  handle: async ({ NumberOfBytes }, { release, secretBytes }) =>
    release('Plaintext', secretBytes(sizeOf(NumberOfBytes))),
})

/** Optional in the model, yet required by the service, with a text of its own. */
function sizeOf(requested: number | undefined): number {
  if (requested === undefined) throw new KmsError('ValidationException', 'NumberOfBytes is required.')
  return requested
}
