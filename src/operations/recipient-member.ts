import type { Call } from './call.ts'
import type { RecipientMembers } from './members.ts'
import type { Operation } from './operation.ts'

/**
 * `Recipient` as it was read; `undefined` where the operation has no such member or the request does not use it.
 * Throws `TypeError` where what was read is not what the request says, so that no slip of ours is taken for a request
 * without one.
 */
export function recipientOf(
  { input: fields }: Operation,
  { input: raw }: Call,
  input: Readonly<Record<string, unknown>>,
): RecipientMembers | undefined {
  if (!Object.hasOwn(fields, 'Recipient')) return undefined
  const { Recipient: recipient } = input
  const asked = (raw['Recipient'] ?? null) !== null
  if (!asked && recipient === undefined) return undefined
  if (asked && isRecipient(recipient)) return recipient
  throw new TypeError('Recipient was not read as it was given')
}

function isRecipient(value: unknown): value is RecipientMembers {
  return (
    typeof value === 'object' &&
    value !== null &&
    'AttestationDocument' in value &&
    value.AttestationDocument instanceof Uint8Array
  )
}
