/** Condition keys of a request, with their values; names went through `foldKey`, and no list is empty. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>

/** A key name as it is looked up: names of condition keys ignore case (IAM User Guide, Condition). */
export function foldKey(key: string): string {
  return key.toLowerCase()
}

/**
 * Makes the condition keys of a request ready for looking up. Two names that differ in case alone are one key with the
 * values of both, as AWS warns of for `kms:EncryptionContext:<key>`; a key without values is an absent one.
 */
export function toConditionContext(keys: ReadonlyMap<string, string | readonly string[]>): ConditionContext {
  const context = new Map<string, string[]>()
  for (const [key, value] of keys) {
    const values = typeof value === 'string' ? [value] : value
    if (values.length === 0) continue
    const folded = foldKey(key)
    // Added to in place: a request can spell one name in tens of thousands of ways.
    const known = context.get(folded)
    if (!known) context.set(folded, [...values])
    else for (const one of values) known.push(one)
  }
  return context
}
