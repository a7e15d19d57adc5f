import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import type { VerdictCase } from './cases.ts'
import { createCheckSwitches } from './check-switches.ts'
import type { Subject, Trial, TrialResult } from './pool.ts'

/** A trial for every check of the verifier with that check switched off: the documents of its own code first, all of them. */
export function makeCheckTrials({ files, cases }: Subject): readonly Trial[] {
  const switchOff = createCheckSwitches(files)
  return ATTESTATION_CHECKS.map(({ code }) => {
    const counted = positions(cases, (one) => one.code === code)
    const rest = positions(cases, (one) => one.code !== code)
    return { mutation: switchOff(code), counted, order: [...counted, ...rest] }
  })
}

function positions(cases: readonly VerdictCase[], are: (one: VerdictCase) => boolean): readonly number[] {
  return [...cases.entries()].filter(([, one]) => are(one)).map(([index]) => index)
}

/** A row of the table: the check, how it was switched off, and what that changed. */
export function toCheckRow(
  { mutation, changes }: TrialResult,
  cases: readonly VerdictCase[],
): readonly string[] {
  const own = cases.filter(({ code }) => code === mutation.id).length
  const [first] = changes
  if (!first) return [mutation.id, `0 of ${own}`, 'NOTHING CHANGES', '', mutation.shown]
  const { id, code } = cases[first.caseIndex] ?? { id: '?', code: null }
  const counted = changes.filter(({ caseIndex }) => cases[caseIndex]?.code === mutation.id).length
  return [mutation.id, `${counted} of ${own}`, id, `${word(code)} -> ${word(first.verdict)}`, mutation.shown]
}

function word(verdict: string | null): string {
  return verdict ?? 'accepted'
}
