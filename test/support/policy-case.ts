import type { PolicyQuestion } from '../../src/policy/evaluate.ts'
import { readStoredPolicy } from '../../src/policy/document.ts'

/** An authorization case as it is written in `fixtures/policies`. */
export interface PolicyCase {
  readonly keyArn: string | null
  readonly keyPolicy: object | null
  readonly principal: PolicyQuestion['principal']
  readonly action: string
  readonly identityPolicies?: readonly object[]
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

/** Makes the question that a case asks; policies go through the parser as stored ones do. */
export function toQuestion(given: PolicyCase): PolicyQuestion {
  return {
    keyArn: given.keyArn,
    keyPolicy: given.keyPolicy && readStoredPolicy(JSON.stringify(given.keyPolicy), 'key'),
    principal: given.principal,
    action: given.action,
    identityPolicies: (given.identityPolicies ?? []).map((policy, at) => ({
      name: `policies[${at}]`,
      policy: readStoredPolicy(JSON.stringify(policy), 'identity'),
    })),
    context: new Map(Object.entries(given.context ?? {})),
  }
}
