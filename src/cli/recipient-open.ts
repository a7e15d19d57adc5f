import { readFile } from 'node:fs/promises'
import type { KeyObject } from 'node:crypto'
import { describeEnvelope, openEnvelope } from '../../enclave/client/envelope.ts'
import type { EnvelopeDescription } from '../../enclave/client/envelope.ts'
import { EnclaveError } from '../../enclave/client/errors.ts'
import { parseRecipientPrivateKey } from '../../enclave/client/recipient-key-pair.ts'
import { encodeBase64 } from '../core/base64.ts'
import { Option, UsageError } from './command.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { readInput } from './read-input.ts'

interface OpenFlags {
  readonly key?: string
  readonly encoding: 'auto' | 'raw' | 'base64'
  readonly json?: boolean
}

/** What came of one envelope. */
interface Opening {
  readonly status: ExitStatus
  /** `null` when it was opened. */
  readonly code: EnclaveError['code'] | 'KEY_MISSING' | null
  readonly message: string | null
  readonly plaintext: Uint8Array | null
  /** `null` where the bytes are no EnvelopedData. */
  readonly envelope: EnvelopeDescription | null
}

/** `recipient open`: opens a `CiphertextForRecipient`, or says why not and what can be told of it without the key. */
export const addRecipientOpen: AddCommand = (parent, { io, run }) => {
  parent
    .command('open')
    .description(
      'Open a CiphertextForRecipient with the private key of its recipient; the plaintext goes to stdout.',
    )
    .argument('[file]', 'the envelope; - is standard input', '-')
    .option('--key <pem>', 'file with the RSA private key, PKCS#8 or PKCS#1')
    .addOption(
      new Option('--encoding <encoding>', 'how the envelope is written')
        .choices(['auto', 'raw', 'base64'])
        .default('auto'),
    )
    .option(
      '--json',
      'print one object: plaintext in base64, the envelope taken apart, the reason of a refusal',
    )
    .action(run((file: string, flags: OpenFlags) => runOpen(file, flags, io)))
}

async function runOpen(file: string, flags: OpenFlags, io: CommandIo): Promise<ExitStatus> {
  const key = flags.key === undefined ? undefined : await readKey(flags.key)
  const opening = open(await readInput(file, flags.encoding, io), key)
  if (flags.json) io.write(`${JSON.stringify(toJson(file, opening))}\n`)
  else if (opening.plaintext) io.write(opening.plaintext)
  if (opening.code !== null) {
    if (opening.envelope && !flags.json) io.warn(toText(opening.envelope))
    io.warn(`attested-kms: ${opening.message} (${opening.code})`)
  }
  return opening.status
}

function open(bytes: Uint8Array, key: KeyObject | undefined): Opening {
  let envelope: EnvelopeDescription | null = null
  try {
    envelope = describeEnvelope(bytes)
    if (key) {
      return { status: 0, code: null, message: null, plaintext: openEnvelope(bytes, key), envelope }
    }
    const message = 'No key was given; --key PEM opens the envelope'
    return { status: 2, code: 'KEY_MISSING', message, plaintext: null, envelope }
  } catch (error) {
    if (!(error instanceof EnclaveError)) throw error
    return { status: 1, code: error.code, message: error.message, plaintext: null, envelope }
  }
}

async function readKey(file: string): Promise<KeyObject> {
  let pem: Uint8Array
  try {
    pem = await readFile(file)
  } catch (cause) {
    throw new UsageError(`the key file ${file} cannot be read`, { cause })
  }
  try {
    return parseRecipientPrivateKey(pem)
  } catch (cause) {
    throw new UsageError(`${file} holds no unencrypted RSA private key in PEM`, { cause })
  }
}

function toJson(file: string, { code, message, plaintext, envelope }: Opening): object {
  return {
    file,
    opened: plaintext !== null,
    code,
    message,
    plaintext: plaintext && encodeBase64(plaintext),
    envelope,
  }
}

function toText(envelope: EnvelopeDescription): string {
  const lengths = envelope.indefiniteLength ? 'indefinite lengths' : 'definite lengths'
  const count = envelope.chunks.length === 1 ? '1 chunk' : `${envelope.chunks.length} chunks`
  const recipients = envelope.recipients.map(
    ({ version, subjectKeyIdentifier, keyEncryptionAlgorithm, encryptedKeyBytes }) => [
      `  recipient, version ${version}`,
      `    key identifier  ${subjectKeyIdentifier ?? 'none: named by issuer and serial number'}`,
      `    encrypted key   ${encryptedKeyBytes} bytes, ${keyEncryptionAlgorithm}`,
    ],
  )
  return [
    `CMS EnvelopedData, version ${envelope.version}, ${envelope.bytes} bytes, ${lengths}`,
    ...recipients.flat(),
    `  content of type ${envelope.contentType}`,
    `    encryption      ${envelope.contentEncryptionAlgorithm}, initialisation vector ${envelope.iv ?? 'none'}`,
    `    ciphertext      ${envelope.ciphertextBytes} bytes in ${count}: ${envelope.chunks.join(' + ')}`,
  ].join('\n')
}
