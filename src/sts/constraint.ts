/** What a parameter has to be like; lengths are in characters. */
export interface TextRule {
  readonly min: number
  readonly max: number
  /** As the model writes it; the whole text has to match. */
  readonly pattern: string
  /** Whether errors leave the value out. */
  readonly hidden?: boolean
}

/** The constraints that a text does not meet, each as an item of the validation error; none for an absent text. */
export function textViolations(value: string | undefined, path: string, rule: TextRule): readonly string[] {
  if (value === undefined) return []
  const length = Array.from(value).length
  return [
    ...(length < rule.min ? [`Member must have length greater than or equal to ${rule.min}`] : []),
    ...(length > rule.max ? [`Member must have length less than or equal to ${rule.max}`] : []),
    ...(new RegExp(`^(?:${rule.pattern})$`, 'u').test(value)
      ? []
      : [`Member must satisfy regular expression pattern: ${rule.pattern}`]),
  ].map((constraint) => violation(rule.hidden === true ? null : value, path, constraint))
}

/** The constraints that a number does not meet. */
export function numberViolations(
  value: number | undefined,
  path: string,
  { min, max }: { readonly min: number; readonly max: number },
): readonly string[] {
  if (value === undefined) return []
  if (value < min)
    return [violation(`${value}`, path, `Member must have value greater than or equal to ${min}`)]
  return value > max
    ? [violation(`${value}`, path, `Member must have value less than or equal to ${max}`)]
    : []
}

/** The constraint that a list of too many members does not meet. */
export function lengthViolations(length: number, path: string, max: number): readonly string[] {
  return length > max ? [violation(null, path, `Member must have length less than or equal to ${max}`)] : []
}

/** The item for a required parameter that is absent. */
export function nullViolations(value: string | undefined, path: string): readonly string[] {
  return value === undefined
    ? [`Value null at '${path}' failed to satisfy constraint: Member must not be null`]
    : []
}

/** How much of a value is shown. */
const SHOWN_CHARACTERS = 256

function violation(value: string | null, path: string, constraint: string): string {
  const shown = value === null ? '' : ` '${value.slice(0, SHOWN_CHARACTERS)}'`
  return `Value${shown} at '${path}' failed to satisfy constraint: ${constraint}`
}
