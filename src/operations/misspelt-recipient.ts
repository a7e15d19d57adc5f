import { isJsonObject, type JsonObject } from '../core/json.ts'
import { refuseOtherCasing } from './other-casing.ts'

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
