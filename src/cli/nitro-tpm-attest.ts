import { createReadStream } from 'node:fs'
import { CodedError } from '../core/base-error.ts'
import { concatBytes } from '../core/bytes.ts'
import type { Clock } from '../core/clock.ts'
import { issueDocument } from '../simulator/issue-document.ts'
import { FIELD_LIMIT } from '../simulator/nsm/simulated-enclave.ts'
import { UsageError } from './command.ts'
import type { TpmFiles } from './nitro-tpm-arguments.ts'
import { parseTpmArguments, TPM_HELP } from './nitro-tpm-arguments.ts'
import { readTpmSettings } from './nitro-tpm-settings.ts'
import { describeSystemError } from './system-error.ts'

/** What the tool touches of the world around it, beside the files that it is given. */
export interface TpmToolIo {
  /** Results, on standard output. Fulfils once they are written, rejects where they cannot be. */
  write(output: string | Uint8Array): Promise<void>
  /** Diagnostics, on standard error; a line feed is added. */
  warn(line: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/** A refusal in the words of the module, as AWS's tool prints it. */
class ModuleRefusal extends Error {}

/**
 * Stands in for `nitro-tpm-attest` of aws/NitroTPM-Tools 1.x: the same flags, the bare document on standard output, and
 * the same exit statuses: 0, 1 for a failure, 2 for wrong use. What the real tool asks its TPM for follows from a lab
 * instead, which the environment names, see `readTpmSettings`. `args` are without the names of program and script. Never
 * rejects.
 */
export async function runNitroTpmAttest(args: readonly string[], io: TpmToolIo): Promise<0 | 1 | 2> {
  try {
    const files = parseTpmArguments(args)
    await io.write(files === 'help' ? TPM_HELP : await attest(files, io))
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      io.warn(
        `error: ${error.message}\n\nUsage: nitro-tpm-attest [OPTIONS]\n\nFor more information, try '--help'.`,
      )
      return 2
    }
    io.warn(`Error: ${describe(error)}`)
    return 1
  }
}

async function attest(files: TpmFiles, { env, clock }: TpmToolIo): Promise<Uint8Array> {
  const userData = await readField(files.userData)
  const nonce = await readField(files.nonce)
  const publicKey = await readField(files.publicKey)
  if ([userData, nonce, publicKey].some((field) => field !== null && field.length > FIELD_LIMIT)) {
    throw new ModuleRefusal('NSM error response: InputTooLarge')
  }
  const { pki, module } = readTpmSettings(env)
  const at = clock.now()
  return issueDocument(pki, { ...module, kind: 'nitrotpm', at, userData, nonce, publicKey }).document
}

/** The content of a file, as it is; a pipe will do. One byte over the limit is enough to see that it is too long. */
async function readField(path: string | null): Promise<Uint8Array | null> {
  if (path === null) return null
  const chunks: Uint8Array[] = []
  // Without an encoding set, the chunks of a file are buffers.
  for await (const chunk of createReadStream(path, { end: FIELD_LIMIT })) chunks.push(chunk as Uint8Array)
  return concatBytes(...chunks)
}

function describe(error: unknown): string {
  const system = describeSystemError(error)
  if (system !== undefined) return system
  if (error instanceof ModuleRefusal || error instanceof CodedError) return error.message
  return error instanceof Error ? error.message : 'an unknown failure'
}
