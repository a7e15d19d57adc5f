import { KmsError } from './errors.ts'

/** Throws `NotFoundException` for any name but `default`, the one that a key policy has (API Reference, GetKeyPolicy). */
export function requireDefaultPolicy(policyName: string): void {
  if (policyName !== 'default') throw new KmsError('NotFoundException', 'No such policy exists')
}
