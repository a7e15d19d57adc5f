import type { InspectedPcr } from '../attestation/inspected-pcr.ts'
import { wrapText } from './wrap-text.ts'

/** Digits of a PCR: a value of another length is cut here. */
const VALUE_DIGITS = 96

/** One more than a document can have. */
const PCRS_SHOWN = 33

/** PCRs that hold something, each with its whole value; then those of zeros and of ones, together. */
export function describePcrs(pcrs: readonly InspectedPcr[]): readonly string[] {
  if (pcrs.length === 0) return []
  const full = pcrs.filter(({ state }) => state === 'value' || state === 'odd')
  return [
    'PCRs',
    ...full.slice(0, PCRS_SHOWN).flatMap(describePcr),
    ...(full.length > PCRS_SHOWN ? [`  and ${full.length - PCRS_SHOWN} more`] : []),
    ...describeAlike(
      'zero',
      pcrs.filter(({ state }) => state === 'zero'),
    ),
    ...describeAlike(
      'ones',
      pcrs.filter(({ state }) => state === 'ones'),
    ),
  ]
}

function describePcr({ index, value, meaning, note }: InspectedPcr): readonly string[] {
  const words = [meaning, note].filter((part) => part !== null)
  return [
    ...wrapText(
      `  ${`PCR${index}`.padEnd(7)}`,
      words.length === 0 ? 'of no known meaning' : words.join(': '),
    ),
    ...(value === ''
      ? []
      : [`    ${value.length > VALUE_DIGITS ? `${value.slice(0, VALUE_DIGITS - 1)}…` : value}`]),
  ]
}

/** One line for all that have the same value, sorted by what that says. */
function describeAlike(name: string, pcrs: readonly InspectedPcr[]): readonly string[] {
  if (pcrs.length === 0) return []
  const groups = Map.groupBy(pcrs, ({ note }) => note)
  const words = Array.from(groups, ([note, group]) => {
    const indexes = toRanges(group.map(({ index }) => index))
    return note === null || note === name ? indexes : `${indexes} (${note})`
  })
  return wrapText(`  all ${name}  `, words.join(', '))
}

/** `5`, `6`, `7`, `9` as `5-7 9`; keys that are no numbers stand for themselves. */
function toRanges(indexes: readonly string[]): string {
  const ranges: { first: string; last: string }[] = []
  for (const index of indexes) {
    const open = ranges.at(-1)
    if (open && Number(open.last) + 1 === Number(index)) open.last = index
    else ranges.push({ first: index, last: index })
  }
  return ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(' ')
}
