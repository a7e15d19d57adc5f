import { ATTESTED_COMMANDS } from './attested-operations.ts'
import type { Attester } from './attester.ts'
import { openAnswer } from './open-answer.ts'
import type { Members } from './open-answer.ts'
import { requireProtectedEndpoint } from './protected-endpoint.ts'
import { generateRecipientKeyPair } from './recipient-key-pair.ts'
import type { RecipientKeyPair } from './recipient-key-pair.ts'
import type { SdkHandler, SdkMiddleware, SdkPlugin } from './sdk-types.ts'

/** What the plug-in works with. */
export interface AttestedKmsPluginOptions {
  readonly attester: Attester
  /**
   * The key pair for all calls, or a function that gives one for each call. Left out, an RSA-2048 pair is made at the
   * first call and kept. With a pair of its own, a call can also tell the answer of another call from its own.
   */
  readonly keyPair?: RecipientKeyPair | (() => Promise<RecipientKeyPair>)
}

/**
 * A plug-in for a KMS client of the AWS SDK for JavaScript v3: `client.middlewareStack.use(attestedKmsPlugin({…}))`.
 *
 * Decrypt, GenerateDataKey, GenerateDataKeyPair, GenerateRandom and DeriveSharedSecret are sent with `Recipient` and a
 * fresh document, and their answers opened, so that the program finds its secret where it is without attestation
 * (`Plaintext`, `PrivateKeyPlaintext`, `SharedSecret`), beside `CiphertextForRecipient`. Calls in which the program
 * sets `Recipient` itself, and all other operations, pass untouched.
 *
 * No request of the client leaves over `http:` except to loopback. An answer that brings the secret unprotected, or
 * not the one that was asked for, is thrown away with an `EnclaveError`, as `openAnswer` tells.
 */
export function attestedKmsPlugin(options: AttestedKmsPluginOptions): SdkPlugin {
  const nextKeyPair = toKeyPairSource(options.keyPair)
  return {
    applyToStack(stack) {
      // Outermost, so that what logs or records answers inside the SDK sees the envelope only.
      stack.add(attestCalls(options.attester, nextKeyPair), {
        name: 'attestedKmsRecipient',
        step: 'initialize',
        priority: 'high',
      })
      // Innermost, where nothing changes the request any more.
      stack.add(protectRequests, { name: 'attestedKmsEndpoint', step: 'deserialize', priority: 'low' })
    },
  }
}

function attestCalls(attester: Attester, nextKeyPair: () => Promise<RecipientKeyPair>): SdkMiddleware {
  return (next, context) => async (call) => {
    const operation = ATTESTED_COMMANDS.get(context.commandName ?? '')
    // Objects of the SDK whose members are looked up by name; the types of single commands do not matter here.
    const input = call.input as Members
    const ownRecipient = input['Recipient'] !== undefined && input['Recipient'] !== null
    if (operation === undefined || ownRecipient) return next(call)
    const { spki, privateKey } = await nextKeyPair()
    const AttestationDocument = await attester.attest({ publicKey: spki })
    const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument }
    const result = await next({ ...call, input: { ...input, Recipient } })
    const output = (result.output ?? {}) as Members
    return { ...result, output: openAnswer({ operation, input, privateKey }, output) }
  }
}

function protectRequests(next: SdkHandler): SdkHandler {
  return async (call) => {
    const { protocol, hostname } = (call.request ?? {}) as Members
    requireProtectedEndpoint(`${String(protocol)}//${String(hostname)}`)
    return next(call)
  }
}

function toKeyPairSource(keyPair: AttestedKmsPluginOptions['keyPair']): () => Promise<RecipientKeyPair> {
  if (typeof keyPair === 'function') return keyPair
  let kept = keyPair && Promise.resolve(keyPair)
  return () => (kept ??= generateRecipientKeyPair())
}
