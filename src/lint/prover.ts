import type { Decision } from '../policy/decision.ts'
import type { PolicyQuestion } from '../policy/evaluate.ts'
import { evaluate } from '../policy/evaluate.ts'

/** Asks the evaluator, as often as the budget of a policy allows. */
export interface Prover {
  /** `undefined` once the budget is spent: then nothing is known. */
  readonly ask: (question: PolicyQuestion) => Decision | undefined
  /** Takes the cost of other work with that many statements from the budget; `false` once that is spent. */
  readonly spend: (statements: number) => boolean
  /** Whether something was not done for want of budget. */
  readonly isSpent: () => boolean
}

/** Makes a prover that looks at `budget` statements, of all questions together. */
export function createProver(budget: number): Prover {
  let left = budget
  const spend = (statements: number): boolean => {
    left -= statements
    return left >= 0
  }
  return {
    ask: (question) => (spend(countStatements(question)) ? evaluate(question) : undefined),
    spend,
    isSpent: () => left < 0,
  }
}

function countStatements({ keyPolicy, identityPolicies }: PolicyQuestion): number {
  const policies = [keyPolicy, ...identityPolicies.map(({ policy }) => policy)]
  return policies.reduce(
    (sum, policy) => sum + (policy && 'statements' in policy ? policy.statements.length : 0),
    1,
  )
}
