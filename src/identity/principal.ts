/** An identity policy as it was declared: its name, and the policy document as JSON text. */
export interface IdentityPolicy {
  readonly name: string
  readonly document: string
}

/** A tag of a user, a role or a session. */
export interface PrincipalTag {
  readonly key: string
  readonly value: string
}

/** What only the session of a role has (IAM User Guide, Temporary security credentials). */
interface RoleSession {
  /** The role, with its path, which the ARN of the session does not hold. */
  readonly roleArn: string
  /** The unique id of the role, such as `AROA…`. */
  readonly roleId: string
  readonly sessionName: string
  /** `SourceIdentity` of `AssumeRole`, where it was given. */
  readonly sourceIdentity?: string
  /** When the credentials were made. */
  readonly issuedAt: Date
  /** Policies that came with the session; where there are any, one of them must allow besides. */
  readonly policies: readonly IdentityPolicy[]
  /** The keys of the tags that the next session of a chain inherits; absent where there is none. */
  readonly transitiveTagKeys?: readonly string[]
}

/** Who makes a call, as policies see it. */
export interface Principal {
  /** Such as `arn:aws:iam::111122223333:user/lab`. */
  readonly arn: string
  readonly accountId: string
  readonly kind: 'user' | 'role-session' | 'root'
  /** The unique id, such as `AIDA…`, that audit records carry; of a session `AROA…:` and its name. */
  readonly userId: string
  /** The name of a user; `null` for others. */
  readonly userName: string | null
  /** Of a session those of its role. */
  readonly identityPolicies: readonly IdentityPolicy[]
  /** Of a session that of its role; `null` where there is none. */
  readonly permissionsBoundary: IdentityPolicy | null
  /** Of a session those of its role and its own, which come first in rank: no key twice. */
  readonly tags: readonly PrincipalTag[]
  /** `null` but for the session of a role. */
  readonly session: RoleSession | null
}

/** A pair of access key id and secret, and whose it is. The secret is held for signature verification only. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly principal: Principal
}

/** A role as it is declared now; the sessions of a role are held against it at each of their calls. */
export interface Role {
  /** With its path, in partition `aws`: declared accounts answer in every partition. */
  readonly arn: string
  readonly accountId: string
  /** Without its path, as the ARNs of sessions have it. */
  readonly name: string
  /** The unique id, such as `AROA…`. */
  readonly roleId: string
  /** Who may assume it, as JSON text; `null`: nobody. */
  readonly trustPolicy: string | null
  readonly identityPolicies: readonly IdentityPolicy[]
  readonly permissionsBoundary: IdentityPolicy | null
  readonly tags: readonly PrincipalTag[]
  /** The longest session that can be asked for, in seconds. */
  readonly maxSessionSeconds: number
  /** When it was declared, where the service was running then: sessions from before are those of another role. */
  readonly since: Date | null
}

/** The identities that this service knows. */
export interface IdentityDirectory {
  findAccessKey(accessKeyId: string): AccessKey | undefined
  /** A role by its ARN with its path, in whatever partition. */
  findRole(arn: string): Role | undefined
  /** Whether an ARN or account in a policy's `Principal` names somebody who can exist here. */
  principalExists(arn: string): boolean
}

declare const authenticatedBrand: unique symbol

/** A caller whose signature was verified, or whom lab mode let in unsigned. Made in `http/authenticate.ts` only. */
export interface AuthenticatedCaller {
  readonly [authenticatedBrand]: true
  readonly principal: Principal
  /** The access key that signed; `null` for a caller let in unsigned. */
  readonly accessKeyId: string | null
  /** The Region of the credential scope. */
  readonly region: string
}
