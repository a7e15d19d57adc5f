import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { cut } from './cut.ts'
import { toMemberName } from './member-name.ts'

/** What may enter of a value that can be anything; `undefined` where it is not of the kind that is looked for. */
type Shape = (value: JsonValue | undefined) => JsonValue | undefined

/** The sizes are such that whatever KMS takes is recorded whole: only of requests that are refused is anything cut. */
const TEXT_CHARACTERS = 2048
const DESCRIPTION_CHARACTERS = 8192
const POLICY_CHARACTERS = 32_768
const LIST_ITEMS = 64
const CONTEXT_CHARACTERS = 8192

const flag: Shape = (value) => (typeof value === 'boolean' ? value : undefined)
const number: Shape = (value) => (typeof value === 'number' ? value : undefined)
const text = textOf(TEXT_CHARACTERS)
const policy = textOf(POLICY_CHARACTERS)

function textOf(limit: number): Shape {
  return (value) => (typeof value === 'string' ? cut(value, limit) : undefined)
}

function listOf(item: Shape): Shape {
  return (value) =>
    Array.isArray(value)
      ? // What a JSON array holds is JSON; `Array.isArray` takes a readonly array for one of anything.
        (value as readonly JsonValue[]).slice(0, LIST_ITEMS).flatMap((one) => item(one) ?? [])
      : undefined
}

/** Members of other names do not enter. */
function structure(members: Readonly<Record<string, Shape>>): Shape {
  const shapes = Object.entries(members)
  return (value) => (isJsonObject(value) ? pick(value, shapes) : undefined)
}

/** Texts by names that the caller chose, up to a total length; `…` stands for the rest. */
const context: Shape = (value) => {
  if (!isJsonObject(value)) return undefined
  const kept: [string, string][] = []
  let left = CONTEXT_CHARACTERS
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') continue
    left -= key.length + inner.length
    if (left < 0) return Object.fromEntries([...kept, ['…', '…']])
    kept.push([key, inner])
  }
  return Object.fromEntries(kept)
}

function pick(input: JsonObject, shapes: readonly (readonly [string, Shape])[]): JsonObject {
  return Object.fromEntries(
    shapes.flatMap(([member, shape]) => {
      const value = shape(input[member])
      return value === undefined ? [] : [[toMemberName(member), value]]
    }),
  )
}

/**
 * Every member that may enter, by its name in the API of KMS. No plaintext, ciphertext, message, signature, public key,
 * attestation document, import or grant token is among them: what is not in this list stays out.
 */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['AliasName', text],
  ['BypassPolicyLockoutSafetyCheck', flag],
  ['Constraints', structure({ EncryptionContextEquals: context, EncryptionContextSubset: context })],
  ['CustomKeyStoreId', text],
  ['CustomerMasterKeySpec', text],
  ['Description', textOf(DESCRIPTION_CHARACTERS)],
  ['DestinationEncryptionAlgorithm', text],
  ['DestinationEncryptionContext', context],
  ['DestinationKeyId', text],
  ['DryRun', flag],
  ['DryRunModifiers', listOf(text)],
  ['EncryptionAlgorithm', text],
  ['EncryptionContext', context],
  ['GrantId', text],
  ['GranteePrincipal', text],
  ['KeyAgreementAlgorithm', text],
  ['KeyId', text],
  ['KeyPairSpec', text],
  ['KeySpec', text],
  ['KeyUsage', text],
  ['Limit', number],
  ['MacAlgorithm', text],
  ['Marker', text],
  ['MessageType', text],
  ['MultiRegion', flag],
  ['Name', text],
  ['NumberOfBytes', number],
  ['Operations', listOf(text)],
  ['Origin', text],
  ['PendingWindowInDays', number],
  ['Policy', policy],
  ['PolicyName', text],
  ['RetiringPrincipal', text],
  ['RotationPeriodInDays', number],
  ['SigningAlgorithm', text],
  ['SourceEncryptionAlgorithm', text],
  ['SourceEncryptionContext', context],
  ['SourceKeyId', text],
  ['TagKeys', listOf(text)],
  ['Tags', listOf(structure({ TagKey: text, TagValue: text }))],
  ['TargetKeyId', text],
  ['XksKeyId', text],
])

/**
 * `requestParameters` of a call: of the members that its operation has (`members`), those of the list above whose values
 * are of their type, under the names that CloudTrail gives them; `null` where that is nothing. `input` can hold anything.
 */
export function toRequestParameters(input: JsonObject, members: readonly string[]): JsonObject | null {
  const shapes = members.flatMap((member) => {
    const shape = SHAPES.get(member)
    return shape ? [[member, shape] as const] : []
  })
  const parameters = pick(input, shapes)
  // The entry of a call that encrypts or decrypts names the algorithm even where the request leaves it to the default
  // (AWS KMS Developer Guide, Decrypt).
  if (members.includes('EncryptionAlgorithm') && (input['EncryptionAlgorithm'] ?? null) === null) {
    return { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', ...parameters }
  }
  return Object.keys(parameters).length === 0 ? null : parameters
}
