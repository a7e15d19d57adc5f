import type { JsonObject } from '../core/json.ts'
import type { Condition } from '../policy/condition.ts'
import type { Statement } from '../policy/statement.ts'
import type { Register } from './attestation-key.ts'
import { registerOf, SPELLINGS } from './attestation-key.ts'
import { judgeValue } from './measurement.ts'
import type { LintSubject } from './subject.ts'

/** What stands where a measurement has to be filled in. */
export const PLACEHOLDER = 'REPLACE WITH THE 96 HEXADECIMAL DIGITS OF YOUR IMAGE'

/**
 * The measurements that the policy itself trusts, as the keys of a condition: of each kind of document the register that
 * pins the image best, with all its values. A placeholder where it names none that is whole.
 */
export function trustedMeasurements({ policy }: LintSubject): JsonObject {
  const named = policy.statements.flatMap((statement) =>
    statement.conditions.filter((condition) => isTrust(statement, condition)).flatMap(readTrust),
  )
  const keys = (['enclave', 'nitrotpm'] as const).flatMap((kind) => {
    const ofKind = named.filter(({ register }) => register.kind === kind)
    const best = ofKind.toSorted((a, b) => rank(a.register) - rank(b.register))[0]
    if (!best) return []
    const values = ofKind
      .filter(({ register }) => register.index === best.register.index)
      .flatMap((one) => one.values)
    return [[SPELLINGS.get(best.foldedKey) ?? best.foldedKey, [...new Set(values)]] as const]
  })
  if (keys.length === 0) return { 'kms:RecipientAttestation:ImageSha384': PLACEHOLDER }
  return Object.fromEntries(
    keys.map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

interface Trust {
  readonly foldedKey: string
  readonly register: Register
  readonly values: readonly string[]
}

/** An allow trusts what it lists, a deny what it does not deny. */
function isTrust({ effect }: Statement, { test }: Condition): boolean {
  return test.kind === 'value' && test.negated === (effect === 'Deny')
}

function readTrust({ foldedKey, expected, variables }: Condition): readonly Trust[] {
  const register = registerOf(foldedKey)
  const values = expected.map((text) => text.toLowerCase()).filter((text) => judgeValue(text) === 'whole')
  return register && values.length > 0 && variables.length === 0 ? [{ foldedKey, register, values }] : []
}

/** The lower, the better a register pins an image. */
function rank({ kind, index }: Register): number {
  const order = kind === 'enclave' ? [0, 2, 1, 8, 3, 4] : [4, 11, 9, 7, 8]
  const at = order.indexOf(index)
  return at < 0 ? order.length + index : at
}
