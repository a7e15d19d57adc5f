import { vi } from 'vitest'

const switched = process.env['ATTESTED_KMS_FUZZ']

/** How many times as many inputs are tried: `ATTESTED_KMS_FUZZ=100` asks for a hundred times as many. */
export const FACTOR = Math.max(1, Number(switched ?? 1))

/** Whether a long run was asked for, which then prints what it did. */
export const isLongRun = switched !== undefined

/** The same seed gives the same inputs; a fresh one unless `ATTESTED_KMS_FUZZ_SEED` names it. */
export const SEED = Number(process.env['ATTESTED_KMS_FUZZ_SEED'] ?? Math.trunc(Math.random() * 2 ** 31))

if (isLongRun) {
  vi.setConfig({ testTimeout: 30_000 * FACTOR })
  console.log(`ATTESTED_KMS_FUZZ_SEED=${SEED}, ${FACTOR} times as many inputs`)
}

/** Settings of a property that tries so many inputs in a short run. A failure prints the seed and the smallest input. */
export function runs(short: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: short * FACTOR, seed: SEED }
}
