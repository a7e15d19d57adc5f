/** How many tags a user, a role or a session may have, and how long they are, in characters (STS API Reference, Tag). */
export const TAG_LIMITS = { tags: 50, key: 128, value: 256 } as const

/** What keys and values of tags are made of, as the model of STS writes it (tagKeyType, tagValueType). */
export const TAG_PATTERNS = {
  key: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`,
  value: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*`,
} as const

/** A tag key as keys are compared: `Department` and `department` are one (STS API Reference, AssumeRole, Tags). */
export function foldTagKey(key: string): string {
  return key.toLowerCase()
}

/** Whether a tag key is kept for AWS. */
export function isReservedTagKey(key: string): boolean {
  return foldTagKey(key).startsWith('aws:')
}
