import { toKeyArn } from '../core/arn.ts'
import { namedPrincipals, parsePolicy, type Policy } from '../policy/document.ts'
import { PolicyError } from '../policy/errors.ts'
import type { KeyRecord } from '../store/key-store.ts'
import type { Call } from './call.ts'
import { callConditionKeys } from './call-condition-keys.ts'
import { resourceConditionKeys } from './condition-keys.ts'
import { decide } from './decide.ts'
import { KmsError } from './errors.ts'
import type { Services } from './services.ts'
import { unsuppliedConditionKey } from './unsupplied-condition-key.ts'

/** What checking a policy takes. */
interface Background {
  readonly services: Pick<Services, 'policies' | 'identities'>
  readonly call: Call
  /** Whether the caller may lock everybody out, himself included. */
  readonly bypassLockoutCheck: boolean
}

/**
 * Checks the policy that a key is to have from now on, `key.policy` (AWS KMS API Reference, PutKeyPolicy): it can be
 * read and evaluated whole, its principals exist, and it lets the caller put another one.
 * Throws `LimitExceededException` over 32 KB, else `MalformedPolicyDocumentException`.
 */
export function checkNewKeyPolicy(key: KeyRecord, background: Background): void {
  const { services, bypassLockoutCheck } = background
  const policy = parseNewPolicy(key.policy)
  const unsupplied = unsuppliedConditionKey(policy)
  if (unsupplied !== undefined) throw malformed(unsupplied)
  if (!namedPrincipals(policy).every((name) => services.identities.principalExists(name))) {
    throw malformed(INVALID_PRINCIPALS)
  }
  if (!bypassLockoutCheck) refuseLockout(key, policy, background)
}

const INVALID_PRINCIPALS = 'Policy contains a statement with one or more invalid principals.'

function parseNewPolicy(text: string): Policy {
  try {
    return parsePolicy(text, 'key')
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    if (cause.code === 'POLICY_TOO_LARGE') {
      throw new KmsError('LimitExceededException', 'The key policy has more than 32768 bytes.', { cause })
    }
    throw malformed(cause.code === 'POLICY_PRINCIPAL_INVALID' ? INVALID_PRINCIPALS : cause.message, cause)
  }
}

function refuseLockout(key: KeyRecord, policy: Policy, { services, call }: Background): void {
  const arn = toKeyArn(key, key.keyId)
  const { principal } = call.caller
  const resource = { arn, key: { record: key, arn, requestAlias: null } }
  const { outcome } = decide(services.policies, {
    principal,
    permission: 'kms:PutKeyPolicy',
    key: { arn, policy },
    resource: arn,
    conditionKeys: new Map([...callConditionKeys(call), ...resourceConditionKeys(resource, call)]),
  })
  if (outcome === 'allow') return
  throw malformed('The new key policy will not allow you to update the key policy in the future.')
}

function malformed(text: string, cause?: unknown): KmsError {
  return new KmsError('MalformedPolicyDocumentException', text, { cause })
}
