import type { CheckGroup } from './check-groups.ts'
import { CHECK_GROUPS, groupOf } from './check-groups.ts'
import type { Comparison, Verdict } from './compare.ts'
import { explain } from './explanations.ts'
import type { OwnVerdict } from './packaged-documents.ts'
import type { Missing, Peer } from './peer.ts'
import { OWN } from './peers.ts'

/** A verifier with what it said, or why it was not asked. */
export interface Row {
  readonly peer: Peer
  readonly result: Comparison | Missing
}

/** The whole comparison in words, in Markdown; and whether anything in it needs a look. */
export function report(rows: readonly Row[], packaged: readonly OwnVerdict[]) {
  const asked = rows.flatMap(({ peer, result }) => ('missing' in result ? [] : [{ peer, result }]))
  const missing = rows.flatMap(({ peer, result }) =>
    'missing' in result ? [`* ${peer.name} ${peer.version}: ${result.missing}`] : [],
  )
  const refusals = groupRefusals(asked)
  const text = [
    ...table(
      ['verifier', 'root', 'clock', 'faults refused', 'crashes', 'oddities accepted', 'genuine accepted'],
      asked.map(overview),
    ),
    ...section('Not asked', missing),
    ...section('Faults accepted, by what is not checked', accepted(asked)),
    ...section('Faults accepted, one by one', acceptedIds(asked)),
    ...section('Good documents refused', [...refusals.entries()].map(toLine)),
    ...section("Our verdict on documents that others' packages bring", packaged.map(packagedLine)),
  ]
  const isFine =
    !refusals.has(UNEXPLAINED) &&
    packaged.every(({ code, expected }) => code === expected) &&
    asked.every((row) => row.peer !== OWN || isRight(row.result))
  return { text: text.join('\n'), isFine }
}

type Asked = Row & { readonly result: Comparison }

const UNEXPLAINED = 'nobody has found out why'

/** Whether ours refuses every fault that can be asked of others too, with its code, and accepts all that is good. */
function isRight({ faults, oddities, genuine, negative }: Comparison): boolean {
  return (
    faults.every(({ code, verdict, message }) => verdict === null || message === code) &&
    [...oddities, ...genuine].every(({ verdict }) => verdict === 'accepted') &&
    negative.every(({ verdict }) => verdict === 'refused')
  )
}

function overview({ peer, result }: Asked): readonly string[] {
  const { faults, oddities, genuine } = result
  const crashes = [...faults, ...oddities, ...genuine, ...result.negative]
  return [
    `${peer.name} ${peer.version}`,
    peer.root,
    peer.clock,
    outOf(faults, 'refused'),
    String(count(crashes, 'crashed')),
    outOf(oddities, 'accepted'),
    outOf(genuine, 'accepted'),
  ]
}

/** One row for each verifier, one column for each group of checks that others could be asked about. */
function accepted(asked: readonly Asked[]): readonly string[] {
  const ofGroup = ({ result }: Asked, group: CheckGroup): readonly Verdict[] =>
    result.faults.filter(({ code, verdict }) => verdict !== null && code !== null && groupOf(code) === group)
  const groups = CHECK_GROUPS.filter((group) => asked.some((row) => ofGroup(row, group).length > 0))
  return table(
    ['verifier', ...groups.map(({ name }) => name)],
    asked.map((row) => [
      row.peer.name,
      ...groups.map((group) => `${count(ofGroup(row, group), 'accepted')}/${ofGroup(row, group).length}`),
    ]),
  )
}

function acceptedIds(asked: readonly Asked[]): readonly string[] {
  const byFault = new Map<string, string[]>()
  for (const { peer, result } of asked) {
    for (const { id, what, code, verdict } of result.faults) {
      if (verdict !== 'accepted') continue
      const line = `* \`${id}\` (${code}): ${what}`
      byFault.set(line, [...(byFault.get(line) ?? []), peer.name])
    }
  }
  return [...byFault].map(([line, names]) => `${line}: ${names.join(', ')}`)
}

/** Verifiers and documents by the reason of the refusal. */
function groupRefusals(asked: readonly Asked[]): ReadonlyMap<string, readonly string[]> {
  const byReason = new Map<string, string[]>()
  for (const { peer, result } of asked) {
    for (const verdict of [...result.oddities, ...result.genuine]) {
      if (verdict.verdict === null || verdict.verdict === 'accepted') continue
      const reason = explain(peer.name, verdict) ?? UNEXPLAINED
      const line = `${peer.name}: ${verdict.id} (${verdict.message})`
      byReason.set(reason, [...(byReason.get(reason) ?? []), line])
    }
  }
  return byReason
}

function toLine([reason, documents]: readonly [string, readonly string[]]): string {
  return [`* ${reason}`, ...documents.map((line) => `  * ${line}`)].join('\n')
}

function packagedLine({ peer, file, code, expected }: OwnVerdict): string {
  const verdict = code === null ? 'accepted' : `refused, ${code}`
  return `* ${peer}, ${file}: ${verdict}${code === expected ? '' : `, but expected: ${expected ?? 'accepted'}`}`
}

function outOf(verdicts: readonly Verdict[], wanted: 'accepted' | 'refused'): string {
  return `${count(verdicts, wanted)}/${verdicts.filter(({ verdict }) => verdict !== null).length}`
}

function count(verdicts: readonly Verdict[], wanted: Verdict['verdict']): number {
  return verdicts.filter(({ verdict }) => verdict === wanted).length
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}
