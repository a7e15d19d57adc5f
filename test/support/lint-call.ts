import type { JsonObject } from '../../src/core/json.ts'
import type { ProvenCall } from '../../src/lint/finding.ts'
import { recognizeKind } from '../../src/lint/lint-policy.ts'
import { readCase } from '../../src/policy/case.ts'
import { evaluate } from '../../src/policy/evaluate.ts'

/** What the evaluator decides about a call of a finding, with the policy put in where the finding leaves it out. */
export function decideCall({ case: call }: ProvenCall, policy: JsonObject): string {
  const isKey = recognizeKind(JSON.stringify(policy)) === 'key'
  const given = isKey
    ? { keyPolicy: policy, ...call }
    : { ...call, identityPolicies: [...call.identityPolicies, policy] }
  return evaluate(readCase(JSON.stringify(given))).outcome
}
