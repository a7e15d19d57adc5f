import type { JsonObject } from '../core/json.ts'
import { printable } from '../decisions/printable.ts'
import type { CallCase, PolicyChange, ProvenCall } from '../lint/finding.ts'
import type { PlacedFinding } from '../lint/lint-file.ts'
import type { FileReport } from './lint-json.ts'
import { labelled } from './labelled.ts'
import { wrapText } from './wrap-text.ts'

/** A file's findings for people at a terminal: place, what is wrong, the call that gets through, what to change. */
export function lintText({ name, findings, omitted }: FileReport): string {
  const label = name === '-' ? 'standard input' : name
  const lines = [
    ...findings.flatMap((placed) => [...describe(label, placed), '']),
    ...(omitted > 0 ? [`${label}: ${omitted} more findings`] : []),
    `${label}: ${summary(findings, omitted)}`,
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function summary(findings: readonly PlacedFinding[], omitted: number): string {
  if (findings.length === 0) return 'nothing found'
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = findings.filter(({ finding }) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return counts.join(', ') + (omitted > 0 ? ` and ${omitted} more` : '')
}

function describe(label: string, { finding, policy, region }: PlacedFinding): readonly string[] {
  const { rule, severity, message, calls, repair } = finding
  const where = `${label}:${region.startLine}:${region.startColumn}`
  const inside = policy === '' ? '' : ` in ${policy}`
  const proved = repair.proved ? ' (Tried: then it is denied.)' : ''
  return [
    `${where}: ${severity} [${rule}]${inside}`,
    ...wrapText('  ', message),
    ...calls.flatMap((call, at) =>
      describeCall(call, calls.length === 1 ? 'let in' : at === 0 ? 'first' : 'then'),
    ),
    ...labelled('repair', `${repair.text}${proved}`),
    ...describeChange(repair.change),
  ]
}

function describeCall({ document, case: call, by, reason }: ProvenCall, label: string): readonly string[] {
  const { action, principal, keyPolicy, keyArn } = call
  const context = Object.entries(call.context).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  const who =
    principal.roleArn === undefined ? principal.arn : `${principal.arn} (a session of ${principal.roleArn})`
  return [
    ...labelled(label, `${action} on ${keyArn}`),
    ...labelled('  by', `${who}${conditionsOf(call)}`),
    ...labelled('  with', [document, ...context].join('; ')),
    ...labelled('  because', `${by}: ${reason}`),
    ...(keyPolicy && isForeign(call)
      ? labelled('  under', `the key policy ${JSON.stringify(keyPolicy)}`)
      : []),
  ]
}

/** Of an identity policy the key policy says nothing that matters: it leaves all to identity policies. */
function isForeign({ keyPolicy }: CallCase): boolean {
  return !JSON.stringify(keyPolicy).includes(':root"')
}

function conditionsOf({ action, identityPolicies, grants }: CallCase): string {
  const owned = identityPolicies.length > 0 ? `, whose identity policy allows ${action}` : ''
  const granted = grants.length > 0 ? `, by the grant ${JSON.stringify(grants[0])}` : ''
  return `${owned}${granted}`
}

function describeChange(change: PolicyChange | null): readonly string[] {
  if (!change) return []
  if (change.kind === 'add-statement') return ['    Add:', ...layOut(change.statement)]
  const statements = change.kind === 'split-statement' ? change.statements : [change.statement]
  return [`    In place of Statement[${change.index}]:`, ...statements.flatMap(layOut)]
}

function layOut(statement: JsonObject): readonly string[] {
  return JSON.stringify(statement, null, 2)
    .split('\n')
    .map((line) => `      ${line}`)
}
