import type { KeyRecord } from '../store/key-store.ts'
import { keyNotFound } from './found-key.ts'
import { isDue } from './live-key.ts'
import type { Scene } from './operation.ts'
import { requireKeyState } from './require-key-state.ts'
import type { KeySubject } from './subject.ts'

/**
 * Changes the key of a request in one step of the store: nothing comes between the checks, made once more on the key
 * as it is then, and the change. Answers the new record. Rejects with `KmsError`.
 */
export async function changeKey(
  operation: string,
  { key, services, reauthorize }: Scene & KeySubject,
  change: (record: KeyRecord) => KeyRecord,
): Promise<KeyRecord> {
  const { region, keyId } = key.record
  const changed = await services.store.updateKey({ region, keyId }, (current) => {
    if (isDue(current, services.clock.now())) throw keyNotFound(current, keyId)
    reauthorize(current)
    requireKeyState(operation, current)
    return change(current)
  })
  if (!changed) throw keyNotFound(key.record, keyId)
  return changed
}
