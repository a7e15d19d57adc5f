import type { Config } from '../config/config.ts'
import type { Log } from '../http/log.ts'
import { createLog, toLoggedError } from '../http/log.ts'
import { deleteDueKeys } from '../operations/deletion-sweep.ts'
import type { Services } from '../operations/services.ts'
import type { ServiceEnvironment } from './foundation.ts'
import { openFoundation } from './foundation.ts'
import { openListeners } from './listeners.ts'
import { unsafeMarks } from './unsafe-marks.ts'

/** A service that answers. */
export interface RunningService {
  readonly kmsUrl: string
  readonly adminUrl: string
  /** What weakens it; empty in production mode. */
  readonly unsafe: readonly string[]
  /** The file that the access key of an administrator was just written to; `null` if none was made. */
  readonly administratorFile: string | null
  /** Stops accepting, lets calls under way end for at most `graceMilliseconds`, and closes the store. */
  stop(graceMilliseconds: number): Promise<void>
}

/** How often keys are looked for whose deletion date has come. */
const DELETION_SWEEP_MILLISECONDS = 60_000

/**
 * Starts the service: this room is the one place where concrete things are picked and bound together. Fulfils when
 * both listeners answer. Rejects with the typed error of the room that cannot work; then nothing is left running.
 */
export async function startService(config: Config, environment: ServiceEnvironment): Promise<RunningService> {
  await using cleanup = new AsyncDisposableStack()
  const foundation = await openFoundation(config, environment, cleanup)
  const unsafe = unsafeMarks(config)
  const { clock, random, logLine } = environment
  const log = createLog({ sink: logLine, clock, unsafe })
  const listeners = await openListeners(foundation, { config, clock, random, unsafe, log })
  const endSweep = startDeletionSweep(foundation.services, log)
  foundation.services.keyPairs.start()
  const running = cleanup.move()
  return {
    kmsUrl: listeners.kmsUrl,
    adminUrl: listeners.adminUrl,
    unsafe,
    administratorFile: foundation.administratorFile,
    async stop(graceMilliseconds) {
      endSweep()
      await listeners.close(graceMilliseconds)
      await running.disposeAsync()
    },
  }
}

function startDeletionSweep(services: Services, log: Log): () => void {
  const sweep = setInterval(() => {
    deleteDueKeys(services).catch((error: unknown) =>
      log.write({ level: 'error', event: 'deletion-fault', error: toLoggedError(error) }),
    )
  }, DELETION_SWEEP_MILLISECONDS)
  sweep.unref()
  return () => clearInterval(sweep)
}
