import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import { sealForRecipient } from '../recipient/enveloped-data.ts'
import type { AnswerBody } from './answer-body.ts'
import type { UsableRecipient } from './recipient-verdict.ts'

/** The members of answers that plaintext stands in. */
type PlaintextMember = 'Plaintext' | 'PrivateKeyPlaintext' | 'SharedSecret'

/**
 * Lets a plaintext out: in the named member where the request has no `Recipient`, and else encrypted to the attested
 * key in `CiphertextForRecipient`. The handler cannot choose. Members of `openOnly` stand in answers in the open only:
 * AWS leaves `KeyMaterialId` out of attested ones (AWS KMS API Reference, Decrypt). To be called once with a secret:
 * an enveloped one is wiped.
 */
export type Release = (member: PlaintextMember, plaintext: Secret, openOnly?: AnswerBody) => AnswerBody

/** Makes the door for one request. There is no door for a rejected document. */
export function createRelease(recipient: UsableRecipient, random: Random): Release {
  return (member, plaintext, openOnly = {}) => {
    if (recipient.verdict === 'absent') return { [member]: plaintext.reveal(), ...openOnly }
    const envelope = sealForRecipient(recipient.recipientKey, plaintext, random)
    plaintext.wipe()
    return { CiphertextForRecipient: envelope }
  }
}
