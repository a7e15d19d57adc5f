import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'
import type { PolicyKind, Statement } from './statement.ts'

/**
 * Refuses the Sids of a policy that is put: one names one statement, of letters and digits but
 * in key policies, which take other characters, such as the spaces of AWS's own default policy (IAM User Guide, IAM JSON policy
 * elements: Sid). Throws `POLICY_SID_INVALID`, `POLICY_SID_REPEATED`.
 */
export function checkSids(kind: PolicyKind, statements: readonly Statement[]): void {
  const seen = new Set<string>()
  for (const { index, sid } of statements) {
    if (sid === null) continue
    if (kind !== 'key' && !/^[A-Za-z0-9]+$/.test(sid)) {
      throw new PolicyError('POLICY_SID_INVALID', `Statement[${index}].Sid takes letters and digits of ASCII`)
    }
    if (seen.has(sid))
      throw new PolicyError('POLICY_SID_REPEATED', `two statements have the Sid ${quote(sid)}`)
    seen.add(sid)
  }
}
