import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { foldKey } from '../policy/condition-context.ts'
import type { Statement } from '../policy/statement.ts'
import { isAboutAttestation } from './attestation-key.ts'
import type { RepairIdea } from './change.ts'
import { judgeValue } from './measurement.ts'
import type { LintSubject } from './subject.ts'
import { PLACEHOLDER } from './trusted.ts'

/** Takes zeros out of the measurements that a statement lists. */
export function withoutZeros(subject: LintSubject, { index }: Statement): readonly RepairIdea[] {
  const written = subject.written[index]
  const block = written?.['Condition']
  if (!written || !isJsonObject(block)) return []
  const Condition = mapMembers(block, (_, keys) =>
    isJsonObject(keys)
      ? mapMembers(keys, (key, value) => (isAboutAttestation(foldKey(key)) ? dropZeros(value) : value))
      : keys,
  )
  return [
    {
      text: 'Take the zeros out, and list measurements of images outside of debug mode only.',
      change: { kind: 'replace-statement', index, statement: { ...written, Condition } },
    },
  ]
}

function dropZeros(value: JsonValue): JsonValue {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  const left = list.filter((text) => typeof text !== 'string' || judgeValue(text) !== 'zero')
  if (left.length === list.length) return value
  return left.length === 0 ? PLACEHOLDER : left
}

function mapMembers(object: JsonObject, change: (name: string, value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]))
}
