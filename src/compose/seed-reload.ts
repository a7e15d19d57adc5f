import { CodedError } from '../core/base-error.ts'
import type { Log } from '../http/log.ts'
import { toLoggedError } from '../http/log.ts'
import type { Services } from '../operations/services.ts'
import type { Identities } from './identities.ts'
import { makeSeedKeys } from './seed-keys.ts'

/** What a seed file is taken up with. */
interface ReloadSettings {
  readonly identities: Identities
  /** Where its keys are made. */
  readonly services: Pick<Services, 'store' | 'keyRing' | 'clock'>
  readonly log: Log
}

/**
 * Makes the function that reads the seed file again: its keys are made where they are absent, then its identities take
 * the place of the earlier ones, whole. Whatever fails leaves the earlier ones as they are, and is logged. Calls that
 * come meanwhile end in one more reading behind the present one. Never rejects.
 */
export function createSeedReload(settings: ReloadSettings): () => Promise<void> {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const run = async (): Promise<void> => {
    await takeUp(settings)
    running = next
    next = null
  }
  return () => {
    if (!running) return (running = run())
    return (next ??= running.then(run))
  }
}

async function takeUp({ identities, services, log }: ReloadSettings): Promise<void> {
  if (!identities.readAgain) {
    const message = 'the service was started without --seed-file: there is nothing to read again'
    return log.write({ level: 'warn', event: 'seed-file-absent', message })
  }
  try {
    const successor = await identities.readAgain()
    await makeSeedKeys(successor.keys, services)
    successor.take()
    log.write({ level: 'info', event: 'seed-file-taken' })
  } catch (error) {
    // Messages of our own rooms name the place in the file, and never a value of it.
    const known = error instanceof CodedError
    log.write({
      level: 'error',
      event: 'seed-file-refused',
      code: known ? String(error.code) : 'UNEXPECTED',
      message: known ? error.message : 'the identities stay as they are',
      ...(!known && { error: toLoggedError(error) }),
    })
  }
}
