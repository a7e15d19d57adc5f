/**
 * What the names of operations begin with that CloudTrail marks as read-only: those that use a key, and those that only
 * look (AWS KMS Developer Guide, "Examples of AWS KMS log entries"; IAM User Guide for STS).
 */
const READ_ONLY = [
  'AssumeRole',
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'Describe',
  'Encapsulate',
  'Encrypt',
  'Generate',
  'Get',
  'List',
  'ReEncrypt',
  'Sign',
  'Verify',
]

/** Whether an operation changes nothing. One that is not known counts as a change. */
export function isReadOnly(operation: string): boolean {
  return READ_ONLY.some((beginning) => operation.startsWith(beginning))
}
