import { readCase } from '../../src/policy/case.ts'
import type { PolicyQuestion } from '../../src/policy/evaluate.ts'

/** An authorization case as it is written in `fixtures/policies`. */
export interface PolicyCase {
  readonly keyArn: string | null
  readonly keyPolicy: object | null
  readonly principal: PolicyQuestion['principal']
  readonly action: string
  readonly identityPolicies?: readonly object[]
  readonly permissionsBoundary?: object | null
  readonly sessionPolicies?: readonly object[]
  readonly grants?: readonly object[]
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  readonly encryptionContext?: Readonly<Record<string, string>>
}

/** Makes the question that a case asks; policies go through the parser as stored ones do. */
export function toQuestion(given: PolicyCase): PolicyQuestion {
  return readCase(JSON.stringify(given))
}
