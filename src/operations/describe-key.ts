import { toKeyMetadata } from './key-metadata.ts'
import { grantTokens, keyId } from './members.ts'
import { defineOperation } from './operation.ts'

/** Shows the metadata of a key, in any state. */
export const DescribeKey = defineOperation({
  name: 'DescribeKey',
  permission: 'kms:DescribeKey',
  input: { KeyId: keyId, GrantTokens: grantTokens },
  errors: ['NotFoundException', 'InvalidArnException', 'DependencyTimeoutException', 'KMSInternalException'],
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  handle: async (_, { key }) => ({ KeyMetadata: toKeyMetadata(key.record) }),
})
