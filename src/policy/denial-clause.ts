/** Why access was denied, as the message of AWS tells it (IAM User Guide, Troubleshoot access denied error messages). */
export type DenialClause =
  | 'no-identity-policy'
  | 'no-resource-policy'
  | 'deny-in-identity-policy'
  | 'deny-in-resource-policy'
  | 'no-permissions-boundary'
  | 'no-session-policy'
  | 'deny-in-permissions-boundary'
  | 'deny-in-session-policy'
  /** The key is of another account, whose policy is not told to the caller. */
  | 'foreign-resource'

/** Words of a clause, to stand behind `… is not authorized to perform: <action> on <resource> `; `action` is `kms:…`. */
export function denialText(clause: DenialClause, action: string): string {
  return TEXTS[clause](action)
}

const TEXTS: Readonly<Record<DenialClause, (action: string) => string>> = {
  'no-identity-policy': (action) => `because no identity-based policy allows the ${action} action`,
  'no-resource-policy': (action) => `because no resource-based policy allows the ${action} action`,
  'deny-in-identity-policy': () => 'with an explicit deny in an identity-based policy',
  'deny-in-resource-policy': () => 'with an explicit deny in a resource-based policy',
  'no-permissions-boundary': (action) => `because no permissions boundary allows the ${action} action`,
  'no-session-policy': (action) => `because no session policy allows the ${action} action`,
  'deny-in-permissions-boundary': () => 'with an explicit deny in a permissions boundary',
  'deny-in-session-policy': () => 'with an explicit deny in a session policy',
  'foreign-resource': () =>
    'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
}
