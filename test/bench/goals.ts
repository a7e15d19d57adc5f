import type { AuthorizationReport } from './authorization.ts'
import type { OperationReport } from './comparison.ts'
import { SYMMETRIC_OPERATIONS } from './operations.ts'
import type { RsaPairsReport } from './rsa-pairs.ts'
import type { measureStart } from './start.ts'
import type { VerificationReport } from './verification.ts'
import type { RatesSection } from './verification-rates.ts'
import { ratesOf } from './verification-rates.ts'
import type { Beside, VerifiersReport } from './verifiers.ts'

/** The parts of a report that goals are set for; those that were not measured are `null`. */
export interface Measured {
  readonly start: Awaited<ReturnType<typeof measureStart>> | null
  readonly memory: { readonly idle: number } | null
  readonly authorization: AuthorizationReport | null
  readonly verification: Readonly<Record<string, VerificationReport>> | null
  readonly rates: RatesSection | null
  readonly verifiers: VerifiersReport | null
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

function authorizationGoals(report: AuthorizationReport | null): readonly Goal[] {
  const policy = 'over a policy of 32 KB and 200 statements under 1000 us at the median'
  return [
    below(`a decision that allows, ${policy}`, report?.decisionAllowed.p50, 1000),
    below(`a decision that denies, ${policy}`, report?.decisionDenied.p50, 1000),
    below('verification of a request signature under 100 us at the median', report?.signature.p50, 100),
  ]
}

/** Holds what was measured against what the project has set itself. */
export function judge(measured: Measured): readonly Goal[] {
  const { start, memory, verification, operations } = measured
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
    ...authorizationGoals(measured.authorization),
    ...rateGoals(measured.rates),
    ...verifierGoals(measured.verifiers),
    below('RSA_2048 pair from the stock under 2 ms at the median', operations?.rsaPairs?.fromStock.p50, 2),
    ...SYMMETRIC_OPERATIONS.flatMap((name) => fasterThanMoto(name, operations?.plain[name])),
  ]
}

/**
 * A document costs the signatures that are left to verify and little more. What a machine's bare verifications cost is
 * the only yardstick that holds on every machine; a tenth or so is left for the other checks, which run every time, and
 * two cores must really be used. Turns of the event loop stay short, since everything else of the service waits for
 * them.
 */
function rateGoals(rates: RatesSection | null): readonly Goal[] {
  const one = (signatures: number) => ratesOf(rates, { cores: 1, signatures })
  const two = (signatures: number) => ratesOf(rates, { cores: 2, signatures })
  const loop = rates?.cores[2]?.eventLoop
  return [
    atLeast('warm, one core: 0.85 of the bare rate for two signatures', one(2)?.fraction.median, 0.85),
    atLeast('the same by processor time', one(2)?.processorFraction.median, 0.85),
    atLeast('warm, two cores: 1.7 times the bare rate of one core', two(2)?.fraction.median, 1.7),
    // Two processors that share one core's arithmetic are worth less than two cores; this holds on those too.
    atLeast('warm, two cores: 0.85 of the bare rate of both', two(2)?.fractionOfAllCores.median, 0.85),
    atLeast('cold, one core: 0.85 of the bare rate for five signatures', one(5)?.fraction.median, 0.85),
    atLeast('the same by processor time', one(5)?.processorFraction.median, 0.85),
    below(
      'longest turn of the event loop under verification, ms, the median of each document',
      loop?.longestOfMedians,
      2,
    ),
  ]
}

/**
 * Nobody who needs only a verdict should be better off with another verifier: the worst of all ratios counts. On one
 * core, all do the same five verifications when nothing is known; what differs is the library and the rest.
 */
function verifierGoals(verifiers: VerifiersReport | null): readonly Goal[] {
  const one = typeof verifiers?.oneCore === 'object' ? verifiers.oneCore : undefined
  return [
    below('less time than every other verifier: one core, warm', worst(one, 'warm'), 1),
    below('less time than every other verifier: one core, cold', worst(one, 'cold'), 1),
    below('less time than every other verifier: all cores, cold', worst(verifiers?.allCores, 'cold'), 1),
  ]
}

function worst(beside: Beside | undefined, state: 'cold' | 'warm'): number | undefined {
  const ratios = Object.values(beside?.ratios ?? {}).map((ratio) => ratio[state])
  return ratios.length === 0 ? undefined : Math.max(...ratios)
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
