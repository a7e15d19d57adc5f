import type { CertificatePlan } from './certificate-plan.ts'
import { RecentMap } from './recent-map.ts'

/** Which chains are used again. */
export interface ReusePolicy<Chain> {
  /** The lowest certificate of a chain; its age decides. */
  readonly lowest: (chain: Chain) => CertificatePlan
  /** Age in milliseconds from which a chain is used again: old enough for what begins before its first use. */
  readonly fromAge: number
  /** Age in milliseconds at which a chain is replaced. */
  readonly toAge: number
  readonly capacity: number
}

/** Chains down to one level, kept whole, since what hangs below a replaced certificate goes on hanging there. */
export class ReusedChains<Chain> {
  readonly #policy: ReusePolicy<Chain>
  readonly #chains: RecentMap<Chain>

  constructor(policy: ReusePolicy<Chain>) {
    this.#policy = policy
    this.#chains = new RecentMap(policy.capacity)
  }

  /** The chain of a name if it can be used at a time, else the one that `make` gives. */
  at(time: Date, name: string, make: () => Chain): Chain {
    const known = this.#chains.get(name)
    if (known !== undefined && this.#usable(known, time)) return known
    const made = make()
    this.#chains.set(name, made)
    return made
  }

  #usable(chain: Chain, time: Date): boolean {
    const { lowest, fromAge, toAge } = this.#policy
    const age = time.getTime() - lowest(chain).notBefore.getTime()
    return age >= fromAge && age < toAge
  }
}
