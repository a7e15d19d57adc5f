import type { Config } from '../config/config.ts'
import type { Log } from '../http/log.ts'
import { createLog, toLoggedError } from '../http/log.ts'
import { deleteDueKeys } from '../operations/deletion-sweep.ts'
import type { Services } from '../operations/services.ts'
import type { NsmSocket } from '../simulator/nsm/nsm-socket.ts'
import type { ServiceEnvironment } from './foundation.ts'
import { openFoundation } from './foundation.ts'
import type { Lab } from './lab.ts'
import { openListeners } from './listeners.ts'
import { createSeedReload } from './seed-reload.ts'
import { unsafeMarks } from './unsafe-marks.ts'

/** A service that answers. */
export interface RunningService {
  readonly kmsUrl: string
  readonly adminUrl: string
  /** The socket of a simulated enclave, `unix:PATH`; `null` where there is none. */
  readonly nsmUrl: string | null
  /** What weakens it; empty in production mode, unless an operator trusts the root of a lab there. */
  readonly unsafe: readonly string[]
  /** The file that the access key of an administrator was just written to; `null` if none was made. */
  readonly administratorFile: string | null
  /** Reads the seed file again, and takes it whole or not at all; the log tells which. Never rejects. */
  reloadSeed(): Promise<void>
  /** Stops accepting, lets calls under way end for at most `graceMilliseconds`, and closes the store. */
  stop(graceMilliseconds: number): Promise<void>
}

/** How often keys are looked for whose deletion date has come. */
const DELETION_SWEEP_MILLISECONDS = 60_000

/** How long answers of the simulated module may take to be written, once the listeners are closed. */
const NSM_GRACE_MILLISECONDS = 500

/**
 * Starts the service: this room is the one place where concrete things are picked and bound together. Fulfils when
 * its listeners answer. Rejects with the typed error of the room that cannot work; then nothing is left running.
 */
export async function startService(config: Config, environment: ServiceEnvironment): Promise<RunningService> {
  await using cleanup = new AsyncDisposableStack()
  const foundation = await openFoundation(config, environment, cleanup)
  const unsafe = unsafeMarks(config, foundation.trustsLabRoot)
  const { clock, random, logLine } = environment
  const log = createLog({ sink: logLine, clock, unsafe })
  const nsm = await openNsm(foundation.lab, config, log)
  if (nsm) cleanup.defer(() => nsm.close(NSM_GRACE_MILLISECONDS))
  const listeners = await openListeners(foundation, { config, clock, random, unsafe, log })
  const endSweep = startDeletionSweep(foundation.services, log)
  foundation.services.keyPairs.start()
  const running = cleanup.move()
  return {
    kmsUrl: listeners.kmsUrl,
    adminUrl: listeners.adminUrl,
    nsmUrl: nsm?.url ?? null,
    unsafe,
    administratorFile: foundation.identities.administratorFile,
    reloadSeed: createSeedReload({ ...foundation, log }),
    async stop(graceMilliseconds) {
      endSweep()
      await listeners.close(graceMilliseconds)
      await running.disposeAsync()
    },
  }
}

/** Opens the socket of a simulated enclave, where one was asked for. Rejects as `Lab.openNsm`. */
async function openNsm(lab: Lab | null, config: Config, log: Log): Promise<NsmSocket | null> {
  const path = config.lab?.nsmSocket ?? null
  if (!lab || path === null) return null
  return lab.openNsm(path, (error) =>
    log.write({ level: 'error', event: 'nsm-fault', error: toLoggedError(error) }),
  )
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
