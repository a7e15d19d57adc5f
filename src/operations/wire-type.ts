import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts'
import { KmsError } from './errors.ts'

/** Types of the framework in front of KMS, as its errors name them with their article. */
type ScalarType = 'a Blob' | 'a Boolean' | 'a String' | 'an Integer'

/** Narrows a JSON value to a text. Throws `SerializationException`, as the other functions of this file do. */
export function textValue(value: JsonValue, wanted: ScalarType = 'a String'): string {
  if (typeof value !== 'string') return refuseScalar(value, wanted)
  // A lone surrogate cannot be kept, compared or answered without becoming another text.
  if (!value.isWellFormed()) throw serializationError(null)
  return value
}

/** Narrows a JSON value to a number. */
export function numberValue(value: JsonValue): number {
  return typeof value === 'number' ? value : refuseScalar(value, 'an Integer')
}

/** Narrows a JSON value to a boolean. */
export function booleanValue(value: JsonValue): boolean {
  return typeof value === 'boolean' ? value : refuseScalar(value, 'a Boolean')
}

/** Narrows a JSON value to a list. */
export function listValue(value: JsonValue): readonly JsonValue[] {
  // Of an array that came out of JSON; `isArray` narrows to `any[]`.
  if (Array.isArray(value)) return value as readonly JsonValue[]
  throw serializationError(isJsonObject(value) ? STRUCTURE_NOT_EXPECTED : 'Expected list or null')
}

/** Narrows a JSON value to a structure or a map. */
export function objectValue(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value
  throw serializationError(Array.isArray(value) ? LIST_NOT_EXPECTED : 'Expected null')
}

/** The refusal of a value whose type, or whose base64, is wrong. `text` is `null` where AWS's wording is not known. */
export function serializationError(text: string | null, options?: ErrorOptions): KmsError {
  return new KmsError('SerializationException', text, options)
}

const LIST_NOT_EXPECTED = 'Start of list found where not expected'
const STRUCTURE_NOT_EXPECTED = 'Start of structure or map found where not expected.'

function refuseScalar(value: JsonValue, wanted: ScalarType): never {
  if (Array.isArray(value)) throw serializationError(LIST_NOT_EXPECTED)
  if (isJsonObject(value)) throw serializationError(STRUCTURE_NOT_EXPECTED)
  throw serializationError(`${tokenOf(value)} can not be converted to ${wanted}`)
}

/** The name that the framework's JSON reader gives a scalar. */
function tokenOf(value: JsonValue): string {
  if (typeof value === 'string') return 'STRING_VALUE'
  if (typeof value === 'number') return 'NUMBER_VALUE'
  return value === true ? 'TRUE_VALUE' : 'FALSE_VALUE'
}
