import { CancelKeyDeletion } from './cancel-key-deletion.ts'
import { CreateAlias } from './create-alias.ts'
import { CreateGrant } from './create-grant.ts'
import { CreateKey } from './create-key.ts'
import { Decrypt } from './decrypt.ts'
import { DeleteAlias } from './delete-alias.ts'
import { DeriveSharedSecret } from './derive-shared-secret.ts'
import { DescribeKey } from './describe-key.ts'
import { DisableKey } from './disable-key.ts'
import { EnableKey } from './enable-key.ts'
import { Encrypt } from './encrypt.ts'
import { GenerateDataKey } from './generate-data-key.ts'
import { GenerateDataKeyPair } from './generate-data-key-pair.ts'
import { GenerateDataKeyPairWithoutPlaintext } from './generate-data-key-pair-without-plaintext.ts'
import { GenerateDataKeyWithoutPlaintext } from './generate-data-key-without-plaintext.ts'
import { GenerateRandom } from './generate-random.ts'
import { GetKeyPolicy } from './get-key-policy.ts'
import { GetPublicKey } from './get-public-key.ts'
import { ListAliases } from './list-aliases.ts'
import { ListGrants } from './list-grants.ts'
import { ListKeyPolicies } from './list-key-policies.ts'
import { ListKeys } from './list-keys.ts'
import { ListRetirableGrants } from './list-retirable-grants.ts'
import type { Operation } from './operation.ts'
import { PutKeyPolicy } from './put-key-policy.ts'
import { RetireGrant } from './retire-grant.ts'
import { RevokeGrant } from './revoke-grant.ts'
import { ScheduleKeyDeletion } from './schedule-key-deletion.ts'
import { UpdateAlias } from './update-alias.ts'

const ALL: readonly Operation[] = [
  CancelKeyDeletion,
  CreateAlias,
  CreateGrant,
  CreateKey,
  Decrypt,
  DeleteAlias,
  DeriveSharedSecret,
  DescribeKey,
  DisableKey,
  EnableKey,
  Encrypt,
  GenerateDataKey,
  GenerateDataKeyPair,
  GenerateDataKeyPairWithoutPlaintext,
  GenerateDataKeyWithoutPlaintext,
  GenerateRandom,
  GetKeyPolicy,
  GetPublicKey,
  ListAliases,
  ListGrants,
  ListKeyPolicies,
  ListKeys,
  ListRetirableGrants,
  PutKeyPolicy,
  RetireGrant,
  RevokeGrant,
  ScheduleKeyDeletion,
  UpdateAlias,
]

/** Every operation of this service by its name. A name from the wire is looked up here and nowhere else. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  ALL.map((operation) => [operation.name, operation]),
)
