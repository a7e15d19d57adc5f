import { parseArn } from '../core/arn.ts'
import { isPartition } from '../core/partition.ts'
import type { AccessKey, IdentityDirectory, Role } from './principal.ts'

/** Who is declared in an account. */
export interface DeclaredAccount {
  readonly accountId: string
  /** Each with its path in front, without a slash at the start: `alice`, `team/alice`. */
  readonly userNames: readonly string[]
  /** The same of roles. */
  readonly roleNames: readonly string[]
}

/**
 * Makes a directory of declared identities. `principalExists` answers for accounts in `accounts` by what is declared there,
 * in every partition, and for sessions by their role. Of other accounts it cannot know, so it takes every well-formed name
 * in them for somebody: they need an identity policy of their own account besides, which only an account declared here has.
 */
export function createDirectory(
  accessKeys: readonly AccessKey[],
  accounts: readonly DeclaredAccount[],
  roles: readonly Role[] = [],
): IdentityDirectory {
  const byId = new Map(accessKeys.map((accessKey) => [accessKey.accessKeyId, accessKey]))
  const declared = new Map(accounts.map((account) => [account.accountId, toNames(account)]))
  const rolesByArn = new Map(roles.map((role) => [role.arn, role]))
  return {
    findAccessKey: (accessKeyId) => byId.get(accessKeyId),
    findRole: (arn) => rolesByArn.get(toDeclaredArn(arn)),
    principalExists(name) {
      if (name === '*' || /^\d{12}$/.test(name)) return true
      const arn = parseArn(name)
      if (!arn || !isPartition(arn.partition) || arn.region !== '' || !/^\d{12}$/.test(arn.accountId))
        return false
      const form = FORMS.find(
        ({ service, resource }) => service === arn.service && resource.test(arn.resource),
      )
      if (!form) return false
      const names = declared.get(arn.accountId)
      return !names || form.whose === 'account' || names.has(arn.resource.replace(SESSION, 'assumed-role/$1'))
    },
  }
}

/** The names of an account as ARNs have them; sessions leave out the path of their role. */
function toNames({ userNames, roleNames }: DeclaredAccount): ReadonlySet<string> {
  return new Set([
    ...userNames.map((name) => `user/${name}`),
    ...roleNames.flatMap((name) => [`role/${name}`, `assumed-role/${name.slice(name.lastIndexOf('/') + 1)}`]),
  ])
}

/** Declared accounts answer in every partition, and are declared in `aws`. */
function toDeclaredArn(arn: string): string {
  return isPartition(parseArn(arn)?.partition ?? '') ? arn.replace(/^arn:[^:]*:/, 'arn:aws:') : ''
}

const SESSION = /^assumed-role\/([^/]+)\/.*$/

/** IAM User Guide, AWS JSON policy elements: Principal. */
const FORMS = [
  { service: 'iam', resource: /^root$/, whose: 'account' },
  { service: 'iam', resource: /^(?:user|role)\/[\w+=,.@/-]+$/, whose: 'person' },
  { service: 'sts', resource: /^assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/, whose: 'person' },
  { service: 'sts', resource: /^federated-user\/[\w+=,.@-]+$/, whose: 'person' },
] as const
