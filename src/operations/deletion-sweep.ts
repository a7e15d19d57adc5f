import type { Services } from './services.ts'

/**
 * Destroys every key whose deletion date has come, with its material and aliases, and fulfils with how many there were.
 * To be called from time to time; until then such keys are hidden from all requests. Rejects as the store does.
 */
export async function deleteDueKeys(
  services: Pick<Services, 'store' | 'keyRing' | 'clock'>,
): Promise<number> {
  let deleted = 0
  const now = services.clock.now()
  for (const { region, keyId } of await services.store.listKeysToDelete(now)) {
    if (!(await services.store.deleteKey({ region, keyId }, now))) continue
    services.keyRing.forget({ region, keyId })
    deleted++
  }
  return deleted
}
