import type { OperationReport } from './comparison.ts'
import { SYMMETRIC_OPERATIONS } from './operations.ts'
import type { RsaPairsReport } from './rsa-pairs.ts'
import type { measureStart } from './start.ts'
import type { VerificationReport } from './verification.ts'

/** The parts of a report that goals are set for; those that were not measured are `null`. */
export interface Measured {
  readonly start: Awaited<ReturnType<typeof measureStart>> | null
  readonly memory: { readonly idle: number } | null
  readonly verification: Readonly<Record<string, VerificationReport>> | null
  readonly operations: {
    readonly plain: Readonly<Record<string, OperationReport>>
    readonly rsaPairs: RsaPairsReport | null
  } | null
}

/** A goal and what was measured; `met` is `null` where it was not. */
export interface Goal {
  readonly goal: string
  readonly measured: number | null
  readonly met: boolean | null
}

/** Holds what was measured against what the project has set itself. */
export function judge({ start, memory, verification, operations }: Measured): readonly Goal[] {
  const reports = Object.values(verification ?? {})
  const ratioOf = (signatures: number) => reports.find((report) => report.signatures === signatures)?.ratio
  return [
    below('built program ready in under 250 ms, new directory', start?.built.newDirectory.median, 250),
    below(
      'built program ready in under 250 ms, existing directory',
      start?.built.existingDirectory.median,
      250,
    ),
    below('idle under 90 MB', memory?.idle, 90),
    below(
      'warm verification within 1.2 times two bare verifications, wall time against the synchronous form',
      ratioOf(2)?.wallToSync.median,
      1.2,
    ),
    below(
      'warm verification within 1.2 times two bare verifications, processor time',
      ratioOf(2)?.processorToPool.median,
      1.2,
    ),
    below('RSA_2048 pair from the stock under 2 ms at the median', operations?.rsaPairs?.fromStock.p50, 2),
    ...SYMMETRIC_OPERATIONS.flatMap((name) => fasterThanMoto(name, operations?.plain[name])),
  ]
}

function fasterThanMoto(name: string, report: OperationReport | undefined): readonly Goal[] {
  const connections = Object.entries(report?.connections ?? {})
  return connections.map(([count, { ratios }]) =>
    atLeast(
      `${name}: at least five times moto's calls a second, ${count} connection(s)`,
      ratios['moto']?.callsPerSecond,
      5,
    ),
  )
}

function below(goal: string, measured: number | undefined, limit: number): Goal {
  return { goal, measured: measured ?? null, met: measured === undefined ? null : measured <= limit }
}

function atLeast(goal: string, measured: number | undefined, limit: number): Goal {
  return { goal, measured: measured ?? null, met: measured === undefined ? null : measured >= limit }
}
