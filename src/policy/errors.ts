import { CodedError } from '../core/base-error.ts'

/** What can be wrong with a policy document, one code a check. */
export type PolicyErrorCode =
  /** More than the 32 KB that a key policy may have; the one code that AWS answers with a limit, not a malformed policy. */
  | 'POLICY_TOO_LARGE'
  | 'POLICY_NOT_JSON'
  | 'POLICY_NOT_OBJECT'
  | 'POLICY_ELEMENT_UNKNOWN'
  | 'POLICY_VERSION_INVALID'
  | 'POLICY_ID_INVALID'
  | 'POLICY_STATEMENTS_MISSING'
  | 'POLICY_STATEMENT_INVALID'
  | 'POLICY_SID_TYPE'
  | 'POLICY_SID_INVALID'
  | 'POLICY_SID_REPEATED'
  | 'POLICY_EFFECT_INVALID'
  | 'POLICY_PRINCIPAL_FORBIDDEN'
  | 'POLICY_PRINCIPAL_MISSING'
  | 'POLICY_PRINCIPAL_INVALID'
  /** `NotPrincipal` in an allow would let in everybody else, strangers included. */
  | 'POLICY_NOT_PRINCIPAL_IN_ALLOW'
  | 'POLICY_ELEMENTS_CONFLICT'
  | 'POLICY_ELEMENT_MISSING'
  | 'POLICY_LIST_INVALID'
  | 'POLICY_ACTION_INVALID'
  | 'POLICY_RESOURCE_INVALID'
  /** In a trust policy. */
  | 'POLICY_RESOURCE_FORBIDDEN'
  | 'POLICY_TRUST_ACTION_INVALID'
  | 'POLICY_VARIABLE_INVALID'
  | 'POLICY_CONDITION_INVALID'
  | 'POLICY_OPERATOR_UNKNOWN'
  | 'POLICY_CONDITION_KEY_INVALID'
  | 'POLICY_CONDITION_KEY_REPEATED'
  | 'POLICY_CONDITION_VALUE_INVALID'
  /** AWS begins the text of this refusal with `OverlyPermissiveCondition`. */
  | 'POLICY_CONDITION_OVERLY_PERMISSIVE'
  /** What was to be decided is no authorization case. */
  | 'POLICY_CASE_INVALID'

/** A policy document that cannot be used. The message names the element by its path; it never holds the document. */
export class PolicyError extends CodedError<PolicyErrorCode> {
  override readonly name = 'PolicyError'
}
