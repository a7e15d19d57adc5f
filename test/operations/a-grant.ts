import { nobody, type CallOptions, type TestService } from './a-service.ts'

/** Somebody whom no policy allows anything. */
export const grantee = nobody

/** What `CreateGrant` answers. */
export interface MadeGrant {
  readonly GrantId: string
  readonly GrantToken: string
}

/** Makes a grant of a key: for `grantee`, of `Encrypt`, unless the members say otherwise. */
export async function makeGrant(
  service: TestService,
  input: { readonly KeyId: string },
  options: CallOptions = {},
): Promise<MadeGrant> {
  const members = { GranteePrincipal: grantee.arn, Operations: ['Encrypt'], ...input }
  const { GrantId, GrantToken } = await service.ask('CreateGrant', members, options)
  return { GrantId: String(GrantId), GrantToken: String(GrantToken) }
}

/** The grants of a key. */
export async function listGrants(
  service: TestService,
  input: { readonly KeyId: string },
  options: CallOptions = {},
): Promise<readonly Record<string, unknown>[]> {
  const { Grants } = await service.ask('ListGrants', input, options)
  // The list of an answer.
  return Grants as readonly Record<string, unknown>[]
}
