import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import { addAttestationVerify } from '../../src/cli/attestation-verify.ts'
import type { CommandIo } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { after, JUDGED, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes, uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import { rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'

const folder = mkdtempSync(join(tmpdir(), 'attested-kms-'))
afterAll(() => rmSync(folder, { recursive: true }))

function save(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
const base64 = (content: Uint8Array): string =>
  Buffer.from(content).toString('base64').replaceAll(/.{76}/g, '$&\r\n')

const good = makeAttestation()
const goodFile = save('good.bin', good.bytes)
const root = save('root.pem', pem(good.chain[0] ?? hex('')))
const stranger = save('stranger.pem', pem(makeAttestation().chain[0] ?? hex('')))
const truncated = save('truncated.bin', good.bytes.subarray(0, -1))

interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
}

interface Surroundings {
  readonly stdin?: Uint8Array
  readonly now?: Date
  readonly env?: CommandIo['env']
}

async function run(
  args: readonly string[],
  { stdin = new Uint8Array(), now = JUDGED, env = {} }: Surroundings = {},
): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []]
  const io: CommandIo = {
    write: (output) => void out.push(Buffer.from(output).toString()),
    warn: (line) => void err.push(line),
    readStdin: () => Promise.resolve(stdin),
    env,
    clock: { now: () => now },
  }
  const groups = [{ name: 'attestation', summary: 'x', commands: [addAttestationVerify] }]
  const status = await runProgram(['attestation', 'verify', ...args], { top: [], groups }, io)
  return { status, out: out.join(''), err: err.join('\n') }
}

const lines = ({ out }: Outcome): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('attestation verify --json', () => {
  it('says accepted in the contracted members, with status 0', async () => {
    const outcome = await run(['--json', '--root', root, goodFile])
    expect([outcome.status, outcome.err]).toEqual([0, ''])
    const [line = {}] = lines(outcome)
    expect(Object.keys(line)).toEqual([
      'file',
      'verdict',
      'code',
      'message',
      'kind',
      'checks',
      'document',
      'chain',
    ])
    expect(line).toMatchObject({
      file: goodFile,
      verdict: 'accepted',
      code: null,
      message: null,
      kind: 'nitro-enclave',
      document: {
        moduleId: 'i-0123456789abcdef0-enc019bc13a1f3a0001',
        timestamp: '2026-01-15T12:00:00.250Z',
        publicKey: null,
        userData: null,
        nonce: null,
      },
    })
    expect(line['document']).toHaveProperty(['pcrs', '5'], '05'.repeat(48))
    expect(line['checks']).toHaveLength(63)
    expect(line['checks']).toContainEqual({
      name: 'certificate signatures hold',
      code: 'CHAIN_SIGNATURE_INVALID',
      outcome: 'passed',
      detail: null,
    })
    expect(line['chain']).toHaveLength(5)
    expect(line['chain']).toHaveProperty('0.subject', 'CN=test.nitro-enclaves,OU=AWS,O=Amazon,C=US')
    expect(line['chain']).toHaveProperty('4.notAfter', '2026-01-15T15:00:00.000Z')
  })

  it('says rejected with what was read, unverified, and status 1', async () => {
    const outcome = await run(['--json', '--root', root, goodFile], { now: after(86_400 * 30) })
    expect(outcome.status).toBe(1)
    const [line = {}] = lines(outcome)
    expect(line).toMatchObject({
      verdict: 'rejected',
      verified: false,
      code: 'CHAIN_EXPIRED',
      message: 'cabundle[1] was valid until 2026-02-01T12:00:00.000Z',
      kind: 'nitro-enclave',
      document: { timestamp: '2026-01-15T12:00:00.250Z' },
    })
    expect(line['checks']).toContainEqual({
      name: 'certificates are still valid',
      code: 'CHAIN_EXPIRED',
      outcome: 'failed',
      detail: 'cabundle[1] was valid until 2026-02-01T12:00:00.000Z',
    })
  })

  it('says null for what was not reached', async () => {
    const [line] = lines(await run(['--json', '--root', root, truncated]))
    expect(line).toMatchObject({
      verdict: 'rejected',
      verified: false,
      code: 'CBOR_TRUNCATED',
      kind: null,
      document: null,
      chain: null,
    })
  })

  it('says null for a timestamp beyond every date', async () => {
    const odd = makeAttestation({ fields: withField('timestamp', uint(2n ** 53n - 1n)) })
    const outcome = await run(['--json', save('late.bin', odd.bytes)])
    expect(lines(outcome)[0]).toMatchObject({ code: 'CHAIN_UNTRUSTED_ROOT', document: { timestamp: null } })
  })

  it('prints one line a file, in order; one rejected file makes the status 1', async () => {
    const outcome = await run(['--json', '--root', root, goodFile, truncated, goodFile])
    expect(outcome.status).toBe(1)
    expect(lines(outcome).map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected', 'accepted'])
  })

  it('demands a recipient key where it is told to, and lists its checks', async () => {
    const [line] = lines(await run(['--json', '--recipient-key', '--root', root, goodFile]))
    expect(line).toMatchObject({ code: 'RECIPIENT_KEY_MISSING' })
    const attested = makeAttestation({ fields: withField('public_key', bytes(rsaSpki(TEST_MODULUS))) })
    const files = [
      '--root',
      save('own.pem', pem(attested.chain[0] ?? hex(''))),
      save('key.bin', attested.bytes),
    ]
    const [accepted = {}] = lines(await run(['--json', '--recipient-key', ...files]))
    expect(accepted).toMatchObject({ verdict: 'accepted' })
    expect(accepted['checks']).toHaveLength(ATTESTATION_CHECKS.length)
    expect(accepted['document']).toHaveProperty(
      'publicKey',
      Buffer.from(rsaSpki(TEST_MODULUS)).toString('base64'),
    )
  })
})

describe('attestation verify', () => {
  it.each([
    ['raw', good.bytes],
    ['raw', Buffer.concat([hex('d2'), good.bytes])],
    ['base64', Buffer.from(base64(good.bytes))],
    ['base64', Buffer.from(`${Buffer.from(good.bytes).toString('base64')}\n`)],
    ['hex', Buffer.from(Buffer.from(good.bytes).toString('hex'))],
    [
      'hex',
      Buffer.from(`${Buffer.from(good.bytes).toString('hex').toUpperCase().replaceAll(/.{64}/g, '$&\n')}\n`),
    ],
  ])('reads %s from standard input, told so and by itself', async (encoding, stdin) => {
    expect((await run(['--root', root, '--encoding', encoding, '-'], { stdin })).status).toBe(0)
    expect((await run(['--root', root, '-'], { stdin })).status).toBe(0)
  })

  it('takes base64 for bytes where it is told to', async () => {
    const stdin = Buffer.from(base64(good.bytes))
    expect((await run(['--root', root, '--encoding', 'raw', '-'], { stdin })).out).toMatch(
      /CBOR_TRAILING_BYTES/,
    )
  })

  it('rejects an empty input: INPUT_EMPTY', async () => {
    expect(await run(['-'])).toMatchObject({ status: 1, out: expect.stringMatching(/INPUT_EMPTY/) })
  })

  it.each([
    ['now', 0],
    ['document', 0],
    ['2026-01-15T13:00:00Z', 0],
    ['2026-01-15T14:00:00+01:00', 0],
    ['2027-01-15T13:00:00Z', 1],
  ])('judges --at %s with status %i', async (at, status) => {
    expect((await run(['--root', root, '--at', at, goodFile])).status).toBe(status)
  })

  it('judges at the time of the document although the present is another', async () => {
    const later = { now: after(86_400 * 365) }
    expect((await run(['--root', root, '--at', 'document', goodFile], later)).status).toBe(0)
    expect((await run(['--root', root, goodFile], later)).status).toBe(1)
  })

  it('keeps to a maximum age', async () => {
    expect((await run(['--root', root, '--max-age', '1', goodFile])).status).toBe(0)
    const outcome = await run(['--root', root, '--max-age', '0', goodFile])
    expect(outcome).toMatchObject({ status: 1, out: expect.stringMatching(/DOCUMENT_TOO_OLD/) })
  })

  it('trusts the roots of AWS where none is given, and only those given otherwise', async () => {
    expect((await run([goodFile])).out).toMatch(/CHAIN_UNTRUSTED_ROOT/)
    expect((await run(['--root', stranger, goodFile])).out).toMatch(/CHAIN_UNTRUSTED_ROOT/)
    expect((await run(['--root', stranger, '--root', root, goodFile])).status).toBe(0)
  })

  it('takes flags from the environment, but neither roots nor the time', async () => {
    const inherited = { env: { ATTESTED_KMS_MAX_AGE: '0' } }
    expect((await run(['--root', root, goodFile], inherited)).out).toMatch(/DOCUMENT_TOO_OLD/)
    const weakening = { env: { ATTESTED_KMS_ROOT: root, ATTESTED_KMS_AT: 'document' }, now: after(86_400) }
    expect((await run([goodFile], weakening)).out).toMatch(/CHAIN_UNTRUSTED_ROOT/)
    expect((await run(['--root', root, goodFile], weakening)).out).toMatch(/CHAIN_EXPIRED/)
  })

  it('tells a person what was accepted, and by which clock', async () => {
    const { out } = await run(['--root', root, '--at', 'document', goodFile])
    expect(out).toContain(`${goodFile}: accepted\n  nitro-enclave i-0123456789abcdef0-enc019bc13a1f3a0001\n`)
    expect(out).toContain('its own time: says nothing about now')
    expect(out).toContain(`PCR5      ${'05'.repeat(48)}`)
    expect(out).toContain('1 of 16 PCRs are zero')
  })

  it('tells a person which check failed', async () => {
    const { out } = await run(['--root', root, goodFile], { now: after(11_000) })
    expect(out).toBe(
      [
        `${goodFile}: rejected, CHAIN_EXPIRED`,
        '  certificate was valid until 2026-01-15T15:00:00.000Z',
        '  check 52 of 63: certificates are still valid',
        '  says of itself, unverified: nitro-enclave i-0123456789abcdef0-enc019bc13a1f3a0001',
        '',
      ].join('\n'),
    )
    expect((await run([truncated])).out.split('\n')).toHaveLength(4)
  })

  it.each([
    ['no file', []],
    ['a file that is not there', [join(folder, 'none')]],
    ['a folder', [folder]],
    ['a file that is not there behind a good one', [goodFile, join(folder, 'none')]],
    ['standard input twice', ['-', '-']],
    ['an unknown encoding', ['--encoding', 'pem', goodFile]],
    ['text that is not hex', ['--encoding', 'hex', goodFile]],
    ['bytes that are not base64', ['--encoding', 'base64', goodFile]],
    ['a time that is none', ['--at', 'yesterday', goodFile]],
    ['a day that is none', ['--at', '2026-02-30T00:00:00Z', goodFile]],
    ['an age that is none', ['--max-age', '-1', goodFile]],
    ['an age of text', ['--max-age', '1h', goodFile]],
    ['a root that is not there', ['--root', join(folder, 'none'), goodFile]],
    ['a root that is a document', ['--root', goodFile, goodFile]],
    ['a flag that is not there', ['--roots', root, goodFile]],
    ['a file of over 1 MiB', [save('large.bin', new Uint8Array(1024 * 1024 + 1))]],
  ])('ends with status 2, and prints no result, for %s', async (_, args) => {
    const outcome = await run(args)
    expect([outcome.status, outcome.out]).toEqual([2, ''])
    expect(outcome.err).not.toBe('')
  })

  it.skipIf(!haveGenuineDocuments)(
    `accepts genuine documents at their own time and rejects them now${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      const files = GENUINE_DOCUMENTS.map(({ path }) => path)
      const now = new Date()
      expect((await run(['--at', 'document', ...files], { now })).status).toBe(0)
      const outcome = await run(['--json', ...files], { now })
      expect([outcome.status, new Set(lines(outcome).map(({ code }) => code))]).toEqual([
        1,
        new Set(['CHAIN_EXPIRED']),
      ])
    },
  )
})
