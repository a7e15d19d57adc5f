import { CodedError } from '../core/base-error.ts'

/** The errors of STS that are answered here, under their names on the wire (AWS STS API Reference). */
export type StsErrorCode =
  | 'AccessDenied'
  | 'InternalFailure'
  | 'InvalidAction'
  | 'InvalidParameterValue'
  | 'MalformedInput'
  | 'MalformedPolicyDocument'
  | 'MissingAction'
  | 'PackedPolicyTooLarge'
  | 'ValidationError'

/** A refusal as the caller sees it: the message is the text on the wire, and holds no secret and no token. */
export class StsError extends CodedError<StsErrorCode> {
  override readonly name = 'StsError'
}
