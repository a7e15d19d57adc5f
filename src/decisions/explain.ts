import type {
  DecisionRecord,
  RecordedAttestation,
  RecordedCaller,
  RecordedDecision,
  RecordedGrant,
  RecordedMismatch,
  RecordedStatement,
} from './decision-record.ts'
import { printable } from './printable.ts'

/**
 * Tells how a request was decided, for people at a terminal: who asked for what, how its attestation document fared,
 * every decision with its reasons, its condition keys and its statements, and the result. Lines end with line feeds;
 * what came with the request is escaped.
 */
export function explainDecision(record: DecisionRecord): string {
  const { caller, result } = record
  const why = result.error === null ? '' : `: ${result.error}`
  const lines = [
    `Request  ${record.requestId}, ${record.time}`,
    `Asked    ${record.operation} in ${record.region}`,
    `Caller   ${caller.arn}${caller.accessKeyId === null ? ', unsigned' : `, access key ${caller.accessKeyId}`}`,
    ...explainSession(caller),
    `Key      ${record.keyArn ?? 'none'}`,
    `Result   ${result.outcome}${why}${result.reason === null ? '' : ` (${result.reason})`}`,
    ...(result.message === null ? [] : [`         ${result.message}`]),
    '',
    ...explainAttestation(record.attestation),
    ...record.decisions.flatMap((decision) => ['', ...explainOne(decision)]),
    ...(record.decisions.length === 0 ? ['', 'Policies were not asked.'] : []),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function explainSession({ roleArn, credentialsIssuedAt }: RecordedCaller): readonly string[] {
  if (roleArn === null) return []
  return [`         a session of ${roleArn}, credentials made ${credentialsIssuedAt ?? 'at an unknown time'}`]
}

function explainAttestation(attestation: RecordedAttestation | null): readonly string[] {
  if (!attestation) return ['Attestation document: none']
  const { verdict, code, kind, moduleId, timestamp, clock, judgedAt, checks } = attestation
  const passed = checks.filter((check) => check.outcome === 'passed').length
  const failed = checks.filter((check) => check.outcome === 'failed')
  return [
    `Attestation document: ${verdict}${code === null ? '' : `, ${code}`}`,
    `  ${kind ?? 'of unknown kind'}, module ${moduleId ?? 'unknown'}, made ${timestamp ?? 'at an unknown time'}` +
      `, judged at ${judgedAt ?? 'no known time'}, ${CLOCK_WORDS[clock]}`,
    `  ${passed} of ${checks.length} checks passed`,
    ...failed.map(
      (check) => `  failed: ${check.name} (${check.code})${check.detail === null ? '' : `: ${check.detail}`}`,
    ),
    ...(failed.length === 0 && attestation.message !== null ? [`  ${attestation.message}`] : []),
  ]
}

const CLOCK_WORDS = {
  present: 'the present time',
  fixed: 'UNSAFE: the time that --unsafe-attestation-clock fixed',
  document: 'UNSAFE: the time that the document names itself',
} as const

/** PCR10 behind PCR9. */
const BY_NAME = new Intl.Collator('en', { numeric: true })

function explainOne(decision: RecordedDecision): readonly string[] {
  const { action, resource, outcome, by } = decision
  const keys = Object.entries(decision.conditionKeys).sort(([a], [b]) => BY_NAME.compare(a, b))
  return [
    `Decision: ${action} on ${resource}: ${outcome}${by === null ? '' : `, by ${by}`}`,
    ...decision.reasons.map((reason, place) => `  ${place === 0 ? 'because' : '       '} ${reason}`),
    `  condition keys of the request:${keys.length === 0 ? ' none' : ''}`,
    ...keys.map(
      ([key, value]) => `    ${key} = ${typeof value === 'string' ? quoted([value]) : `[${quoted(value)}]`}`,
    ),
    `  statements:${decision.statements.length === 0 ? ' none' : ''}`,
    ...decision.statements.flatMap(explainStatement),
    ...(decision.grants.length === 0 ? [] : ['  grants:', ...decision.grants.flatMap(explainGrant)]),
  ]
}

function explainStatement(statement: RecordedStatement): readonly string[] {
  const { policy, effect, sid, matched, mismatch } = statement
  const name = `${policy}, Statement[${statement.statement}]${sid === null ? '' : ` ${quoted([sid])}`}`
  return [
    `    ${matched ? 'matches' : 'no match'}  ${effect.padEnd(5)}  ${name}`,
    ...(mismatch ? explainMismatch(mismatch) : []),
  ]
}

function explainGrant({ grant, mismatch }: RecordedGrant): readonly string[] {
  const line = `    ${mismatch === null ? 'matches' : 'no match'}  ${grant}`
  return mismatch === null ? [line] : [line, `      ${mismatch}`]
}

function explainMismatch({ element, operator, key, expected, actual }: RecordedMismatch): readonly string[] {
  const what = operator === null ? element : `${element} ${operator} ${key ?? ''}`
  return [
    `      ${what}`,
    `        expected  ${expected.length === 0 ? 'nothing: the statement leaves it out' : quoted(expected)}`,
    `        actual    ${actual.length === 0 ? 'absent from the request' : quoted(actual)}`,
  ]
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join(', ')
}
