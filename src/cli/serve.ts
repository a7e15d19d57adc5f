import { startService } from '../compose/service.ts'
import type { ServeFlags } from '../config/config.ts'
import { readConfig } from '../config/config.ts'
import { CodedError } from '../core/base-error.ts'
import { systemRandom } from '../core/random.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { UsageError } from './command.ts'
import { listenForReload } from './reload-signal.ts'
import { stopSignal } from './stop-signal.ts'
import { describeService } from './welcome.ts'

/** How long calls under way may take to end once the service is told to stop. */
const GRACE_MILLISECONDS = 4_000

/** Codes of failures that are nobody's wrong use. */
const FAILURES: ReadonlySet<string> = new Set([
  'ADDRESS_IN_USE',
  'ADDRESS_UNAVAILABLE',
  'STORE_IN_USE',
  'SIMULATOR_SOCKET_IN_USE',
  'SIMULATOR_SOCKET_UNAVAILABLE',
])

/** `serve`: runs the service until SIGTERM or SIGINT; at SIGHUP it reads the seed file again. */
export const addServe: AddCommand = (parent, { io, run }) => {
  parent
    .command('serve')
    .summary('run the service')
    .description(
      'Runs the service. Prints one line of JSON on standard output when it answers; the log goes to standard error, ' +
        'the audit trail to files in the folder audit of the data directory.',
    )
    .option(
      '--listen <host:port>',
      'where KMS requests are answered; port 0 picks a free one',
      '127.0.0.1:4599',
    )
    .option(
      '--admin <host:port|unix:path>',
      'the admin listener; loopback or a Unix socket',
      '127.0.0.1:4600',
    )
    .option('--data <dir>', 'data directory, made if there is none', './attested-kms-data')
    .option(
      '--root-key <source>',
      'file:PATH or env:NAME (base64 of 32 bytes); default: a file in the data directory',
    )
    .option('--seed-file <file>', 'identities and keys, YAML or JSON; read again at SIGHUP')
    .option(
      '--attestation-root <[partition=]pem>',
      'a further trust anchor (repeatable); aws unless named',
      collect,
    )
    .option('--attestation-max-age <seconds>', 'refuse documents that are older')
    .option('--lab', 'lab mode: published credentials, a root of its own, documents on demand')
    .option('--lab-seed <text>', 'derive the lab root from a text (lab mode only)')
    .option(
      '--lab-nsm <path>',
      'Unix socket that stands in for the /dev/nsm of a simulated enclave (lab mode only)',
    )
    .option(
      '--unsafe-attestation-clock <document|time>',
      'verify documents at their own or a fixed time (lab mode only)',
    )
    .option('--unsafe-allow-unsigned', 'let unsigned requests in as user lab (lab mode only)')
    .option('--unsafe-expose-lab', 'let lab mode listen beyond loopback (lab mode only)')
    .action(run((flags: ServeFlags) => serve(flags, io)))
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

async function serve(flags: ServeFlags, io: CommandIo): Promise<ExitStatus> {
  const reload = listenForReload()
  try {
    const config = readConfig(flags)
    const stopped = stopSignal()
    const { clock, env } = io
    const service = await startService(config, {
      clock,
      env,
      random: systemRandom,
      logLine: (line) => io.warn(line),
    })
    const { kmsUrl: kms, adminUrl: admin, nsmUrl: nsm, unsafe } = service
    const mode = config.lab ? 'lab' : 'production'
    io.warn(describeService(service, config))
    reload.attach(service)
    io.write(
      `${JSON.stringify({ event: 'ready', kms, admin, nsm, mode, data: config.dataDirectory, unsafe })}\n`,
    )
    await stopped
    await service.stop(GRACE_MILLISECONDS)
    return 0
  } catch (error) {
    // A setting, file or store that cannot be used is wrong use; what the machine denies is a failure.
    if (error instanceof CodedError && !FAILURES.has(String(error.code))) {
      throw new UsageError(`${error.message} (${String(error.code)})`, { cause: error })
    }
    throw error
  } finally {
    reload.end()
  }
}
