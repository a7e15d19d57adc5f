import { splitJson } from '../core/json-members.ts'
import { readCase, unusedMembers } from '../policy/case.ts'
import type { Decision } from '../policy/decision.ts'
import { PolicyError } from '../policy/errors.ts'
import { evaluate } from '../policy/evaluate.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { UsageError } from './command.ts'
import { readBytes } from './read-input.ts'

/** `policy evaluate`: decides authorization cases; status 1 if one of them is not allowed. */
export const addPolicyEvaluate: AddCommand = (parent, { io, run }) => {
  parent
    .command('evaluate')
    .description('Decide authorization cases, each with its policies and grants, and say why.')
    .argument('[file]', 'one case or an array of cases in JSON; - is standard input', '-')
    .option('--json', 'print {decision, by, reasons} for one case, an array of them for an array')
    .action(run((file: string, { json }: { readonly json?: true }) => runEvaluate(file, json === true, io)))
}

/** What the command prints of a decision. */
interface Answer {
  readonly decision: Decision['outcome']
  readonly by: Decision['by']
  readonly reasons: readonly string[]
}

/** Tables of thousands of cases are one file. */
const LIMIT_BYTES = 64 * 1024 * 1024

async function runEvaluate(file: string, json: boolean, io: CommandIo): Promise<ExitStatus> {
  const text = decodeText(await readBytes(file, io, LIMIT_BYTES))
  const isList = text.startsWith('[')
  const cases = isList ? splitJson(text).map((element) => element.text) : [text]
  const answers = cases.map(answerCase)
  if (json) {
    const printed = answers.map(({ answer }) => answer)
    io.write(`${JSON.stringify(isList ? printed : printed[0])}\n`)
  } else {
    io.write(answers.map(({ answer }, at) => toText(answer, isList ? `case ${at}: ` : '')).join(''))
  }
  warnOfUnused(cases, io)
  answers.forEach(({ fault }, at) => {
    if (fault !== null) io.warn(`attested-kms: case ${at} cannot be read: ${fault}`)
  })
  if (answers.some(({ fault }) => fault !== null)) return 2
  return answers.every(({ answer }) => answer.decision === 'allow') ? 0 : 1
}

/** Checks that the text is JSON, and takes the white space around it away. */
function decodeText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return text
  } catch (cause) {
    throw new UsageError('the input is not JSON in UTF-8', { cause })
  }
  throw new UsageError('the input is neither an authorization case nor an array of them')
}

/** Even what is no case gets a decision, a closed one: in a table, the others are to be answered all the same. */
function answerCase(text: string): { readonly answer: Answer; readonly fault: string | null } {
  try {
    const { outcome, by, reasons } = evaluate(readCase(text))
    return { answer: { decision: outcome, by, reasons }, fault: null }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const reasons = [`Nothing can be decided: ${error.message}.`]
    return { answer: { decision: 'implicit-deny', by: null, reasons }, fault: error.message }
  }
}

function toText({ decision, by, reasons }: Answer, label: string): string {
  const how = by === null ? '' : ` by ${by}`
  return [`${label}${decision}${how}`, ...reasons.map((reason) => `  ${reason}`), ''].join('\n')
}

/** What people write beside a case. */
const REMARKS: ReadonlySet<string> = new Set(['name', 'id', 'source', 'description', 'comment', 'expected'])

function warnOfUnused(cases: readonly string[], io: CommandIo): void {
  const names = new Set(cases.flatMap(unusedMembers).filter((name) => !REMARKS.has(name)))
  if (names.size === 0) return
  const shown = [...names].slice(0, 5).map((name) => JSON.stringify(name.slice(0, 60)))
  io.warn(`attested-kms: members that are not looked at: ${shown.join(', ')}${names.size > 5 ? ', …' : ''}`)
}
