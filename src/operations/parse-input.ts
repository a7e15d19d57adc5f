import type { JsonObject } from '../core/json.ts'
import { KmsError } from './errors.ts'
import { type FieldTable, type InputOf, nullViolation, placeInside } from './field.ts'
import { refuseMisspeltRecipient } from './misspelt-recipient.ts'

/**
 * Reads the members of an input. Members that the table does not know are ignored; a member that is `null` is absent.
 * Throws `SerializationException` for the first value of a wrong type, in the order of the request, and else
 * `ValidationException` that names every constraint not met, in the order of the table.
 */
export function parseInput<Fields extends FieldTable>(
  fields: Fields,
  input: JsonObject,
  region: string,
): InputOf<Fields> {
  refuseMisspeltRecipient(input)
  const values = readMembers(fields, input)
  refuseViolations(fields, values, region)
  const members = Object.entries(fields).map(([member, field]) => [
    member,
    values.has(member) ? values.get(member) : field.ifAbsent,
  ])
  // Every member of the table is there with the value that its own field read, and no field found fault with it.
  return Object.fromEntries(members) as InputOf<Fields>
}

function readMembers(fields: FieldTable, input: JsonObject): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [member, value] of Object.entries(input)) {
    const field = Object.hasOwn(fields, member) ? fields[member] : undefined
    if (field !== undefined && value !== null) values.set(member, field.read(value))
  }
  return values
}

function refuseViolations(fields: FieldTable, values: ReadonlyMap<string, unknown>, region: string): void {
  const found = Object.entries(fields).flatMap(([member, field]) => {
    const place = placeInside({ path: '', region }, member)
    if (values.has(member)) return field.violations(values.get(member), place)
    return field.required ? [nullViolation(place)] : []
  })
  if (found.length === 0) return
  const count = found.length === 1 ? '1 validation error' : `${found.length} validation errors`
  throw new KmsError('ValidationException', `${count} detected: ${found.join('; ')}`)
}
