import type { DataKeyPair, DataKeyPairSpec, RsaSpec } from './data-key-pair.ts'
import { RSA_SPECS } from './data-key-pair.ts'
import { KeysError } from './errors.ts'

/** Data key pairs, the slow ones made ahead of need. */
export interface KeyPairStock {
  /** Begins to make pairs ahead. Does not keep the process alive. */
  start(): void
  /**
   * Hands out a pair that nobody else gets: from the stock if there is one, else made in turn. Rejects with
   * `KeysError`: `KEY_PAIRS_BUSY` if too many wait already, `KEY_PAIRS_CLOSED` after `close`; and as the generator does.
   */
  take(spec: DataKeyPairSpec): Promise<DataKeyPair>
  /** Ends all making, wipes what is in stock, and turns away those that wait. */
  close(): void
}

/** How a stock is kept. */
export interface KeyPairStockOptions {
  /** How many pairs of each spec are kept ready; none of a spec that is not named. */
  readonly targets: ReadonlyMap<RsaSpec, number>
  /** How many pairs are made at a time, over all RSA specs. */
  readonly lanes: number
  /** How many callers may wait for an RSA pair at a time. */
  readonly waitingLimit: number
  /** Makes one pair. */
  readonly generate: (spec: DataKeyPairSpec) => Promise<DataKeyPair>
}

/** Some 150 kB, and on one core some seven seconds of making. */
export const DEFAULT_STOCK: ReadonlyMap<RsaSpec, number> = new Map([
  ['RSA_2048', 64],
  ['RSA_3072', 16],
  ['RSA_4096', 8],
])

/**
 * How many callers may wait for an RSA pair. Far below the number of calls that the service admits at a time, else
 * those who wait, minutes in a long queue, would keep everybody else out.
 */
export const DEFAULT_WAITING_LIMIT = 32

/** Threads of libuv's pool, unless the environment says otherwise (libuv documentation, Thread pool work scheduling). */
const POOL_THREADS = 4

/**
 * How many RSA pairs may be made at a time on a machine: one core is left for requests, and one thread of the pool
 * for signatures and files, which would else wait behind the generations.
 */
export function generationLanes(cores: number): number {
  return Math.max(1, Math.min(cores, POOL_THREADS) - 1)
}

/** Makes an empty stock. Nothing is made before `start` or `take`. */
export function createKeyPairStock(options: KeyPairStockOptions): KeyPairStock {
  const stock = new Stock(options)
  return {
    start: () => stock.start(),
    take: (spec) => (isRsa(spec) ? stock.take(spec) : options.generate(spec)),
    close: () => stock.close(),
  }
}

function isRsa(spec: DataKeyPairSpec): spec is RsaSpec {
  return RSA_SPECS.some((rsa) => rsa === spec)
}

interface Waiting {
  readonly spec: RsaSpec
  readonly resolve: (pair: DataKeyPair) => void
  readonly reject: (error: unknown) => void
}

/** A class, since it holds the pairs, those who wait for one, and the generations under way. */
class Stock {
  readonly #options: KeyPairStockOptions
  readonly #ready = new Map<RsaSpec, DataKeyPair[]>(RSA_SPECS.map((spec) => [spec, []]))
  /** Specs of the generations under way. */
  readonly #running: RsaSpec[] = []
  readonly #waiting: Waiting[] = []
  #filling = false
  /** Whether filling rests because the generator failed; the next request lets it go on. */
  #failed = false
  #closed = false

  constructor(options: KeyPairStockOptions) {
    this.#options = options
  }

  start(): void {
    this.#filling = !this.#closed
    this.#generate()
  }

  async take(spec: RsaSpec): Promise<DataKeyPair> {
    if (this.#closed) throw closed()
    this.#failed = false
    const pair = this.#ready.get(spec)?.shift()
    if (pair) {
      this.#generateSoon()
      return pair
    }
    if (this.#waiting.length >= this.#options.waitingLimit) {
      throw new KeysError('KEY_PAIRS_BUSY', 'too many requests wait for a key pair')
    }
    const { promise, resolve, reject } = Promise.withResolvers<DataKeyPair>()
    this.#waiting.push({ spec, resolve, reject })
    this.#generate()
    return promise
  }

  close(): void {
    this.#closed = true
    this.#filling = false
    for (const pairs of this.#ready.values()) for (const pair of pairs.splice(0)) pair.privateKey.wipe()
    for (const waiting of this.#waiting.splice(0)) waiting.reject(closed())
  }

  /** Fills the lanes: first for those who wait, in their order, then for the stock. */
  #generate(): void {
    while (this.#running.length < this.#options.lanes) {
      const spec = this.#nextWanted() ?? this.#nextMissing()
      if (!spec) return
      this.#running.push(spec)
      void this.#options.generate(spec).then(
        (pair) => this.#finish(spec, pair),
        (error: unknown) => this.#fail(spec, error),
      )
    }
  }

  /** Filling goes on behind a timer that keeps no process alive, whereas a generation under way does. */
  #generateSoon(): void {
    setTimeout(() => this.#generate(), 0).unref()
  }

  /** The spec of the first waiting request that no generation under way will serve. */
  #nextWanted(): RsaSpec | undefined {
    const spare = [...this.#running]
    return this.#waiting.find(({ spec }) => {
      const at = spare.indexOf(spec)
      if (at !== -1) spare.splice(at, 1)
      return at === -1
    })?.spec
  }

  /** The spec that its target is furthest from. */
  #nextMissing(): RsaSpec | undefined {
    if (!this.#filling || this.#failed) return undefined
    const [emptiest] = [...this.#options.targets]
      .map(([spec, target]) => ({ spec, filled: this.#expected(spec) / target }))
      .filter(({ filled }) => filled < 1)
      .sort((a, b) => a.filled - b.filled)
    return emptiest?.spec
  }

  #expected(spec: RsaSpec): number {
    const running = this.#running.filter((other) => other === spec).length
    return (this.#ready.get(spec)?.length ?? 0) + running
  }

  #finish(spec: RsaSpec, pair: DataKeyPair): void {
    const waiting = this.#settle(spec)
    if (waiting) waiting.resolve(pair)
    else if (this.#closed) pair.privateKey.wipe()
    else this.#ready.get(spec)?.push(pair)
    this.#next()
  }

  #fail(spec: RsaSpec, error: unknown): void {
    const waiting = this.#settle(spec)
    if (waiting) waiting.reject(error)
    // Else a generator that fails would be called without end.
    else this.#failed = true
    this.#next()
  }

  /** Ends a generation, and takes out of the queue the first who waits for its spec. */
  #settle(spec: RsaSpec): Waiting | undefined {
    this.#running.splice(this.#running.indexOf(spec), 1)
    const at = this.#waiting.findIndex((waiting) => waiting.spec === spec)
    return at === -1 ? undefined : this.#waiting.splice(at, 1)[0]
  }

  #next(): void {
    if (this.#waiting.length > 0) this.#generate()
    else this.#generateSoon()
  }
}

function closed(): KeysError {
  return new KeysError('KEY_PAIRS_CLOSED', 'no more key pairs are made')
}
