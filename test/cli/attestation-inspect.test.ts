import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { after, JUDGED, KEYS, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes, map, text, uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import { rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'
import { runCli } from '../support/run-cli.ts'

let folder: string
/** A file with the root that the documents of these tests are under. */
let root: string
const good = makeAttestation()
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-inspect-'))
  root = join(folder, 'root.der')
  writeFileSync(root, good.chain[0] ?? '')
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly status: number
  readonly out: string
}

async function inspect(stdin: Uint8Array, args: readonly string[] = [], now = JUDGED): Promise<Run> {
  const { status, stdout } = await runCli(['attestation', 'inspect', '-', ...args], { stdin, now })
  return { status, out: stdout }
}

/** Inspects under the root of these tests. */
async function show(spec: AttestationSpec, args: readonly string[] = [], now = JUDGED): Promise<Run> {
  return inspect(makeAttestation({ chain: () => good.chain, ...spec }).bytes, ['--root', root, ...args], now)
}

/** What stands behind a label, lines put together. */
function row(out: string, label: string): string {
  const lines = out.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`  ${label} `))
  const end = lines.findIndex((line, index) => index > at && !line.startsWith(' '.repeat(14)))
  return at < 0
    ? ''
    : lines
        .slice(at, end)
        .map((line) => line.slice(14))
        .join(' ')
}

describe('attestation inspect', () => {
  it('says on top that nothing was verified, and then that nothing was found', async () => {
    const { status, out } = await show({})
    expect(status).toBe(0)
    expect(out.split('\n')[0]).toMatch(/^-: \d+ bytes\. Nothing here was verified/)
    expect(row(out, 'wrong')).toBe('nothing was found. That is no verdict: `attestation verify` gives those.')
    expect(out).not.toMatch(/accepted|genuine/)
  })

  interface Look {
    readonly spec?: AttestationSpec
    readonly args?: readonly string[]
    readonly now?: Date
  }
  const expiry =
    'CHAIN_EXPIRED: certificate was valid until 2026-01-15T15:00:00.000Z at its own time: nothing else was found'
  it.each<readonly [string, Look, string]>([
    ['a forged signature', { spec: { signWith: KEYS.stranger.privateKey } }, 'COSE_SIGNATURE_INVALID: '],
    ['age', { now: after(10_801) }, expiry],
    ['a maximum age', { args: ['--max-age', '0'] }, 'DOCUMENT_TOO_OLD: '],
    ['no recipient key', { args: ['--recipient-key'] }, 'RECIPIENT_KEY_MISSING: '],
    ['a time told', { args: ['--at', '2026-01-15T15:00:01Z'] }, 'CHAIN_EXPIRED: '],
    ['its own time', { args: ['--at', 'document'], now: after(99_999) }, 'nothing was found'],
  ])('says in a line what is wrong: %s', async (_, { spec = {}, args, now }, expected) => {
    const { status, out } = await show(spec, args, now)
    expect(row(out, 'wrong').startsWith(expected)).toBe(true)
    expect(status).toBe(0)
  })

  it('looks behind a root that nobody trusts', async () => {
    const { out } = await inspect(makeAttestation({ signWith: KEYS.stranger.privateKey }).bytes)
    expect(row(out, 'wrong')).toMatch(
      /^CHAIN_UNTRUSTED_ROOT: .* if its own root were trusted: COSE_SIGNATURE_INVALID: /,
    )
  })

  it.each<readonly [Date, readonly string[], string]>([
    [
      after(1, new Date('2026-01-15T12:00:00Z')),
      [],
      '2026-01-15T11:55:00.250Z to 2026-01-15T15:00:00Z, for another 2 h 59 min',
    ],
    [
      after(3 * 365.25 * 86_400 + 10_800),
      [],
      '2026-01-15T11:55:00.250Z to 2026-01-15T15:00:00Z, expired 3 years ago',
    ],
    [after(-360), [], '2026-01-15T11:55:00.250Z to 2026-01-15T15:00:00Z, begins in 1 min'],
    [
      after(90),
      ['--max-age', '60'],
      '2026-01-15T11:55:00.250Z to 2026-01-15T12:01:00.250Z, expired 30 s ago',
    ],
    [
      after(90),
      ['--at', '2026-01-15T16:00:00Z'],
      '2026-01-15T11:55:00.250Z to 2026-01-15T15:00:00Z, expired 1 h before',
    ],
  ])('says how long it is or was acceptable, at %s with %j', async (now, args, expected) => {
    expect(row((await show({}, args, now)).out, 'acceptable')).toBe(expected)
  })

  it('says so where no time suits', async () => {
    const spec = { fields: withField('timestamp', uint(5)) }
    expect(row((await show(spec)).out, 'acceptable')).toMatch(/^at no time: /)
  })

  it('says what the fields are', async () => {
    const { out } = await show({
      fields: (fields) => [
        ...withField(
          'nonce',
          bytes(hex('00 01 02')),
        )(withField('user_data', bytes(Buffer.from('{"a": 1}')))(fields)),
        [text('future'), hex('f5')],
      ],
    })
    expect(row(out, 'kind')).toBe('a Nitro enclave, 16 PCRs')
    expect(row(out, 'module')).toMatch(
      /^i-0123456789abcdef0-enc019bc13a1f3a0001, so on instance i-0123456789abcdef0, started 2026-01-15T/,
    )
    expect(row(out, 'Region')).toMatch(/^eu-test-1 \(partition aws\)/)
    expect(row(out, 'made')).toBe('2026-01-15T12:00:00.250Z, 1 s ago')
    expect(row(out, 'nonce')).toBe('3 bytes, binary: 000102')
    expect(row(out, 'user data')).toBe('8 bytes, JSON text: {"a": 1}')
    expect(row(out, 'public key')).toBe('–, so KMS has nothing to encrypt to')
    expect(row(out, 'field')).toBe('future = true (unknown)')
    expect(row(out, 'envelope')).toMatch(
      /^COSE_Sign1 without a tag; ES384 \(-35\); payload of \d+ bytes, a map of indefinite length; signature of 96 bytes/,
    )
  })

  it.each<readonly [string, Uint8Array, RegExp]>([
    [
      'RSA-2048',
      rsaSpki(TEST_MODULUS),
      /^294 bytes, RSA-2048 key, e = 65537 \(SubjectPublicKeyInfo\)\. KMS could encrypt to it\. SHA-256 [0-9a-f]{64}$/,
    ],
    ['e = 3', rsaSpki(TEST_MODULUS, 3n), /KMS could not encrypt to it\. RECIPIENT_KEY_EXPONENT_UNSAFE: /],
    ['raw', new Uint8Array(32).fill(7), /^32 bytes, perhaps a raw X25519.* RECIPIENT_KEY_NOT_SPKI/],
  ])('says whether KMS could encrypt to the public key: %s', async (_, key, expected) => {
    expect(row((await show({ fields: withField('public_key', bytes(key)) })).out, 'public key')).toMatch(
      expected,
    )
  })

  it('shows PCRs that hold something whole, and the others together', async () => {
    const { out } = await show({})
    expect(out).toContain(
      `  PCR4   id of the parent instance: not that of i-0123456789abcdef0\n    ${'04'.repeat(48)}\n`,
    )
  })

  it('says debug mode in words', async () => {
    const pcrs = [0, 1, 2, 3, 5, 6, 8].map((index) => [uint(index), bytes(new Uint8Array(48))] as const)
    const { out } = await show({ fields: withField('pcrs', map(pcrs)) })
    expect(row(out, 'kind')).toBe(
      'a Nitro enclave in DEBUG MODE: its parent instance reads its console, and PCR0 to PCR2 are zero',
    )
    expect(out).toContain(
      '  all zero  0-2 (debug mode), 3 (no IAM role), 5-6 (not used), 8 (debug mode, or not signed)\n',
    )
  })

  it('shows the chain as a tree with windows, each certificate further in than its issuer', async () => {
    const { out } = await show({}, [], after(2 * 86_400))
    const names = out.split('\n').filter((line) => / \((cabundle\[\d\]|certificate), \d+ bytes\)$/.test(line))
    expect(names.map((line) => [line.search(/[a-z]/), /[a-z]+/.exec(line)?.[0]])).toEqual([
      [2, 'root'],
      [6, 'regional'],
      [8, 'zonal'],
      [10, 'instance'],
      [12, 'leaf'],
    ])
    expect(out).toContain('2026-01-15T11:59:57Z to 2026-01-15T15:00:00Z (3 h 3 s), OVER for 1 day 21 h')
    expect(out).toContain('CA, path length 0, may sign certificates and documents')
    expect(out).toMatch(new RegExp(`SHA-256 ${good.anchor.sha256}, trust anchor\\s+${root}`))
    expect((await inspect(good.bytes)).out).toContain(`SHA-256 ${good.anchor.sha256}, no trust anchor`)
  })

  it('says verified false in JSON, and everything in full', async () => {
    const { status, out } = await show({}, ['--json'])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      file: '-',
      verified: false,
      wrong: null,
      further: [],
      clock: 'present',
      judgedAt: JUDGED.toISOString(),
      acceptable: { state: 'now', from: '2026-01-15T11:55:00.250Z', until: '2026-01-15T15:00:00.000Z' },
      stoppedBy: null,
      brokenAt: null,
      kind: 'nitro-enclave',
      timestamp: '2026-01-15T12:00:00.250Z',
      userData: null,
    })
  })

  it('shows what it can of a document that cannot be read to the end, with status 1', async () => {
    const broken = makeAttestation({ fields: withField('certificate', bytes(hex('30 00'))) }).bytes
    const { status, out } = await inspect(broken, ['--root', root])
    expect(status).toBe(1)
    expect(row(out, 'kind')).toMatch(/^a Nitro enclave/)
    expect(out).toMatch(/leaf: without a name \(certificate, 2 bytes\)\n\s+CERT_NOT_DER: /)
    const json = JSON.parse((await inspect(broken, ['--json'])).out)
    expect(json.stoppedBy).toMatchObject({ code: 'CERT_NOT_DER' })
    expect(json.chain.at(-1)).toMatchObject({ summary: null, fault: { code: 'CERT_NOT_DER' } })
  })

  it('says of a document that is cut off where that is, with status 1', async () => {
    const { status, out } = await inspect(good.bytes.subarray(0, 1_500))
    expect(status).toBe(1)
    expect(row(out, 'wrong')).toMatch(/^CBOR_TRUNCATED: /)
    expect(row(out, 'broken')).toMatch(/^at byte \d+ of the payload, the input ends/)
    expect(row(out, 'module')).toMatch(/^i-0123456789abcdef0-enc/)
  })

  it('says of garbage that it is none, with status 1', async () => {
    const { status, out } = await inspect(hex('00 ff 00'))
    expect([status, row(out, 'wrong')]).toEqual([1, expect.stringMatching(/^CBOR_TRAILING_BYTES/)])
  })

  it.each([
    ['--at', 'noon'],
    ['--max-age', '-1'],
    ['--root', '/none'],
    ['--encoding', 'utf8'],
  ])('takes %s as verify does, and refuses %s with status 2', async (...args) => {
    expect((await inspect(good.bytes, args)).status).toBe(2)
  })

  it('prints nothing that steers a terminal, whatever stands in the document', async () => {
    const evil = '\u{1b}[2J\u{9b}31m\r\n\u{202e}accepted'
    const { out } = await show({
      fields: (fields) => [
        ...withField(
          'module_id',
          text(evil),
        )(withField('digest', text(evil))(withField('user_data', bytes(Buffer.from(evil)))(fields))),
        [text(evil), text(evil)],
        [bytes(Buffer.from(evil)), hex('f6')],
      ],
    })
    expect(out).toMatch(/^[\n\x20-\x7e–…└]*$/)
    expect(out).toContain('\\u{1b}[2J')
  })

  it.skipIf(!haveGenuineDocuments)(
    `finds every genuine document expired today, and nothing else at its own time${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      for (const { bytes: document } of GENUINE_DOCUMENTS.filter((_, index) => index % 5 === 0)) {
        const { status, out } = await inspect(document, [], new Date('2040-01-01T00:00:00Z'))
        expect(status).toBe(0)
        expect(row(out, 'wrong')).toMatch(/^CHAIN_EXPIRED: .* at its own time: nothing else was found$/)
        expect(row(out, 'acceptable')).toMatch(/, expired \d+ years \d+ days ago$/)
      }
    },
  )
})
