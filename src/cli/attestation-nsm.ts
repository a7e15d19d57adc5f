import { readSocketPath } from '../config/address.ts'
import { ConfigError } from '../config/errors.ts'
import { systemRandom } from '../core/random.ts'
import { SimulatorError } from '../simulator/errors.ts'
import type { NsmSocket } from '../simulator/nsm/nsm-socket.ts'
import { openNsmSocket } from '../simulator/nsm/nsm-socket.ts'
import type { SimulatedEnclave } from '../simulator/nsm/simulated-enclave.ts'
import { createEnclaveHost, startEnclave } from '../simulator/nsm/simulated-enclave.ts'
import { UsageError } from './command.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import type { LabFlags, ModuleFlags } from './issue-flags.ts'
import { addModuleOptions, labFromFlags, moduleFromFlags } from './issue-flags.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
Each connection to the socket takes requests to the Nitro Secure Module, one CBOR item each, and gives one CBOR item
back for each: what a program exchanges with /dev/nsm by ioctl. PCR0 to PCR15 are locked from the start; 16 to 31 are
the program's to extend and lock. Documents hang on the root of the lab and have the present time.
Prints one line of JSON on standard output when the socket answers; SIGTERM or SIGINT ends it.`

/** The flags of `attestation nsm` as the command line gives them. */
interface NsmFlags extends LabFlags, ModuleFlags {
  readonly listen?: string
  readonly longFields?: true
}

/** How long answers under way may take to be written once the module is told to stop. */
const GRACE_MILLISECONDS = 1_000

/** Codes of what the machine denies, which is nobody's wrong use. */
const FAILURES: ReadonlySet<string> = new Set(['SIMULATOR_SOCKET_IN_USE', 'SIMULATOR_SOCKET_UNAVAILABLE'])

/** `attestation nsm`: runs the Nitro Secure Module of one simulated enclave on a Unix socket, until SIGTERM or SIGINT. */
export const addAttestationNsm: AddCommand = (parent, { io, run }) => {
  const command = parent
    .command('nsm')
    .description('Run a pretended Nitro Secure Module on a Unix socket.')
    .option('--listen <unix:path>', 'the socket; only its owner may use it')
    .option('--seed <text>', 'the text of the lab, as for serve --lab-seed')
    .option('--lab-root <dir>', 'the data directory of a lab service, whose lab is used')
    .option('--pcr <n=hex>', 'a measurement in place of the default, 0 to 15; repeatable', appendPcr)
    .option('--debug', 'enclave in debug mode: PCR0, 1, 2 and 8 are zero')
  addModuleOptions(command)
    .option('--fault <id>', 'make every document faulty; attestation faults lists how')
    .option('--long-fields', 'take user data, nonces and public keys of over 1,024 bytes')
    .addHelpText('after', HELP)
    .action(run((flags: NsmFlags) => runNsm(flags, io)))
}

function appendPcr(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

async function runNsm(flags: NsmFlags, io: CommandIo): Promise<ExitStatus> {
  const { socket, enclave } = await open(flags, io)
  const stopped = stopSignal()
  const { moduleId, instanceId, region, debug } = enclave
  io.write(`${JSON.stringify({ event: 'ready', nsm: socket.url, moduleId, instanceId, region, debug })}\n`)
  await stopped
  await socket.close(GRACE_MILLISECONDS)
  return 0
}

/** What `serve` may listen on, such as an inherited `ATTESTED_KMS_LISTEN` with a TCP address, is no name for a file. */
function socketPathFrom({ listen = '' }: NsmFlags): string {
  if (listen.startsWith('unix:')) return readSocketPath(listen, '--listen')
  throw new UsageError('--listen takes unix:PATH, the path of a Unix socket')
}

interface OpenModule {
  readonly socket: NsmSocket
  readonly enclave: SimulatedEnclave
}

async function open(flags: NsmFlags, io: CommandIo): Promise<OpenModule> {
  try {
    const path = socketPathFrom(flags)
    const host = createEnclaveHost({ pki: labFromFlags(flags), clock: io.clock, random: systemRandom })
    const enclave = startEnclave(host, { ...moduleFromFlags(flags), longFields: flags.longFields })
    const onFault = (error: unknown): void =>
      io.warn(`attested-kms: ${error instanceof Error ? error.message : 'an unknown failure'}`)
    return { socket: await openNsmSocket(path, { respond: enclave.respond, onFault }), enclave }
  } catch (error) {
    const isUse = error instanceof SimulatorError ? !FAILURES.has(error.code) : error instanceof ConfigError
    if (error instanceof Error && isUse) throw new UsageError(error.message, { cause: error })
    throw error
  }
}
