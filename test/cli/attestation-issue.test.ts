import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'cborg'
import { afterAll, describe, expect, it } from 'vitest'
import { addAttestationFaults } from '../../src/cli/attestation-faults.ts'
import { addAttestationIssue } from '../../src/cli/attestation-issue.ts'
import type { CommandIo } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { toHex } from '../../src/core/bytes.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { codeFromVerifier } from '../simulator/code-from-verifier.ts'
import { readDocument } from '../simulator/read-document.ts'

const folder = mkdtempSync(join(tmpdir(), 'attested-kms-'))
afterAll(() => rmSync(folder, { recursive: true }))

function save(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spki = new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' }))
const privateKeyFile = save('private.pem', key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
const NOW = new Date('2026-04-21T22:09:27.456Z')
const SEED = ['--seed', 'command line']

interface Outcome {
  readonly status: number
  readonly out: Uint8Array
  readonly err: string
}

async function run(command: string, args: readonly string[], env: CommandIo['env'] = {}): Promise<Outcome> {
  const out: Uint8Array[] = []
  const err: string[] = []
  const io: CommandIo = {
    write: (output) => void out.push(Buffer.from(output)),
    warn: (line) => void err.push(line),
    readStdin: () => Promise.resolve(new Uint8Array()),
    env,
    clock: { now: () => NOW },
  }
  const commands = [addAttestationIssue, addAttestationFaults]
  const groups = [{ name: 'attestation', summary: 'x', commands }]
  const status = await runProgram(['attestation', command, ...args], { top: [], groups }, io)
  return { status, out: new Uint8Array(Buffer.concat(out)), err: err.join('\n') }
}

const issue = (...args: readonly string[]) => run('issue', args)

/** The fields of the document that a command line makes. */
const fieldsOf = async (...args: readonly string[]) => {
  const { status, out, err } = await issue(...SEED, ...args)
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return readDocument(out)
}

describe('attestation issue', () => {
  it('writes the bytes of an enclave document of the present time that the lab root verifies', async () => {
    const { status, out } = await issue(...SEED)
    expect(status).toBe(0)
    expect(readDocument(out).fields.get('timestamp')).toBe(NOW.getTime())
    const roots = [createLabPki({ seed: 'command line' }).rootCertificate]
    expect(await codeFromVerifier({ document: out, now: NOW, roots })).toBeNull()
  })

  it('makes a document of a time in the past, which has expired', async () => {
    const { out } = await issue(...SEED, '--at', '2026-04-21T19:00:00Z')
    const roots = [createLabPki({ seed: 'command line' }).rootCertificate]
    expect(await codeFromVerifier({ document: out, now: NOW, roots })).toBe('CHAIN_EXPIRED')
  })

  it('writes base64 and a line feed if asked to, and to a file', async () => {
    const path = join(folder, 'document.b64')
    const { out } = await issue(...SEED)
    const written = await issue(...SEED, '--encoding', 'base64', '--out', path)
    expect(written.out).toHaveLength(0)
    expect(readFileSync(path, 'utf8')).toBe(`${Buffer.from(out).toString('base64')}\n`)
  })

  it.each(['', '\n', '\r\n'])(
    'takes the lab of a data directory whose seed file ends with %j',
    async (end) => {
      save('lab-seed', `command line${end}`)
      expect((await issue('--lab-root', folder)).out).toEqual((await issue(...SEED)).out)
    },
  )

  it.each([
    ['DER', spki],
    ['PEM', key.publicKey.export({ type: 'spki', format: 'pem' })],
    ['PKCS#1 PEM', key.publicKey.export({ type: 'pkcs1', format: 'pem' })],
  ])('puts a public key in %s into the document as DER', async (_, content) => {
    const { fields } = await fieldsOf('--public-key', save('key', content))
    expect(fields.get('public_key')).toEqual(spki)
  })

  it.each([
    ['a text', 'a text', 'a text'],
    ['hexadecimal digits', 'hex:6120', 'a '],
    ['base64', 'base64:YSA=', 'a '],
    ['a file', `@${save('data', 'from a file')}`, 'from a file'],
  ])('takes nonce and user data as %s', async (_, flag, expected) => {
    const { fields } = await fieldsOf('--nonce', flag, '--user-data', flag)
    expect(Buffer.from(fields.get('nonce') as Uint8Array).toString()).toBe(expected)
    expect(Buffer.from(fields.get('user_data') as Uint8Array).toString()).toBe(expected)
  })

  it('takes measurements, each by its number', async () => {
    const { pcrs } = await fieldsOf('--pcr', `0=${'ab'.repeat(48)}`, '--pcr', `16=${'CD'.repeat(48)}`)
    expect(toHex(pcrs.get(0) ?? spki)).toBe('ab'.repeat(48))
    expect(toHex(pcrs.get(16) ?? spki)).toBe('cd'.repeat(48))
  })

  it('measures the role and the instance as the user guide says', async () => {
    const extended = (text: string) =>
      createHash('sha384').update(new Uint8Array(48)).update(text).digest('hex')
    const role = 'arn:aws:iam::111122223333:role/enclave-host'
    const { pcrs } = await fieldsOf('--role-arn', role, '--instance-id', 'i-0123456789abcdef0')
    expect(toHex(pcrs.get(3) ?? spki)).toBe(extended(role))
    expect(toHex(pcrs.get(4) ?? spki)).toBe(extended('i-0123456789abcdef0'))
  })

  it('measures the fingerprint of a signing certificate, DER or PEM', async () => {
    const der = createLabPki({ seed: 'signer' }).rootCertificate
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
    const fingerprint = createHash('sha384').update(der).digest()
    const expected = createHash('sha384').update(new Uint8Array(48)).update(fingerprint).digest('hex')
    for (const content of [der, pem]) {
      const { pcrs } = await fieldsOf('--signing-cert', save('certificate', content))
      expect(toHex(pcrs.get(8) ?? spki)).toBe(expected)
    }
  })

  it('makes a NitroTPM document, a debug document, an old shape, another Region', async () => {
    expect((await fieldsOf('--kind', 'nitrotpm')).fields.has('nitrotpm_pcrs')).toBe(true)
    expect((await fieldsOf('--debug')).pcrs.get(0)).toEqual(new Uint8Array(48))
    expect((await fieldsOf('--profile', '2024')).payload[0]).toBe(0xa9)
    const [, regional] = (await fieldsOf('--region', 'eu-central-1')).certificates
    expect(Buffer.from(regional ?? spki).toString('latin1')).toContain('eu-central-1')
  })

  it('makes a faulty document and says on standard error what a verifier must say', async () => {
    const { status, out, err } = await issue(...SEED, '--fault', 'chain-lab-root-without-lab-mode')
    expect(status).toBe(0)
    expect(decode(out)).toHaveLength(4)
    expect(err).toBe(
      'attested-kms: chain-lab-root-without-lab-mode: the document must be refused with CHAIN_UNTRUSTED_ROOT, ' +
        "verified with AWS's root alone trusted",
    )
  })

  it('takes flags from the environment', async () => {
    const { out } = await run('issue', [], {
      ATTESTED_KMS_SEED: 'command line',
      ATTESTED_KMS_PCR: `1=${'ab'.repeat(48)}`,
    })
    expect(toHex(readDocument(out).pcrs.get(1) ?? spki)).toBe('ab'.repeat(48))
  })
})

describe('attestation issue ends with status 2 and writes nothing', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['without a lab', [], /--seed TEXT .* --lab-root DIR/],
    ['with two labs', [...SEED, '--lab-root', folder], /give one of --seed/],
    ['for an empty seed', ['--seed', ''], /text that is not empty/],
    ['for a data directory without a lab', ['--lab-root', join(folder, 'none')], /lab-seed cannot be read/],
    ['for an unknown kind', [...SEED, '--kind', 'sgx'], /nitro-enclave, nitrotpm/],
    ['for an unknown shape', [...SEED, '--profile', '2020'], /2021, 2022, 2024, 2025/],
    ['for an unknown fault', [...SEED, '--fault', 'none'], /no fault has this id/],
    ['for an unknown encoding', [...SEED, '--encoding', 'hex'], /raw, base64/],
    ['for a time that is none', [...SEED, '--at', 'yesterday'], /--at: not a time/],
    ['for a time before the root', [...SEED, '--at', '2018-01-01T00:00:00Z'], /valid from 2019/],
    ['for no Region', [...SEED, '--region', 'moon'], /no Region/],
    ['for another form of instance id', [...SEED, '--instance-id', 'i-1'], /17 hexadecimal digits/],
    ['for a measurement without number', [...SEED, '--pcr', 'ab'.repeat(48)], /--pcr takes N=HEX/],
    [
      'for a measurement twice',
      [...SEED, '--pcr', `0=${'ab'.repeat(48)}`, '--pcr', `00=${'ab'.repeat(48)}`],
      /each number once/,
    ],
    ['for a measurement that is not hexadecimal', [...SEED, '--pcr', '0=xy'], /--pcr: not hexadecimal/],
    ['for a measurement of 32 bytes', [...SEED, '--pcr', `0=${'ab'.repeat(32)}`], /48 bytes/],
    ['for PCR32', [...SEED, '--pcr', `32=${'ab'.repeat(48)}`], /0 to 31/],
    ['for a nonce that is not base64', [...SEED, '--nonce', 'base64:?'], /--nonce: not base64/],
    ['for user data that cannot be read', [...SEED, '--user-data', '@/nowhere'], /cannot be read/],
    ['for a public key that is none', [...SEED, '--public-key', save('not-a-key', 'text')], /no public key/],
    ['for a private key', [...SEED, '--public-key', privateKeyFile], /no public key/],
    [
      'for a signing certificate that is none',
      [...SEED, '--signing-cert', save('not-a-certificate', 'x')],
      /no X\.509/,
    ],
    ['for a TPM in debug mode', [...SEED, '--kind', 'nitrotpm', '--debug'], /enclaves only/],
    [
      'for a file that cannot be written',
      [...SEED, '--out', join(folder, 'no', 'such')],
      /cannot be written/,
    ],
    ['for an argument', [...SEED, 'document.bin'], /too many arguments/],
  ])('%s', async (_, args, message) => {
    const { status, out, err } = await issue(...args)
    expect(status).toBe(2)
    expect(out).toHaveLength(0)
    expect(err).toMatch(message)
  })
})

describe('attestation faults', () => {
  it('lists id, what is wrong, code and how to verify, with --json as one array', async () => {
    const { status, out } = await run('faults', ['--json'])
    const faults = JSON.parse(new TextDecoder().decode(out))
    expect(status).toBe(0)
    const codes = faults.map(({ code }: { code: string | null }) => code)
    expect(codes.filter((code: string | null) => code !== null)).toHaveLength(259)
    // 44 that are odd, and 10 whose measurements belong to the other kind.
    expect(codes.filter((code: string | null) => code === null)).toHaveLength(54)
    expect(faults[0]).toEqual({
      id: 'input-empty',
      what: 'no bytes at all',
      code: 'INPUT_EMPTY',
      verifyWith: null,
    })
    expect(faults.find(({ id }: { id: string }) => id === 'time-older-than-max-age')).toMatchObject({
      code: 'DOCUMENT_TOO_OLD',
      verifyWith: { clock: { secondsAfterIssue: 601 }, maxAgeSeconds: 600 },
    })
    expect(faults.find(({ id }: { id: string }) => id === 'kind-tpm-document-enclave-pcr')).toMatchObject({
      code: null,
      policy: { expected: 'denied' },
    })
  })

  it('lists them for people without --json', async () => {
    const text = new TextDecoder().decode((await run('faults', [])).out)
    expect(text).toContain('chain-no-anchors  CHAIN_NO_ANCHORS\n')
    expect(text).toContain("    verify with the document's own time as clock\n")
    expect(text).toContain('tagged-18  accepted\n')
    expect(text).toMatch(
      /\nkind-debug-document-against-zeros {2}accepted\n.*\n {4}under the condition .*: allowed, /,
    )
  })
})
