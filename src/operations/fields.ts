import { parseBase64 } from '../core/base64.ts'
import type { JsonValue } from '../core/json.ts'
import { partitionOfRegion } from '../core/partition.ts'
import { Secret } from '../core/secret.ts'
import { offeredIn } from '../keys/key-spec.ts'
import { type Field, hiddenViolation, nullViolation, type Place, placeInside, violation } from './field.ts'
import {
  booleanValue,
  listValue,
  numberValue,
  objectValue,
  serializationError,
  textValue,
} from './wire-type.ts'

/** Bounds of a length or a value; both are inside. */
interface Bounds {
  readonly min: number
  readonly max: number
}

interface TextBounds extends Bounds {
  /** As the model writes it; a regular expression that the whole text must match. */
  readonly pattern?: string
  /** Whether errors leave the value out. */
  readonly hidden?: boolean
}

/** A text of `min` to `max` characters. */
export function text({ min, max, pattern, hidden }: TextBounds): Field<string> {
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u')
  return required({
    read: (value) => textValue(value),
    violations: (value, place) => {
      const broken = lengthConstraints(value.length > max ? countCharacters(value) : value.length, {
        min,
        max,
      })
      if (whole?.test(value) === false)
        broken.push(`Member must satisfy regular expression pattern: ${pattern}`)
      return broken.map((constraint) =>
        hidden ? hiddenViolation(place, constraint) : violation(value, place, constraint),
      )
    },
  })
}

/** An integer from `min` to `max`; a fraction is cut off, as the framework does. */
export function integer({ min, max }: Bounds): Field<number> {
  return required({
    // Adding zero makes the negative zero that `trunc` gives for -0.5 a plain one.
    read: (value) => Math.trunc(numberValue(value)) + 0,
    violations: (value, place) => {
      if (value < min)
        return [violation(`${value}`, place, `Member must have value greater than or equal to ${min}`)]
      if (value > max)
        return [violation(`${value}`, place, `Member must have value less than or equal to ${max}`)]
      return []
    },
  })
}

/** `true` or `false`. */
export const flag: Field<boolean> = required({ read: booleanValue, violations: () => [] })

/** Bytes in base64, `min` to `max` of them. */
export function blob(bounds: Bounds): Field<Uint8Array> {
  return required({
    read: blobValue,
    violations: (value, place) => hiddenLength(value.length, bounds, place),
  })
}

/** Bytes in base64 that are not to be seen by anybody: plaintext from the caller. */
export function secretBlob(bounds: Bounds): Field<Secret> {
  return required({
    read: (value) => new Secret(blobValue(value)),
    violations: (value, place) => hiddenLength(value.length, bounds, place),
  })
}

/** One of the values of an enum; an error lists those that are offered in the Region, in the order given here. */
export function oneOf<const Value extends string>(values: readonly Value[]): Field<Value> {
  return required({
    // Not known to be one of them before `violations` has found nothing; nobody sees it before.
    read: (value) => textValue(value) as Value,
    violations: (value, place) => {
      const offered = offeredIn(partitionOfRegion(place.region), values)
      if (offered.includes(value)) return []
      return [violation(value, place, `Member must satisfy enum value set: [${offered.join(', ')}]`)]
    },
  })
}

/** A map from text to text, in the order of the request. */
export const textMap: Field<ReadonlyMap<string, string>> = required({
  read: (value) =>
    new Map(
      // A `null` stays, and is a violation: leaving the pair out would bind less than the caller wrote.
      Object.entries(objectValue(value)).map(([key, inner]) => [key, orNull(inner, textValue) as string]),
    ),
  violations: (map, place) =>
    [...map]
      .filter(([, inner]: readonly [string, string | null]) => inner === null)
      .slice(0, ITEMS_TOLD)
      .map(([key]) => nullViolation({ ...place, path: `${place.path}.${key}.member` })),
})

/** Of how many items of one map or list violations are told: a text for each of 300,000 makes an answer of 40 MB. */
const ITEMS_TOLD = 100

/** A list of at most `max` items. */
export function list<Item>(item: Field<Item>, max = Infinity): Field<readonly Item[]> {
  return required({
    // As with `textMap`: a `null` is kept until `violations` refuses it.
    read: (value) => listValue(value).map((inner) => orNull(inner, (present) => item.read(present)) as Item),
    violations: (items, place) => {
      const found = [...hiddenLength(items.length, { min: 0, max }, place)]
      let told = 0
      for (const [index, inner] of (items as readonly (Item | null)[]).entries()) {
        if (told === ITEMS_TOLD) break
        const position = { ...place, path: `${place.path}.${index + 1}.member` }
        const broken = inner === null ? [nullViolation(position)] : item.violations(inner, position)
        found.push(...broken)
        if (broken.length > 0) told++
      }
      return found
    },
  })
}

/** A structure of required members that are objects of their own; unknown members are ignored. */
export function structure<Value extends object>(members: {
  readonly [Member in keyof Value & string]: Field<Value[Member]>
}): Field<Value> {
  const fields = Object.entries<Field<unknown>>(members)
  return required({
    // Whole only when `violations` has found no member missing; nobody sees it before.
    read: (value) => {
      const given = objectValue(value)
      return Object.fromEntries(
        fields.map(([member, field]) => [
          member,
          orNull(given[member] ?? null, (inner) => field.read(inner)),
        ]),
      ) as Value
    },
    violations: (value, place) =>
      fields.flatMap(([member, field]) => {
        const inner: unknown = value[member as keyof Value]
        const position = placeInside(place, member)
        return inner === null ? [nullViolation(position)] : field.violations(inner, position)
      }),
  })
}

/** The field as a member that may be absent. */
export function optional<Value>(field: Field<Value>): Field<Value | undefined> {
  return { ...field, required: false, ifAbsent: undefined }
}

/** The field as a member whose absence stands for `value`. */
export function withDefault<Value>(field: Field<Value>, value: NoInfer<Value>): Field<Value> {
  return { ...field, required: false, ifAbsent: value }
}

function required<Value>(parser: Pick<Field<Value>, 'read' | 'violations'>): Field<Value> {
  return { required: true, ifAbsent: undefined, ...parser }
}

function orNull<Value>(value: JsonValue, read: (value: JsonValue) => Value): Value | null {
  return value === null ? null : read(value)
}

function blobValue(value: JsonValue): Uint8Array {
  const encoded = textValue(value, 'a Blob')
  try {
    return parseBase64(encoded)
  } catch (cause) {
    throw serializationError(null, { cause })
  }
}

/** Unicode characters, not code units (Smithy specification, length trait). */
function countCharacters(value: string): number {
  return Array.from(value).length
}

function hiddenLength(length: number, bounds: Bounds, place: Place): readonly string[] {
  return lengthConstraints(length, bounds).map((constraint) => hiddenViolation(place, constraint))
}

function lengthConstraints(length: number, { min, max }: Bounds): string[] {
  if (length < min) return [`Member must have length greater than or equal to ${min}`]
  if (length > max) return [`Member must have length less than or equal to ${max}`]
  return []
}
