import type { KeyObject } from 'node:crypto'
import type { KeyIdentity } from '../store/key-store.ts'

/** Unwrapped material that is held for the next use. */
export interface MaterialCache {
  /** The key of some material of a key; got by `load` if it is not held. What `load` rejects with is passed on. */
  get(identity: KeyIdentity, materialId: string, load: () => Promise<KeyObject>): Promise<KeyObject>
  /** Drops all material of a key. */
  forget(identity: KeyIdentity): void
  /** Drops everything. */
  clear(): void
}

/** A cache of at most `limit` keys; the one used least recently goes first. */
export function createMaterialCache(limit: number): MaterialCache {
  const held = new Map<string, KeyObject>()
  let forgotten = 0

  const hold = (name: string, key: KeyObject): void => {
    held.delete(name)
    held.set(name, key)
    for (const oldest of held.keys()) {
      if (held.size <= limit) break
      held.delete(oldest)
    }
  }

  return {
    async get(identity, materialId, load) {
      const name = `${prefixOf(identity)}${materialId}`
      const present = held.get(name)
      if (present) {
        hold(name, present)
        return present
      }
      const before = forgotten
      const loaded = await load()
      // What was dropped while it was being loaded must not come back.
      if (before === forgotten) hold(name, loaded)
      return loaded
    },
    forget(identity) {
      forgotten++
      for (const name of held.keys()) if (name.startsWith(prefixOf(identity))) held.delete(name)
    },
    clear() {
      forgotten++
      held.clear()
    },
  }
}

function prefixOf({ region, keyId }: KeyIdentity): string {
  return `${region}/${keyId}/`
}
