import type { JsonValue } from '../core/json.ts'

/** Where a member stands, for the text of a refusal, and the Region, which decides what an enum holds. */
export interface Place {
  /** Lower-camel-case member names joined by dots, list positions counted from one: `tags.1.member.tagKey`. */
  readonly path: string
  readonly region: string
}

/**
 * One member of an input. Reading and checking are apart, because AWS reports an error of type before any error of
 * constraint, and then the constraints of all members together.
 */
export interface Field<Value> {
  readonly required: boolean
  /** What an absent optional member stands for; not used where the member is required. */
  readonly ifAbsent: Value | undefined
  /** Takes the value out of the JSON, which is not `null`. Throws `SerializationException` for a wrong type. */
  read(value: JsonValue): Value
  /** The constraints that the value does not meet, each as an item of the validation error. */
  violations(value: Value, place: Place): readonly string[]
}

/** The members of a structure by name. */
export type FieldTable = Readonly<Record<string, Field<unknown>>>

/** What reading and checking a table of fields gives. */
export type InputOf<Fields extends FieldTable> = {
  readonly [Member in keyof Fields]: Fields[Member] extends Field<infer Value> ? Value : never
}

/** The item for a value that may be shown. */
export function violation(value: string, place: Place, constraint: string): string {
  return `Value '${value}' at '${place.path}' failed to satisfy constraint: ${constraint}`
}

/** The item for a blob or a sensitive value, which is not shown. */
export function hiddenViolation(place: Place, constraint: string): string {
  return `Value at '${place.path}' failed to satisfy constraint: ${constraint}`
}

/** The item for a required member that is absent or `null`. */
export function nullViolation(place: Place): string {
  return `Value null at '${place.path}' failed to satisfy constraint: Member must not be null`
}

/** The place of a member inside a place: `KeyId` gives `keyId`. */
export function placeInside(outer: Place, member: string): Place {
  const name = member.charAt(0).toLowerCase() + member.slice(1)
  return { ...outer, path: outer.path === '' ? name : `${outer.path}.${name}` }
}
