import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CommandIo } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { addRecipientOpen } from '../../src/cli/recipient-open.ts'
import { systemClock } from '../../src/core/clock.ts'
import { makeEnvelope } from '../support/an-envelope.ts'
import { CMS_SAMPLES, NEEDS_CMS_SAMPLES } from '../support/cms-samples.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'attested-kms-'))
afterAll(() => rmSync(folder, { recursive: true }))

function save(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const key = makeRsaKey(2048)
const plaintext = Uint8Array.from({ length: 1500 }, (_, at) => at & 0xff)
const envelope = makeEnvelope({ key, plaintext })
const base64 = Buffer.from(envelope).toString('base64')
const envelopeFile = save('envelope.ber', envelope)
const pkcs8 = save('pkcs8.pem', key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
const pkcs1 = save('pkcs1.pem', key.privateKey.export({ type: 'pkcs1', format: 'pem' }))
const otherKey = save('other.pem', makeRsaKey(2048).privateKey.export({ type: 'pkcs8', format: 'pem' }))
const ecKey = save(
  'ec.pem',
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }),
)

interface Outcome {
  readonly status: number
  readonly out: Uint8Array
  readonly err: string
}

async function run(args: readonly string[], stdin: string | Uint8Array = ''): Promise<Outcome> {
  const out: Uint8Array[] = []
  const err: string[] = []
  const io: CommandIo = {
    write: (output) => void out.push(Buffer.from(output)),
    warn: (line) => void err.push(line),
    readStdin: () => Promise.resolve(Uint8Array.from(Buffer.from(stdin))),
    env: {},
    clock: systemClock,
  }
  const groups = [{ name: 'recipient', summary: 'x', commands: [addRecipientOpen] }]
  const status = await runProgram(['recipient', 'open', ...args], { top: [], groups }, io)
  return { status, out: new Uint8Array(Buffer.concat(out)), err: err.join('\n') }
}

const parsed = ({ out }: Outcome): unknown => JSON.parse(new TextDecoder().decode(out))

describe('recipient open with the key', () => {
  it.each([
    ['a raw file', [envelopeFile], ''],
    ['a file of base64', [save('envelope.b64', base64)], ''],
    ['raw bytes on standard input', ['-'], envelope],
    ['base64 with a line feed on standard input, unnamed', [], `${base64}\n`],
    ['base64 that is said to be base64', ['--encoding', 'base64'], base64],
  ])('writes the plaintext of %s and nothing else', async (_, args, stdin) => {
    expect(await run([...args, '--key', pkcs8], stdin)).toEqual({ status: 0, out: plaintext, err: '' })
  })

  it('takes the key in PKCS#1 too', async () => {
    expect(await run([envelopeFile, '--key', pkcs1])).toMatchObject({ status: 0, out: plaintext })
  })

  it('prints plaintext and parts with --json', async () => {
    const outcome = await run([envelopeFile, '--key', pkcs8, '--json'])
    expect(outcome).toMatchObject({ status: 0, err: '' })
    expect(parsed(outcome)).toMatchObject({
      file: envelopeFile,
      opened: true,
      code: null,
      message: null,
      plaintext: Buffer.from(plaintext).toString('base64'),
      envelope: { chunks: [1000, 504] },
    })
  })
})

describe('recipient open without a key', () => {
  it('takes the envelope apart on standard error and ends with 2 for the lack of a key', async () => {
    const { status, out, err } = await run([envelopeFile])
    expect([status, out.length]).toEqual([2, 0])
    expect(err).toContain('1504 bytes in 2 chunks: 1000 + 504')
    expect(err).toContain('No key was given; --key PEM opens the envelope (KEY_MISSING)')
  })

  it('does the same in JSON with --json', async () => {
    const outcome = await run([envelopeFile, '--json'])
    expect(outcome.status).toBe(2)
    expect(parsed(outcome)).toMatchObject({
      opened: false,
      code: 'KEY_MISSING',
      plaintext: null,
      envelope: { bytes: envelope.length, ciphertextBytes: 1504, chunks: [1000, 504] },
    })
  })

  it('shows an envelope whose recipient has no key identifier, and no IV', async () => {
    const changes = { rid: '3013300e310c300a06035504030c034b4d53020101', ivParameter: '' }
    const { err } = await run([save('issuer.ber', makeEnvelope({ key, plaintext, ...changes }))])
    expect(err).toContain('named by issuer and serial number')
    expect(err).toContain('initialisation vector none')
  })
})

describe('recipient open that cannot', () => {
  it('ends with 1 for another key: says so and shows whose the envelope is', async () => {
    const { status, out, err } = await run([envelopeFile, '--key', otherKey])
    expect([status, out.length]).toEqual([1, 0])
    expect(err).toContain('(ENVELOPE_FOR_ANOTHER_KEY)')
    expect(err).toContain('1504 bytes in 2 chunks: 1000 + 504')
  })

  it('ends with 1 for bytes that are no envelope', async () => {
    const outcome = await run(['--key', pkcs8, '--encoding', 'raw', '--json'], 'no envelope')
    expect(outcome.status).toBe(1)
    expect(parsed(outcome)).toMatchObject({
      file: '-',
      opened: false,
      code: 'ENVELOPE_ENCODING_INVALID',
      envelope: null,
    })
  })

  it('ends with 1 for DER of something else, even without a key', async () => {
    const { status, err } = await run(['--encoding', 'raw'], Uint8Array.of(0x30, 0))
    expect(status).toBe(1)
    expect(err).toContain('(ENVELOPE_STRUCTURE_INVALID)')
  })

  it.each([
    ['a key file that is not there', [envelopeFile, '--key', join(folder, 'none.pem')]],
    ['an EC key', [envelopeFile, '--key', ecKey]],
    ['an envelope for a key', [envelopeFile, '--key', envelopeFile]],
    ['an envelope file that is not there', [join(folder, 'none.ber'), '--key', pkcs8]],
    ['an unknown encoding', [envelopeFile, '--key', pkcs8, '--encoding', 'hex']],
    ['two files', [envelopeFile, envelopeFile, '--key', pkcs8]],
  ])('ends with 2 and a message for %s', async (_, args) => {
    const { status, out, err } = await run(args)
    expect([status, out.length]).toEqual([2, 0])
    expect(err).not.toBe('')
  })
})

describe.skipIf(CMS_SAMPLES.length === 0)(`recipient open on genuine envelopes${NEEDS_CMS_SAMPLES}`, () => {
  const samples = CMS_SAMPLES.map((sample) => [sample.file, sample] as const)

  it.each(samples.filter(([, { key: known }]) => known))('opens %s', async (_, sample) => {
    const { status, out } = await run([sample.path, '--key', String(sample.keyPath)])
    expect([status, Buffer.from(out).toString('hex')]).toEqual([0, sample.plaintext])
  })

  it.each(samples.filter(([, { key: known }]) => !known))(
    'takes %s apart to its chunks and ends with 2 for the lack of a key',
    async (_, sample) => {
      const { status, err } = await run([sample.path])
      expect(status).toBe(2)
      expect(err).toContain(`: ${sample.chunks.join(' + ')}\n`)
      expect(err).toContain('No key was given')
    },
  )
})
