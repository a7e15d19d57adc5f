import type { JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import type { Condition } from '../policy/condition.ts'
import type { Statement } from '../policy/statement.ts'
import type { RepairIdea } from './change.ts'
import { withCondition } from './repair-ideas.ts'
import type { LintSubject } from './subject.ts'

/** Moves one key of a statement to another operator. */
export function renameOperator(
  subject: LintSubject,
  { index }: Statement,
  { operator, key }: Condition,
  name: string,
): readonly RepairIdea[] {
  const written = subject.written[index]
  const block = written?.['Condition']
  const keys = isJsonObject(block) ? block[operator] : undefined
  if (!written || !isJsonObject(block) || !isJsonObject(keys)) return []
  const { [key]: value = null, ...others } = keys
  const { [operator]: _moved, ...operators } = block
  const Condition: JsonObject =
    Object.keys(others).length === 0 ? operators : { ...operators, [operator]: others }
  const statement = withCondition({ ...written, Condition }, name, { [key]: value })
  return [{ text: `Use ${name}.`, change: { kind: 'replace-statement', index, statement } }]
}
