import { KmsError } from './errors.ts'
import { keyKindMembers } from './key-metadata.ts'
import { grantTokens, keyId } from './members.ts'
import { defineOperation } from './operation.ts'

/** Shows the public key of an asymmetric key. */
export const GetPublicKey = defineOperation({
  name: 'GetPublicKey',
  permission: 'kms:GetPublicKey',
  input: { KeyId: keyId, GrantTokens: grantTokens },
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'DependencyTimeoutException',
    'UnsupportedOperationException',
    'InvalidArnException',
    'InvalidGrantTokenException',
    'InvalidKeyUsageException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  check(_, { key }) {
    if (key.record.keySpec !== 'SYMMETRIC_DEFAULT') return
    const text = `${key.arn} key spec is SYMMETRIC_DEFAULT which is not valid for GetPublicKey.`
    throw new KmsError('UnsupportedOperationException', text)
  },
  handle: async (_, { key, services }) => ({
    KeyId: key.arn,
    PublicKey: await services.keyRing.publicKeyOf(key.record),
    ...keyKindMembers(key.record),
  }),
})
