import { parseArn } from '../core/arn.ts'
import { partitionOfRegion } from '../core/partition.ts'
import type { KeyRecord } from '../store/key-store.ts'
import { KmsError } from './errors.ts'
import type { Services } from './services.ts'
import type { FoundKey } from './subject.ts'
import type { GrantExtent } from './wider-grant.ts'

/** A grant that is asked for. */
interface NewGrant extends GrantExtent {
  readonly GranteePrincipal: string | undefined
  readonly GranteeServicePrincipal: string | undefined
  readonly RetiringPrincipal: string | undefined
  readonly RetiringServicePrincipal: string | undefined
}

/**
 * Checks what the members of a new grant say together, and about its key (AWS KMS API Reference, CreateGrant): one grantee
 * who exists, operations that such a key has, constraints that can be met. Throws `ValidationException`,
 * `InvalidArnException`.
 */
export function checkNewGrant(
  grant: NewGrant,
  { key, services }: { readonly key: FoundKey; readonly services: Pick<Services, 'identities'> },
): void {
  checkPrincipals(grant, key.record, services.identities)
  if (grant.operations.length === 0) throw invalid('A grant has at least one operation.')
  const offered = operationsOf(key.record)
  const foreign = grant.operations.filter((operation) => !offered.has(operation))
  if (foreign.length > 0) {
    const { keySpec, keyUsage } = key.record
    throw invalid(
      `A grant for a key with KeySpec ${keySpec} and KeyUsage ${keyUsage} cannot have the operations ${foreign.join(', ')}.`,
    )
  }
  const { encryptionContextEquals, encryptionContextSubset } = grant.constraints
  if ((encryptionContextEquals ?? encryptionContextSubset) && key.record.keySpec !== 'SYMMETRIC_DEFAULT') {
    throw invalid('Encryption context constraints belong to grants for symmetric encryption keys only.')
  }
}

/** Whom a grant names is of the key's partition, since nobody else can call about the key. */
function checkPrincipals(grant: NewGrant, { region }: KeyRecord, identities: Services['identities']): void {
  if (grant.GranteeServicePrincipal !== undefined || grant.RetiringServicePrincipal !== undefined) {
    throw invalid('Grants to service principals are not supported by this service: no AWS service calls it.')
  }
  if (grant.GranteePrincipal === undefined) throw invalid(NO_GRANTEE)
  for (const principal of [grant.GranteePrincipal, grant.RetiringPrincipal]) {
    if (principal === undefined) continue
    const partition = parseArn(principal)?.partition ?? partitionOfRegion(region)
    const isThere = principal !== '*' && identities.principalExists(principal)
    if (isThere && partition === partitionOfRegion(region)) continue
    throw new KmsError('InvalidArnException', `Invalid principal: ${principal}`)
  }
}

const NO_GRANTEE =
  "1 validation error detected: Value null at 'granteePrincipal' failed to satisfy constraint: Member must not be null"

const ANY_KEY = ['CreateGrant', 'RetireGrant', 'DescribeKey']
const ANY_CIPHER = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo']
const DATA_KEYS = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
]
const BY_USAGE: Readonly<Record<string, readonly string[]>> = {
  ENCRYPT_DECRYPT: ANY_CIPHER,
  SIGN_VERIFY: ['Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret'],
  KEY_ENCAPSULATION: ['Encapsulate', 'Decapsulate'],
}

/** The grant operations that a key can be used for (AWS KMS Developer Guide, Grants: grant operations). */
function operationsOf({ keySpec, keyUsage }: KeyRecord): ReadonlySet<string> {
  const symmetric = keySpec === 'SYMMETRIC_DEFAULT'
  const hasPublicKey = !symmetric && keyUsage !== 'GENERATE_VERIFY_MAC'
  return new Set([
    ...ANY_KEY,
    ...(BY_USAGE[keyUsage] ?? []),
    ...(symmetric ? DATA_KEYS : []),
    ...(hasPublicKey ? ['GetPublicKey'] : []),
  ])
}

function invalid(text: string): KmsError {
  return new KmsError('ValidationException', text)
}
