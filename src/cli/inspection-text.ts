import type { AttestationInspection } from '../attestation/inspect.ts'
import { toPrintable } from '../attestation/printable.ts'
import type { FurtherFinding, WrongThing } from '../attestation/what-is-wrong.ts'
import { describeChain } from './inspection-chain-text.ts'
import { describeFields } from './inspection-fields-text.ts'
import type { InspectionJudgement } from './inspection-judgement.ts'
import { describePcrs } from './inspection-pcr-text.ts'
import { labelled } from './labelled.ts'
import { wrapText } from './wrap-text.ts'
import { toDistance, toDuration, toInstant } from './time-words.ts'

/**
 * What `attestation inspect` prints for a person: on top that nothing was verified, then what is wrong and how long the
 * document is acceptable, then what stands in it. Lines of 100 columns, printable ASCII apart from a few signs of ours.
 */
export function toInspectionText(
  file: string,
  inspection: AttestationInspection,
  judgement: InspectionJudgement,
): string {
  const sections = [
    [
      ...wrapText(
        '',
        `${toPrintable(file)}: ${inspection.length} bytes. Nothing here was verified: anybody can write this.`,
      ),
      ...describeFindings(judgement),
      ...describeBreak(inspection),
      ...labelled('judged at', `${toInstant(judgement.at)}, ${CLOCK_WORDS[judgement.clock]}`),
      ...labelled('acceptable', describeAcceptability(judgement)),
    ],
    describeFields(inspection, judgement),
    describePcrs(inspection.pcrs),
    describeChain(inspection.chain, judgement),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const CLOCK_WORDS = {
  present: 'the present time',
  fixed: 'as told by --at',
  document: 'the time that it names itself',
} as const

function describeFindings({ wrong, further }: InspectionJudgement): readonly string[] {
  if (!wrong) {
    return labelled('wrong', 'nothing was found. That is no verdict: `attestation verify` gives those.')
  }
  return [...labelled('wrong', describeWrong(wrong)), ...further.flatMap(describeFurther)]
}

function describeWrong({ code, message }: WrongThing): string {
  return `${code}: ${message}`
}

function describeFurther({ assuming, wrong }: FurtherFinding): readonly string[] {
  const assumed = assuming.map((assumption) => ASSUMPTION_WORDS[assumption]).join(' and ')
  return labelled('', `${assumed}: ${wrong ? describeWrong(wrong) : 'nothing else was found'}`)
}

const ASSUMPTION_WORDS = {
  'its own root': 'if its own root were trusted',
  'its own time': 'at its own time',
} as const

function describeBreak({ brokenAt }: AttestationInspection): readonly string[] {
  if (!brokenAt) return []
  const { within, offset, reason } = brokenAt
  return labelled('broken', `at byte ${offset} of the ${within}, ${reason}; below is what stands before`)
}

function describeAcceptability({ acceptability, at, clock, wrong }: InspectionJudgement): string {
  if (acceptability.state === 'unknown') {
    return 'at no known time: its timestamp or a window of its certificates cannot be read'
  }
  if (acceptability.state === 'never') {
    return 'at no time: its timestamp and its certificates have no moment in common'
  }
  const { state, from, until } = acceptability
  const window = `${toInstant(from)} to ${toInstant(until)}`
  const proviso = wrong && state === 'now' ? ', as far as time goes' : ''
  if (state === 'now') return `${window}, for another ${toDuration(until.getTime() - at.getTime())}${proviso}`
  if (state === 'not-yet') return `${window}, begins ${toDistance(from, at)}`
  return `${window}, expired ${toDuration(at.getTime() - until.getTime())} ${clock === 'present' ? 'ago' : 'before'}`
}
