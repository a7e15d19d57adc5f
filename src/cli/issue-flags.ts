import { X509Certificate, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseBase64 } from '../core/base64.ts'
import { parseHex, utf8 } from '../core/bytes.ts'
import type { Clock } from '../core/clock.ts'
import { parseRfc3339 } from '../core/rfc3339.ts'
import type { IssueOptions } from '../simulator/issue-document.ts'
import type { LabPki } from '../simulator/lab-pki.ts'
import { createLabPki } from '../simulator/lab-pki.ts'
import { PROFILES } from '../simulator/profile.ts'
import type { Command } from './command.ts'
import { Option, UsageError } from './command.ts'

/** The flags that name a lab. */
export interface LabFlags {
  readonly seed?: string
  readonly labRoot?: string
}

/** The flags that say what attests. */
export interface ModuleFlags {
  readonly pcr?: readonly string[]
  readonly debug?: true
  readonly region?: string
  readonly instanceId?: string
  readonly roleArn?: string
  readonly signingCert?: string
  readonly profile?: NonNullable<IssueOptions['profile']>
  readonly fault?: string
}

/** Adds the flags that say where something attests, and in which shape. */
export function addModuleOptions(command: Command): Command {
  return command
    .option('--region <region>', 'Region in the names of the certificates (default: us-east-1)')
    .option('--instance-id <id>', 'i- and 17 hexadecimal digits (default: follows from the lab)')
    .option('--role-arn <arn>', "role of the enclave's instance, measured into PCR3")
    .option(
      '--signing-cert <file>',
      'certificate that signed the enclave image, DER or PEM, measured into PCR8',
    )
    .addOption(
      new Option('--profile <year>', 'shape that documents had in a year (default: 2025)').choices(PROFILES),
    )
}

/** The flags of `attestation issue` as the command line gives them. */
export interface IssueFlags extends LabFlags, ModuleFlags {
  readonly kind: IssueOptions['kind']
  readonly publicKey?: string
  readonly keyPair?: string
  readonly nonce?: string
  readonly userData?: string
  readonly at: string
  readonly out?: string
  readonly encoding: 'raw' | 'base64'
}

/** The file in a lab service's data directory that holds its seed text. */
const SEED_FILE = 'lab-seed'

/** The lab that is to issue. Throws `UsageError` unless exactly one of `--seed` and `--lab-root` names it. */
export function labFromFlags({ seed, labRoot }: LabFlags): LabPki {
  if ((seed === undefined) === (labRoot === undefined)) {
    throw new UsageError(
      'give one of --seed TEXT (the text of serve --lab-seed) and --lab-root DIR (the data directory of a lab service)',
    )
  }
  if (seed !== undefined) return createLabPki({ seed })
  const path = join(labRoot ?? '', SEED_FILE)
  return createLabPki({ seed: new TextDecoder().decode(readInputFile(path)).replace(/\r?\n$/, '') })
}

/** What the flags ask for. Throws `UsageError` for flags that cannot be read and files that hold something else. */
export function optionsFromFlags(flags: IssueFlags, clock: Clock): IssueOptions {
  return {
    ...moduleFromFlags(flags),
    kind: flags.kind,
    at: flags.at === 'now' ? clock.now() : readFlag('--at', flags.at, parseRfc3339),
    publicKey: flags.publicKey === undefined ? null : readPublicKey(flags.publicKey),
    nonce: flags.nonce === undefined ? null : readBytes('--nonce', flags.nonce),
    userData: flags.userData === undefined ? null : readBytes('--user-data', flags.userData),
  }
}

/** What the flags say of the module that attests. Throws `UsageError` as `optionsFromFlags`. */
export function moduleFromFlags(flags: ModuleFlags): Omit<IssueOptions, 'kind' | 'at'> {
  return {
    region: flags.region,
    instanceId: flags.instanceId,
    pcrs: readPcrs(flags.pcr ?? []),
    debug: flags.debug,
    roleArn: flags.roleArn,
    signingCertificate: flags.signingCert === undefined ? undefined : readCertificate(flags.signingCert),
    profile: flags.profile,
    fault: flags.fault,
  }
}

function readFlag<Value>(flag: string, text: string, parse: (text: string) => Value): Value {
  try {
    return parse(text)
  } catch (cause) {
    throw new UsageError(`${flag}: ${cause instanceof Error ? cause.message : 'cannot be read'}`, { cause })
  }
}

/** `hex:…`, `base64:…`, `@FILE`, or else the UTF-8 bytes of the text itself. */
function readBytes(flag: string, text: string): Uint8Array {
  if (text.startsWith('@')) return readInputFile(text.slice(1))
  if (text.startsWith('hex:')) return readFlag(flag, text.slice(4), parseHex)
  if (text.startsWith('base64:')) return readFlag(flag, text.slice(7), parseBase64)
  return utf8(text)
}

function readPcrs(flags: readonly string[]): ReadonlyMap<number, Uint8Array> {
  const pcrs = new Map<number, Uint8Array>()
  for (const flag of flags) {
    const [, index, value = ''] = /^(\d{1,2})=(?:0x)?(.*)$/.exec(flag) ?? []
    if (index === undefined || pcrs.has(Number(index))) {
      throw new UsageError('--pcr takes N=HEX, each number once')
    }
    pcrs.set(Number(index), readFlag('--pcr', value, parseHex))
  }
  return pcrs
}

/** DER goes into the document byte for byte; PEM is turned into the DER it holds. */
function readPublicKey(path: string): Uint8Array {
  const content = readInputFile(path)
  const isPem = new TextDecoder('latin1')
    .decode(content.subarray(0, 64))
    .trimStart()
    .startsWith('-----BEGIN ')
  try {
    if (!isPem) {
      createPublicKey({ key: Buffer.from(content), format: 'der', type: 'spki' })
      return content
    }
    const pem = new TextDecoder().decode(content)
    if (!/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) throw new RangeError('not the PEM of a public key')
    return new Uint8Array(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
  } catch (cause) {
    throw new UsageError(`${path} holds no public key (SubjectPublicKeyInfo in DER or PEM)`, { cause })
  }
}

function readCertificate(path: string): Uint8Array {
  try {
    return new Uint8Array(new X509Certificate(readInputFile(path)).raw)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`${path} holds no X.509 certificate`, { cause })
  }
}

function readInputFile(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path))
  } catch (cause) {
    throw new UsageError(`${path} cannot be read`, { cause })
  }
}
