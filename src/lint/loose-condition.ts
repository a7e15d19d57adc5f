import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import type { Statement } from '../policy/statement.ts'
import { isAboutAttestation } from './attestation-key.ts'
import { foldKey } from '../policy/condition-context.ts'
import type { RepairIdea } from './change.ts'
import { judgeValue } from './measurement.ts'
import type { LintSubject } from './subject.ts'
import { PLACEHOLDER, trustedMeasurements } from './trusted.ts'

const STRICT = 'StringEqualsIgnoreCase'

/** Makes the measurements of an allow be asked for under an operator that fails where they are absent. */
export function loosenedIdeas(subject: LintSubject, { index, effect }: Statement): readonly RepairIdea[] {
  const written = subject.written[index]
  const block = written?.['Condition']
  if (!written || effect !== 'Allow' || !isJsonObject(block)) return []
  const others = Object.entries(block).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) return []
    const left = Object.entries(keys).filter(([key]) => !isAboutAttestation(foldKey(key)))
    return left.length === 0 ? [] : [[operator, Object.fromEntries(left)] as const]
  })
  const kept = Object.fromEntries(others)
  const inner = kept[STRICT]
  const Condition = {
    ...kept,
    [STRICT]: { ...(isJsonObject(inner) ? inner : {}), ...strictKeys(subject, block) },
  }
  return [
    {
      text: `Name the measurements that may, under ${STRICT}, which fails where there is no document; what must not belongs into a Deny.`,
      change: { kind: 'replace-statement', index, statement: { ...written, Condition } },
    },
  ]
}

/** The keys as they are, with values that can be measurements; else what the policy trusts elsewhere, or a placeholder. */
function strictKeys(subject: LintSubject, block: JsonObject): JsonObject {
  const keys = Object.entries(block).flatMap(([operator, inner]) => {
    const negated = operator.includes('Not')
    if (!isJsonObject(inner) || operator === 'Null' || negated) return []
    return Object.entries(inner).filter(
      ([key, value]) => isAboutAttestation(foldKey(key)) && textsOf(value).some(isWhole),
    )
  })
  if (keys.length > 0) {
    return Object.fromEntries(keys.map(([key, value]) => [key, textsOf(value).filter(isWhole)]))
  }
  const trusted = trustedMeasurements(subject)
  return Object.keys(trusted).length > 1 ? { 'kms:RecipientAttestation:ImageSha384': PLACEHOLDER } : trusted
}

function isWhole(value: string): boolean {
  return judgeValue(value) === 'whole'
}

function textsOf(value: JsonValue): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  return list.filter((text) => typeof text === 'string')
}
