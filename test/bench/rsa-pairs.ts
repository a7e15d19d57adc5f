import type { Contender } from './comparison.ts'
import { CONNECTIONS } from './comparison.ts'
import type { Figures } from './figures.ts'
import { measureSlice, toFigures } from './figures.ts'
import type { LoadGenerator } from './load.ts'
import { RSA_PAIR } from './operations.ts'
import { waitUntilIdle } from './process-facts.ts'
import { signRequest } from './signed-request.ts'
import { hostOf } from './target.ts'

/** Fewer than the service keeps of RSA_2048 pairs, so that all come from the stock. */
const STOCKED_CALLS = 48
const PAUSE_MILLISECONDS = 40
/** More than it keeps. */
const DRAINING_CALLS = 80
const REFILL_LIMIT_MILLISECONDS = 60_000
const LONG_MILLISECONDS = 60_000

/** RSA_2048 key pairs: those that were made ahead, and what remains when the stock is empty. */
export interface RsaPairsReport {
  /** One connection, a call every 40 ms, fewer calls than the stock holds. */
  readonly fromStock: Figures
  /** One connection, the same number of calls without a pause. */
  readonly fromStockAtOnce: Figures
  /** An empty stock, by the number of connections: how fast pairs are made. */
  readonly sustained: Readonly<Record<string, Figures>>
}

/** Measures `GenerateDataKeyPair` with RSA_2048; each part begins with a full stock or an empty one. */
export async function measureRsaPairs(
  { target, subject }: Contender,
  { generator, sustainedMilliseconds }: { generator: LoadGenerator; sustainedMilliseconds: number },
): Promise<RsaPairsReport> {
  const { operation, member, body } = RSA_PAIR
  const request = (): Uint8Array => signRequest({ host: hostOf(target), operation, body: body(subject, 0) })
  const measure = async (
    connections: number,
    until: { readonly milliseconds: number; readonly calls?: number },
    pauseMilliseconds = 0,
  ): Promise<Figures> => {
    const slice = { requests: [request()], connections, until, pauseMilliseconds, member }
    return toFigures([await measureSlice(generator, target, slice)])
  }
  const stocked = { milliseconds: LONG_MILLISECONDS, calls: STOCKED_CALLS }
  await waitUntilIdle(target.pid, REFILL_LIMIT_MILLISECONDS)
  const fromStock = await measure(1, stocked, PAUSE_MILLISECONDS)
  await waitUntilIdle(target.pid, REFILL_LIMIT_MILLISECONDS)
  const fromStockAtOnce = await measure(1, stocked)
  await measure(16, { milliseconds: LONG_MILLISECONDS, calls: DRAINING_CALLS })
  const sustained: Record<string, Figures> = {}
  for (const connections of CONNECTIONS) {
    sustained[connections] = await measure(connections, { milliseconds: sustainedMilliseconds })
  }
  return { fromStock, fromStockAtOnce, sustained }
}
