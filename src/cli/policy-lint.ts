import { isAbsolute, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PolicyKind } from '../policy/statement.ts'
import type { PlacedFinding } from '../lint/lint-file.ts'
import { lintFile } from '../lint/lint-file.ts'
import type { Severity } from '../lint/rule.ts'
import { toSarif } from '../lint/sarif.ts'
import { isKeyArn } from '../lint/subject.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { Option, UsageError } from './command.ts'
import { lintJson } from './lint-json.ts'
import { lintText } from './lint-text.ts'
import { readBytes } from './read-input.ts'

interface LintFlags {
  readonly format: 'text' | 'json' | 'sarif'
  readonly json?: true
  readonly kind?: PolicyKind
  readonly keyArn?: string
  readonly level: Severity
  readonly requireAttestation?: true
}

/** `policy lint`: looks for ways round attestation in policies; status 1 if there is a finding. */
export const addPolicyLint: AddCommand = (parent, { io, run }) => {
  parent
    .command('lint')
    .description('Find ways round attestation in policies, each with a call that gets through and a repair.')
    .argument('<files...>', 'policies, or cases of policy evaluate, in JSON; - is standard input')
    .addOption(
      new Option('--format <format>', 'how findings are printed')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .addOption(
      new Option('--kind <kind>', 'what the policies are attached to; else seen by their principals').choices(
        ['key', 'identity'],
      ),
    )
    .option('--key-arn <arn>', 'the key that the policies are of, or are tried on')
    .addOption(
      new Option('--level <severity>', 'the least severity that counts')
        .choices(['error', 'warning', 'note'])
        .default('note'),
    )
    .option('--require-attestation', 'demand attestation even where a policy asks for none')
    .action(run((files: readonly string[], flags: LintFlags) => runLint(files, flags, io)))
}

/** Tables of thousands of cases are one file. */
const LIMIT_BYTES = 64 * 1024 * 1024
/** How many findings are printed of a file; the number of the others is told. */
const LIMIT_FINDINGS = 500

interface LintedFile {
  readonly name: string
  readonly findings: readonly PlacedFinding[]
  readonly omitted: number
}

async function runLint(names: readonly string[], flags: LintFlags, io: CommandIo): Promise<ExitStatus> {
  const { keyArn, kind, level, requireAttestation = false } = flags
  if (keyArn !== undefined && !isKeyArn(keyArn)) throw new UsageError('--key-arn takes the ARN of a key')
  const options = {
    level,
    requireAttestation,
    ...(kind && { kind }),
    ...(keyArn !== undefined && { keyArn }),
  }
  const files: LintedFile[] = []
  for (const name of names) {
    try {
      const all = lintFile(decodeText(name, await readBytes(name, io, LIMIT_BYTES)), options)
      const findings = all.slice(0, LIMIT_FINDINGS)
      files.push({ name, findings, omitted: all.length - findings.length })
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      io.warn(`attested-kms: ${error.message}`)
    }
  }
  print(files, flags.json ? 'json' : flags.format, io)
  if (files.length < names.length) return 2
  return files.some(({ findings }) => findings.length > 0) ? 1 : 0
}

function print(files: readonly LintedFile[], format: LintFlags['format'], io: CommandIo): void {
  if (format === 'sarif') {
    const log = toSarif(files.map(({ name, findings }) => ({ uri: uriOf(name), findings })))
    io.write(`${JSON.stringify(log, null, 2)}\n`)
    for (const { name, omitted } of files) {
      if (omitted > 0) io.warn(`attested-kms: ${name}: ${omitted} more findings`)
    }
  } else {
    const toOutput = format === 'json' ? lintJson : lintText
    io.write(files.map(toOutput).join(''))
  }
}

/** Checks that a file is JSON, an object or an array. */
function decodeText(name: string, bytes: Uint8Array): string {
  const label = name === '-' ? 'standard input' : name
  let value: unknown
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`${label} is not JSON in UTF-8`, { cause })
  }
  if (typeof value !== 'object' || value === null) {
    throw new UsageError(`${label} holds neither a policy nor an authorization case`)
  }
  return text
}

/** Code scanning finds a file by a relative reference with forward slashes; what lies elsewhere has its full URI. */
function uriOf(name: string): string {
  if (name === '-') return 'stdin'
  const path = relative(process.cwd(), name)
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(name).href
  return path.split(sep).map(encodeURIComponent).join('/')
}
