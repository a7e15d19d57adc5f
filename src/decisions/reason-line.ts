import type { DecisionRecord } from './decision-record.ts'
import { printable } from './printable.ts'

/** How long a line is at most, in UTF-16 code units. */
const LENGTH_LIMIT = 600

/**
 * Says in one line why a request was refused, for the log: where policies refused it, the most telling reason; where the
 * attestation document did, the check. `null` where neither did.
 */
export function reasonLine({ decisions, attestation, result }: DecisionRecord): string | null {
  if (result.outcome === 'answered') return null
  const denial = decisions.find(({ outcome }) => outcome !== 'allow')
  const document =
    attestation?.verdict === 'rejected' ? `attestation document: ${attestation.message ?? ''}` : ''
  const policy = denial ? `${denial.action}: ${denial.reasons[0] ?? denial.outcome}` : ''
  const line = printable([policy, document].filter((part) => part !== '').join(' '))
  if (line === '') return null
  return line.length > LENGTH_LIMIT ? `${line.slice(0, LENGTH_LIMIT)}…` : line
}
