import type { JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import type { Condition, ConditionTest } from './condition.ts'
import { foldKey } from './condition-context.ts'
import { compileContextTest } from './conditions/context-test.ts'
import type { OperatorForm } from './conditions/operator-table.ts'
import { findOperator } from './conditions/operator-table.ts'
import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'
import type { Template } from './template.ts'
import { parseTemplate, plainTemplate } from './template.ts'

/** Where a condition stands, and whether `${…}` is a variable there. */
export interface ConditionPlace {
  readonly path: string
  readonly variables: boolean
}

/**
 * Reads a `Condition` block. Throws `POLICY_CONDITION_INVALID`, `POLICY_OPERATOR_UNKNOWN`,
 * `POLICY_CONDITION_KEY_INVALID`, `POLICY_CONDITION_KEY_REPEATED`, `POLICY_CONDITION_VALUE_INVALID`,
 * `POLICY_CONDITION_OVERLY_PERMISSIVE`, `POLICY_VARIABLE_INVALID`.
 */
export function parseConditions(block: JsonValue, place: ConditionPlace): readonly Condition[] {
  return membersOf(block, place.path).flatMap(([operator, keys]) => {
    const inner = { ...place, path: `${place.path}.${operatorLabel(operator)}` }
    const form = parseOperator(operator, inner.path)
    const seen = new Set<string>()
    return membersOf(keys, inner.path).map(([key, values]) => {
      const condition = parseCondition({ operator, key, form }, values, inner)
      if (seen.has(condition.foldedKey)) {
        throw new PolicyError('POLICY_CONDITION_KEY_REPEATED', `${inner.path} names ${quote(key)} twice`)
      }
      seen.add(condition.foldedKey)
      return condition
    })
  })
}

function membersOf(value: JsonValue, path: string): readonly (readonly [string, JsonValue])[] {
  if (!isJsonObject(value)) throw new PolicyError('POLICY_CONDITION_INVALID', `${path} takes an object`)
  return Object.entries(value)
}

function operatorLabel(operator: string): string {
  return /^[\w:]{1,60}$/.test(operator) ? operator : quote(operator)
}

function parseOperator(text: string, path: string): OperatorForm {
  const form = findOperator(text)
  if (form) return form
  throw new PolicyError('POLICY_OPERATOR_UNKNOWN', `${path}: there is no such operator`)
}

function parseCondition(
  { operator, key, form }: { readonly operator: string; readonly key: string; readonly form: OperatorForm },
  values: JsonValue,
  { path, variables }: ConditionPlace,
): Condition {
  const foldedKey = foldKey(key)
  if (!/^[^\s:]+:./.test(key)) {
    throw new PolicyError('POLICY_CONDITION_KEY_INVALID', `${path}: ${quote(key)} has no service prefix`)
  }
  if (form.quantifier === 'all') refuseOverlyPermissive(foldedKey, `${path}: ${quote(key)}`)
  const { operator: row } = form
  const expected = (Array.isArray(values) ? (values as readonly JsonValue[]) : [values]).map((value) =>
    toText(value, row.name),
  )
  const known = expected.filter((text) => text !== undefined)
  const withVariables = variables && row.kind === 'value' && row.variables
  const templates = known.map((text) => (withVariables ? parseTemplate(text, path) : plainTemplate(text)))
  const complete = known.length === expected.length && known.length > 0
  const test = complete ? toTest(form, known, templates) : undefined
  if (!test) {
    throw new PolicyError(
      'POLICY_CONDITION_VALUE_INVALID',
      `${path}: ${quote(key)} lists no values, or one that the operator cannot take`,
    )
  }
  const { quantifier, ifExists } = form
  const used = [...new Set(templates.flatMap((template) => template.variables))]
  return { operator, key, foldedKey, expected: known, variables: used, quantifier, ifExists, test }
}

/**
 * Texts, numbers and truth values (IAM User Guide, Grammar of the IAM JSON policy language). Fractions are for numeric
 * operators: as a text one would have several spellings.
 */
function toText(value: JsonValue, operator: string): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value !== 'number') return undefined
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : operator.startsWith('Numeric')
  return exact ? value.toString() : undefined
}

function toTest(
  { operator }: OperatorForm,
  expected: readonly string[],
  templates: readonly Template[],
): ConditionTest | undefined {
  if (operator.kind === 'presence') {
    const matches = operator.compile(expected)
    return matches && { kind: 'presence', matches }
  }
  const matches = compileContextTest(operator, templates)
  return matches && { kind: 'value', negated: operator.negated, matches }
}

/**
 * `ForAllValues` holds where the key is absent, so on these single-valued keys it would let in callers who send no
 * such pair; AWS KMS refuses it (AWS KMS Developer Guide, Condition keys, `kms:EncryptionContext:<key>`).
 */
function refuseOverlyPermissive(foldedKey: string, what: string): void {
  if (!foldedKey.startsWith('kms:encryptioncontext:') && !foldedKey.startsWith('aws:requesttag/')) return
  throw new PolicyError(
    'POLICY_CONDITION_OVERLY_PERMISSIVE',
    `OverlyPermissiveCondition: ${what} has one value, and ForAllValues would also hold for requests that lack it`,
  )
}
