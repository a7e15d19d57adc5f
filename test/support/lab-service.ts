import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningService } from '../../src/compose/service.ts'
import { startService } from '../../src/compose/service.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import { readConfig } from '../../src/config/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'

/** The access key of lab mode, as README.md publishes it. */
export const LAB_CREDENTIALS = {
  accessKeyId: 'AKIALAB0000000000000',
  secretAccessKey: 'lab-secret-access-key-for-tests-only-0000',
}

/** A whole service in this process, on free ports, with a data directory of its own. */
export interface TestService extends RunningService {
  readonly dataDirectory: string
  readonly adminToken: string
  /** The lines of its log so far. */
  readonly log: readonly string[]
  /** Stops it and removes its data. */
  end(): Promise<void>
}

/** Starts a lab service. `flags` are added to `--lab` and free ports; `data` keeps a directory of the caller's. */
export async function startLabService(flags: ServeFlags = {}): Promise<TestService> {
  const dataDirectory = flags.data ?? mkdtempSync(join(tmpdir(), 'attested-kms-test-'))
  const log: string[] = []
  const config = readConfig({
    lab: true,
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
    ...flags,
    data: dataDirectory,
  })
  const service = await startService(config, {
    clock: systemClock,
    random: systemRandom,
    env: {},
    logLine: (line) => log.push(line),
  })
  return {
    ...service,
    dataDirectory,
    adminToken: readFileSync(join(dataDirectory, 'admin-token'), 'utf8'),
    log,
    async end() {
      await service.stop(1_000)
      if (flags.data === undefined) rmSync(dataDirectory, { recursive: true })
    },
  }
}
