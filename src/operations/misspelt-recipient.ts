import { isJsonObject, type JsonObject } from '../core/json.ts'
import { KmsError } from './errors.ts'

const RECIPIENT_MEMBERS = ['AttestationDocument', 'KeyEncryptionAlgorithm']

/**
 * Refuses `recipient`, `RECIPIENT` and the like, at the top of the input and inside `Recipient`. Unknown members are
 * ignored otherwise; ignoring this one would answer in plaintext where the caller asked for an envelope.
 * Throws `ValidationException`.
 */
export function refuseMisspeltRecipient(input: JsonObject): void {
  refuseOtherCasing(input, ['Recipient'])
  const recipient = input['Recipient']
  if (isJsonObject(recipient)) refuseOtherCasing(recipient, RECIPIENT_MEMBERS)
}

function refuseOtherCasing(structure: JsonObject, names: readonly string[]): void {
  for (const member of Object.keys(structure)) {
    const meant = names.find((name) => name.toLowerCase() === member.toLowerCase())
    if (meant !== undefined && meant !== member) {
      const text = `The request has a member that is spelt like ${meant} in another case; the member is named ${meant}.`
      throw new KmsError('ValidationException', text)
    }
  }
}
