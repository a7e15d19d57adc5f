import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'

/** The files whose content goes into a document; null where none is given. */
export interface TpmFiles {
  readonly userData: string | null
  readonly nonce: string | null
  readonly publicKey: string | null
}

/** What `nitro-tpm-attest --help` prints. */
export const TPM_HELP = `Make a NitroTPM attestation document, in place of the tool of the same name that asks a TPM for one

Usage: nitro-tpm-attest [OPTIONS]

Options:
  -u, --user-data <USER_DATA>    File with user data for the document
  -n, --nonce <NONCE>            File with a nonce for the document
  -p, --public-key <PUBLIC_KEY>  File with a public key for the document
  -h, --help                     Print help

The document goes to standard output as it is. It hangs on the root of a lab, which the environment names:
  ATTESTED_KMS_SEED         the text that the lab is made from (the text of serve --lab-seed), or
  ATTESTED_KMS_LAB_ROOT     the data directory of a lab service
  ATTESTED_KMS_PCR          measurements in place of the defaults: N=HEX, several with a comma between
  ATTESTED_KMS_INSTANCE_ID  i- and 17 hexadecimal digits (default: follows from the lab)
  ATTESTED_KMS_REGION       Region in the names of the certificates (default: us-east-1)
  ATTESTED_KMS_PROFILE      shape that documents had in a year (default: 2025)
  ATTESTED_KMS_FAULT        make the document faulty; attested-kms attestation faults lists how
`

const FILE = { type: 'string', multiple: true } as const

/**
 * Reads the arguments of the tool. Throws `UsageError` for unknown ones, for an option without its value, and for one that
 * is given twice.
 */
export function parseTpmArguments(args: readonly string[]): TpmFiles | 'help' {
  const { values } = parse(args.map(withoutShortEquals))
  if (values.help) return 'help'
  return {
    userData: single('--user-data <USER_DATA>', values['user-data']),
    nonce: single('--nonce <NONCE>', values.nonce),
    publicKey: single('--public-key <PUBLIC_KEY>', values['public-key']),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        'user-data': { ...FILE, short: 'u' },
        nonce: { ...FILE, short: 'n' },
        'public-key': { ...FILE, short: 'p' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    // The first sentence says what is wrong; those behind it are advice to programmers.
    const message = cause instanceof Error ? cause.message.split(/[.\n]/, 1)[0] : 'wrong arguments'
    throw new UsageError(message ?? '', { cause })
  }
}

/** `-u=FILE` means `-u FILE` to the tool that is stood in for. */
function withoutShortEquals(arg: string): string {
  return arg.replace(/^(-[unp])=/, '$1')
}

function single(option: string, given: readonly string[] | undefined): string | null {
  if (given && given.length > 1) {
    throw new UsageError(`the argument '${option}' cannot be used multiple times`)
  }
  return given?.[0] ?? null
}
