import { isIP } from 'node:net'
import type { Principal } from '../identity/principal.ts'
import type { Call } from './call.ts'
import type { ConditionEntries } from './condition-keys.ts'

const PRINCIPAL_TYPES = { user: 'User', 'role-session': 'AssumedRole', root: 'Account' } as const

/** What the caller, the time and the way of a request give (IAM User Guide, AWS global condition context keys). */
export function callConditionKeys(call: Omit<Call, 'input' | 'requestId'>): ConditionEntries {
  const { caller, origin, receivedAt } = call
  return [
    ...principalConditionKeys(caller.principal),
    ['aws:RequestedRegion', caller.region],
    ['aws:CurrentTime', receivedAt.toISOString()],
    ['aws:EpochTime', `${Math.floor(receivedAt.getTime() / 1000)}`],
    ['aws:SecureTransport', `${origin.secureTransport}`],
    ...originConditionKeys(origin),
  ]
}

function principalConditionKeys(principal: Principal): ConditionEntries {
  const { arn, accountId, kind, userId, userName, tags, session } = principal
  return [
    // Of a session it is the role.
    ['aws:PrincipalArn', session?.roleArn ?? arn],
    ['aws:PrincipalAccount', accountId],
    ['aws:PrincipalType', PRINCIPAL_TYPES[kind]],
    ['aws:PrincipalIsAWSService', 'false'],
    ['aws:userid', userId],
    ...(userName === null ? [] : [['aws:username', userName] as const]),
    ...tags.map(({ key, value }) => [`aws:PrincipalTag/${key}`, value] as const),
    ...(session
      ? ([
          ['aws:TokenIssueTime', session.issuedAt.toISOString()],
          // Present with temporary credentials only; nobody here has a second factor.
          ['aws:MultiFactorAuthPresent', 'false'],
        ] as const)
      : []),
    ...(session?.sourceIdentity === undefined
      ? []
      : [['aws:SourceIdentity', session.sourceIdentity] as const]),
  ]
}

/** A service that calls for its caller shows in the `Via` keys, and its address is none of the caller's. */
function originConditionKeys({
  address,
  userAgent,
  viaService,
  sourceArn,
}: Call['origin']): ConditionEntries {
  const service = viaService === null ? undefined : `${viaService.split('.', 1)[0] ?? ''}.amazonaws.com`
  const ip = unmapped(address)
  return [
    ['aws:ViaAWSService', `${service !== undefined}`],
    ...(service === undefined
      ? []
      : ([
          ['aws:CalledVia', [service]],
          ['aws:CalledViaFirst', service],
          ['aws:CalledViaLast', service],
        ] as const)),
    ...(sourceArn === null ? [] : [['aws:SourceArn', sourceArn] as const]),
    ...(service === undefined && isIP(ip) !== 0 ? [['aws:SourceIp', ip] as const] : []),
    ...(userAgent === null ? [] : [['aws:UserAgent', userAgent] as const]),
  ]
}

/** RFC 4291 §2.5.5.2: a listener for both families sees IPv4 callers as IPv6, which no IPv4 range would hold. */
function unmapped(address: string): string {
  const [, ipv4] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  return ipv4 ?? address
}
