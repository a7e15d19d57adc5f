import type { AuditFacts } from '../audit/audit-facts.ts'
import type { JsonObject } from '../core/json.ts'
import { toCallFacts } from '../operations/audit-outcome.ts'
import type { Members, StsAction, StsCall } from './call.ts'
import type { StsError } from './errors.ts'
import type { Form } from './form.ts'

/** Parameters that records show, by the names that CloudTrail gives them; the session policy and tags are not among them. */
const SHOWN = [
  ['RoleArn', 'roleArn'],
  ['RoleSessionName', 'roleSessionName'],
  ['DurationSeconds', 'durationSeconds'],
  ['SourceIdentity', 'sourceIdentity'],
] as const

/** How much of a value is shown; whatever STS takes is shorter. */
const LIMIT_CHARACTERS = 2048

/** What the audit trail keeps of a call to STS: of credentials the access key id and the expiry, nothing that opens anything. */
export function toStsFacts(
  { action, call }: { readonly action: StsAction; readonly call: StsCall },
  { members, refusal }: { readonly members: Members | null; readonly refusal: StsError | null },
): AuditFacts {
  return {
    ...toCallFacts(action.name, call),
    service: 'sts',
    refusal: refusal && { code: refusal.code, text: refusal.message },
    requestParameters: toParameters(call.form),
    responseElements: members && toElements(members),
  }
}

function toParameters(form: Form): JsonObject | null {
  const parameters = SHOWN.flatMap(([parameter, name]) => {
    const value = form.get(parameter)
    return value === undefined ? [] : [[name, value.slice(0, LIMIT_CHARACTERS)] as const]
  })
  return parameters.length === 0 ? null : Object.fromEntries(parameters)
}

function toElements({ Credentials: credentials, AssumedRoleUser: user }: Members): JsonObject | null {
  if (typeof credentials !== 'object' || typeof user !== 'object') return null
  return {
    credentials: shown(credentials, [
      ['AccessKeyId', 'accessKeyId'],
      ['Expiration', 'expiration'],
    ]),
    assumedRoleUser: shown(user, [
      ['AssumedRoleId', 'assumedRoleId'],
      ['Arn', 'arn'],
    ]),
  }
}

/** Texts by the names that CloudTrail gives them. */
function shown(members: Members, names: readonly (readonly [string, string])[]): JsonObject {
  return Object.fromEntries(
    names.flatMap(([name, as]) => {
      const value = members[name]
      return typeof value === 'string' ? [[as, value] as const] : []
    }),
  )
}
