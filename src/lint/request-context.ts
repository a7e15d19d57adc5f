import type { ConditionContext } from '../policy/condition-context.ts'
import type { Candidate } from './callers.ts'
import { standingArn } from './callers.ts'
import type { LintSubject } from './subject.ts'

/** Keys that follow from who calls: a caller cannot choose them, folded. */
export const FIXED_KEYS: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalArn',
    'aws:PrincipalAccount',
    'aws:PrincipalType',
    'aws:PrincipalIsAWSService',
    'aws:username',
    'kms:CallerAccount',
    // True only for what AWS services do by themselves.
    'kms:GrantIsForAWSResource',
    'kms:GrantOperations',
  ].map((key) => key.toLowerCase()),
)

const TYPES = { user: 'User', 'role-session': 'AssumedRole', root: 'Account' } as const

/**
 * Condition keys of a plain request, as far as the policy asks for them (AWS KMS Developer Guide, Condition keys; IAM
 * User Guide, AWS global condition context keys), folded.
 */
export function plainContext(
  subject: LintSubject,
  { principal }: Candidate,
  more: Readonly<Record<string, readonly string[]>> = {},
): ConditionContext {
  const { arn, account, kind } = principal

  const all: Readonly<Record<string, readonly string[]>> = {
    'aws:principalarn': [standingArn(principal)],
    'aws:principalaccount': [account],
    'aws:principaltype': [TYPES[kind]],
    'aws:principalisawsservice': ['false'],
    'aws:requestedregion': [subject.keyArn.split(':')[3] ?? ''],
    'aws:resourceaccount': [subject.accountId],
    'aws:securetransport': ['true'],
    'aws:viaawsservice': ['false'],
    ...(kind === 'user' && { 'aws:username': [arn.slice(arn.lastIndexOf('/') + 1)] }),
    'kms:calleraccount': [account],
    'kms:encryptionalgorithm': ['SYMMETRIC_DEFAULT'],
    'kms:keyorigin': ['AWS_KMS'],
    'kms:keyspec': ['SYMMETRIC_DEFAULT'],
    'kms:keyusage': ['ENCRYPT_DECRYPT'],
    'kms:multiregion': ['false'],
    'kms:grantisforawsresource': ['false'],
    ...more,
  }
  return new Map(Object.entries(all).filter(([key]) => subject.spellings.has(key)))
}
