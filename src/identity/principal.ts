/** An identity policy as it was declared: its name, and the policy document as JSON text. */
export interface IdentityPolicy {
  readonly name: string
  readonly document: string
}

/** Who makes a call, as policies see it. */
export interface Principal {
  /** Such as `arn:aws:iam::111122223333:user/lab`. */
  readonly arn: string
  readonly accountId: string
  readonly kind: 'user' | 'role-session' | 'root'
  /** The unique id, such as `AIDA…`, that audit records carry. */
  readonly userId: string
  readonly identityPolicies: readonly IdentityPolicy[]
}

/** A pair of access key id and secret, and whose it is. The secret is held for signature verification only. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly principal: Principal
}

/** The identities that this service knows. */
export interface IdentityDirectory {
  findAccessKey(accessKeyId: string): AccessKey | undefined
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
