import { PolicyError } from './errors.ts'

/** Refuses what IAM knows and this service does not evaluate: ignoring it would change what the policy means. */
export function refuseUnsupported(what: string): never {
  throw new PolicyError('POLICY_NOT_SUPPORTED', `${what} is not supported by this service yet`)
}

/**
 * Refuses policy variables. They exist under version 2012-10-17 only; under 2008-10-17 `${…}` is ordinary text
 * (IAM User Guide, IAM policy elements: Variables and tags).
 */
export function refuseVariables(text: string, path: string): void {
  if (text.includes('${')) refuseUnsupported(`${path}: a policy variable`)
}
