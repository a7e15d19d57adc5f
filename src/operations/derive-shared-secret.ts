import { oneOf } from './fields.ts'
import { dryRun, grantTokens, keyId, publicKey, recipient } from './members.ts'
import { KEY_USE_ERRORS } from './model-errors.ts'
import { KEY_AGREEMENT_ALGORITHMS } from './model.ts'
import { defineOperation } from './operation.ts'

/** Agrees on a secret with the holder of another key on the same curve (NIST SP 800-56A, no KDF), and releases it once. */
export const DeriveSharedSecret = defineOperation({
  name: 'DeriveSharedSecret',
  permission: 'kms:DeriveSharedSecret',
  input: {
    KeyId: keyId,
    KeyAgreementAlgorithm: oneOf(KEY_AGREEMENT_ALGORITHMS),
    PublicKey: publicKey,
    GrantTokens: grantTokens,
    DryRun: dryRun,
    Recipient: recipient,
  },
  errors: KEY_USE_ERRORS,
  usage: 'KEY_AGREEMENT',
  find: (input, lookup) => lookup.keyToUse(input.KeyId),
  async check(input, { key, services }) {
    // The peer's key is fit or not; a dry run has to tell.
    if (input.DryRun) (await services.keyRing.deriveSharedSecret(key.record, input.PublicKey)).wipe()
  },
  async handle(input, { key, services, release }) {
    const secret = await services.keyRing.deriveSharedSecret(key.record, input.PublicKey)
    return {
      KeyId: key.arn,
      KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
      KeyOrigin: key.record.origin,
      ...release('SharedSecret', secret),
    }
  },
})
