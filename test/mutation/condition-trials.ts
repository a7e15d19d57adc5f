import type { VerdictCase } from './cases.ts'
import { conditionMutations } from './conditions.ts'
import type { Subject, Trial } from './pool.ts'
import type { VerifierFile } from './sources.ts'

/**
 * Files and functions whose work shows in no verdict, with the tests that look after them. Each is the beginning of the
 * names of mutations.
 */
export const NOT_TRIED: Readonly<Record<string, string>> = {
  'attestation-report.ts ': 'lists checks for people: test/attestation/examine.test.ts',
  'progress.ts ': 'keeps what was read for reports: test/attestation/examine.test.ts',
  'distinguished-name.ts SHORT_NAMES:':
    'writes names for people: test/attestation/distinguished-name.test.ts',
  'distinguished-name.ts toNameText:': 'writes names for people: test/attestation/distinguished-name.test.ts',
  'distinguished-name.ts toRelativeNameText:': 'writes names for people: the same',
  'distinguished-name.ts toAttributeText:': 'writes names for people: the same',
  'distinguished-name.ts escapeValue:': 'writes names for people: the same',
  'recipient-key.ts findRecipientKeyFault:': 'tells people of a key: test/attestation/inspect.test.ts',
  'fact-store.ts ': 'saves time and changes no verdict: test/attestation/verification-cache.test.ts',
  'verification-cache.ts ': 'saves time and changes no verdict: test/attestation/verification-cache.test.ts',
  'trust-anchor.ts ': 'reads the files of operators, not documents: test/attestation/trust-anchor.test.ts',
}

/** A trial for every mutation of a condition, with the documents that are likely to notice it first. */
export function makeConditionTrials({ files, cases }: Subject): readonly Trial[] {
  return files.flatMap((file) => {
    const order = likelyFirst(file, cases)
    return conditionMutations(file)
      .filter(({ id }) => !Object.keys(NOT_TRIED).some((beginning) => id.startsWith(beginning)))
      .map((mutation) => ({ mutation, order, counted: [] }))
  })
}

/** A few good documents, then those that are refused in the file, then the rest. */
function likelyFirst({ text }: VerifierFile, cases: readonly VerdictCase[]): readonly number[] {
  const rank = ({ code }: VerdictCase, position: number): number => {
    if (code === null) return position % 10 === 0 ? 0 : 2
    return text.includes(`'${code}'`) ? 1 : 3
  }
  return [...cases.entries()]
    .map(([index, one]) => ({ index, rank: rank(one, index) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ index }) => index)
}
