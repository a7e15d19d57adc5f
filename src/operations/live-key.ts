import type { Clock } from '../core/clock.ts'
import type { KeyIdentity, KeyRecord, KeyStore } from '../store/key-store.ts'

/** What it takes to tell whether a key is still there. */
interface Living {
  readonly store: KeyStore
  readonly clock: Clock
}

/** Whether a key's deletion date has come. From then on it is gone for everybody, though the store may still hold it. */
export function isDue({ deletionDate }: Pick<KeyRecord, 'deletionDate'>, now: Date): boolean {
  return deletionDate !== null && deletionDate <= now
}

/** The key of that name; `undefined` where there is none, or its deletion date has come. */
export async function findLiveKey(
  { store, clock }: Living,
  identity: KeyIdentity,
): Promise<KeyRecord | undefined> {
  const key = await store.findKey(identity)
  return key && !isDue(key, clock.now()) ? key : undefined
}
