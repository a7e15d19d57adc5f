import { foldKey } from '../policy/condition-context.ts'
import type { Policy } from '../policy/document.ts'

/**
 * Condition keys that requests have here, or that are rightly absent from all of them: this service knows no calls
 * through other AWS services, no organizations, no second factors and no tags of principals; and some keys belong to
 * operations that it does not have. In lower case, since names ignore case.
 * Sources: AWS KMS Developer Guide, Condition keys; IAM User Guide, AWS global condition context keys.
 */
const NAMES: ReadonlySet<string> = new Set(
  [
    'aws:CalledVia',
    'aws:CalledViaFirst',
    'aws:CalledViaLast',
    'aws:MultiFactorAuthAge',
    'aws:MultiFactorAuthPresent',
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalIsAWSService',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
    'aws:PrincipalType',
    'aws:RequestedRegion',
    'aws:ResourceAccount',
    'aws:ResourceOrgID',
    'aws:ResourceOrgPaths',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceIp',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:TagKeys',
    'aws:UserAgent',
    'aws:ViaAWSService',
    'aws:VpcSourceIp',
    'kms:BypassPolicyLockoutSafetyCheck',
    'kms:CallerAccount',
    'kms:CustomerMasterKeySpec',
    'kms:CustomerMasterKeyUsage',
    'kms:DataKeyPairSpec',
    'kms:EncryptionAlgorithm',
    'kms:EncryptionContextKeys',
    'kms:ExpirationModel',
    'kms:GrantConstraintType',
    'kms:GrantIsForAWSResource',
    'kms:GrantOperations',
    'kms:GranteePrincipal',
    'kms:KeyAgreementAlgorithm',
    'kms:KeyOrigin',
    'kms:KeySpec',
    'kms:KeyUsage',
    'kms:MacAlgorithm',
    'kms:MessageType',
    'kms:MultiRegion',
    'kms:MultiRegionKeyType',
    'kms:PrimaryRegion',
    'kms:ReEncryptOnSameKey',
    'kms:RecipientAttestation:ImageSha384',
    'kms:ReplicaRegion',
    'kms:RequestAlias',
    'kms:RetiringPrincipal',
    'kms:RotationPeriodInDays',
    'kms:ScheduleKeyDeletionPendingWindowInDays',
    'kms:SigningAlgorithm',
    'kms:ValidTo',
    'kms:ViaService',
    'kms:WrappingAlgorithm',
    'kms:WrappingKeySpec',
  ].map((name) => name.toLowerCase()),
)

/** Families of keys whose names go on with what the request, the key or the document says. */
const FAMILIES = [
  /^kms:encryptioncontext:./,
  /^kms:recipientattestation:pcr(?:[12]?\d|3[01])$/,
  /^kms:recipientattestation:nitrotpmpcr(?:1?\d|2[0-3])$/,
  /^aws:(?:principaltag|requesttag|resourcetag)\/./,
]

/**
 * A sentence about the first condition key of a policy, or policy variable, that no request ever has here; `undefined`
 * where there is none.
 * Such a condition would never be what its author meant: misspelt, or about something that is not looked at.
 */
export function unsuppliedConditionKey({ statements }: Policy): string | undefined {
  for (const { index, conditions, resources } of statements) {
    const used = [
      ...conditions.flatMap(({ operator, key, variables }) =>
        [key, ...variables].map((one, at) => ({
          place: `Condition.${operator}`,
          what: at === 0 ? 'condition key' : 'policy variable',
          key: one,
        })),
      ),
      ...(resources?.variables ?? []).map((key) => ({ place: 'Resource', what: 'policy variable', key })),
    ]
    const unknown = used.find(({ key }) => !isSupplied(foldKey(key)))
    if (unknown) {
      const { place, what, key } = unknown
      const name = JSON.stringify(key.slice(0, 120))
      return `Statement[${index}].${place}: the ${what} ${name} is not supported by this service yet`
    }
  }
  return undefined
}

function isSupplied(foldedKey: string): boolean {
  return NAMES.has(foldedKey) || FAMILIES.some((family) => family.test(foldedKey))
}
