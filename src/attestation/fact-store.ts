/** Values by key, bounded in number. */
export interface FactStore<Fact> {
  /** Answers a fact and counts that as use. */
  find(key: string): Fact | undefined
  /** Keeps a fact up to and including the second `untilSeconds` (since 1970). */
  keep(key: string, fact: Fact, untilSeconds: number): void
  /** Drops the facts whose time is over at `seconds`. */
  forgetExpired(seconds: number): void
  clear(): void
  readonly size: number
}

/** Makes an empty store; past `limit` facts the one that was not used for the longest time goes. */
export function createFactStore<Fact>(limit: number): FactStore<Fact> {
  // A Map keeps the order of insertion, and every use inserts anew: the first entry is the one unused for longest.
  const entries = new Map<string, { readonly fact: Fact; readonly untilSeconds: number }>()
  // No entry ends before this second, so that looking for expired ones is rarely needed.
  let firstEnd = Infinity
  const insert = (key: string, fact: Fact, untilSeconds: number): void => {
    entries.delete(key)
    entries.set(key, { fact, untilSeconds })
  }
  return {
    find(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      insert(key, entry.fact, entry.untilSeconds)
      return entry.fact
    },
    keep(key, fact, untilSeconds) {
      insert(key, fact, untilSeconds)
      firstEnd = Math.min(firstEnd, untilSeconds)
      if (entries.size <= limit) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
    forgetExpired(seconds) {
      if (seconds <= firstEnd) return
      firstEnd = Infinity
      for (const [key, { untilSeconds }] of entries) {
        if (untilSeconds < seconds) entries.delete(key)
        else firstEnd = Math.min(firstEnd, untilSeconds)
      }
    },
    clear() {
      entries.clear()
      firstEnd = Infinity
    },
    get size() {
      return entries.size
    },
  }
}
