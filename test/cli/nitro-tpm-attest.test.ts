import { execFile, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runNitroTpmAttest } from '../../src/cli/nitro-tpm-attest.ts'
import { concatBytes, utf8 } from '../../src/core/bytes.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { codeFromVerifier } from '../simulator/code-from-verifier.ts'
import { readDocument } from '../simulator/read-document.ts'

const NOW = new Date('2026-04-21T22:09:27.456Z')
const pki = createLabPki({ seed: 'tpm' })
const SEED = { ATTESTED_KMS_SEED: 'tpm' }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tpm-attest-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function save(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function run(args: readonly string[], env: Record<string, string> = SEED) {
  const parts: Uint8Array[] = []
  let err = ''
  const status = await runNitroTpmAttest(args, {
    write: async (output) => void parts.push(typeof output === 'string' ? utf8(output) : output),
    warn: (line) => (err += `${line}\n`),
    env,
    clock: { now: () => NOW },
  })
  return { status, out: concatBytes(...parts), err }
}

const fieldsOf = async (args: readonly string[], env?: Record<string, string>) => {
  const { status, out, err } = await run(args, env)
  expect([status, err]).toEqual([0, ''])
  return readDocument(out)
}

describe('nitro-tpm-attest', () => {
  it('writes the bare NitroTPM document, which the lab root verifies', async () => {
    const { status, out, err } = await run([])
    expect([status, err]).toEqual([0, ''])
    expect(out).toEqual(issueDocument(pki, { kind: 'nitrotpm', at: NOW }).document)
    expect(await codeFromVerifier({ document: out, now: NOW, roots: [pki.rootCertificate] })).toBeNull()
    const { fields, pcrs } = readDocument(out)
    expect([fields.has('nitrotpm_pcrs'), pcrs.size]).toEqual([true, 24])
    expect(fields.get('module_id')).toMatch(/^i-[0-9a-f]{17}-tpm0{16}$/)
  })

  it.each([
    ['long', (u: string, n: string, p: string) => ['--user-data', u, '--nonce', n, '--public-key', p]],
    [
      'long with =',
      (u: string, n: string, p: string) => [`--user-data=${u}`, `--nonce=${n}`, `--public-key=${p}`],
    ],
    ['short', (u: string, n: string, p: string) => ['-p', p, '-n', n, '-u', u]],
    ['short, joined', (u: string, n: string, p: string) => [`-p${p}`, `-n${n}`, `-u${u}`]],
    ['short with =', (u: string, n: string, p: string) => [`-p=${p}`, `-n=${n}`, `-u=${u}`]],
  ])('puts the content of files into the document as it is (%s flags)', async (_, args) => {
    const files = [save('user-data', 'who\n'), save('nonce', Uint8Array.of(0, 255)), save('key', '')] as const
    const { fields } = await fieldsOf(args(...files))
    expect(fields.get('user_data')).toEqual(utf8('who\n'))
    expect(fields.get('nonce')).toEqual(Uint8Array.of(0, 255))
    expect(fields.get('public_key')).toEqual(new Uint8Array())
  })

  it('fits a TPM’s buffer of 8,192 bytes with three fields of 1,024, and a byte more is refused', async () => {
    const full = save('full', new Uint8Array(1024))
    const { out } = await run(['-u', full, '-n', full, '-p', full])
    expect(out.length).toBeLessThan(8192 - 64)
    expect(await codeFromVerifier({ document: out, now: NOW, roots: [pki.rootCertificate] })).toBeNull()
    const over = save('over', new Uint8Array(1025))
    for (const flag of ['-u', '-n', '-p']) {
      expect(await run([flag, over])).toEqual({
        status: 1,
        out: new Uint8Array(),
        err: 'Error: NSM error response: InputTooLarge\n',
      })
    }
  })

  it('takes what the real tool has no flag for from the environment', async () => {
    const { fields, pcrs, payload } = await fieldsOf([], {
      ...SEED,
      ATTESTED_KMS_PCR: `4=${'04'.repeat(48)},7=${'07'.repeat(48)} 23=${'23'.repeat(48)}`,
      ATTESTED_KMS_INSTANCE_ID: 'i-0123456789abcdef0',
      ATTESTED_KMS_REGION: 'eu-west-1',
      ATTESTED_KMS_PROFILE: '2022',
    })
    expect([4, 7, 23].map((index) => pcrs.get(index)?.[0])).toEqual([4, 7, 0x23])
    expect(fields.get('module_id')).toBe(`i-0123456789abcdef0-tpm${'0'.repeat(16)}`)
    expect(payload[0]).toBe(0xa9)
    expect(Buffer.from(fields.get('certificate') as Uint8Array).toString('latin1')).toContain(
      '.eu-west-1.lab',
    )
  })

  it('makes a faulty document, and uses the lab of a service from its data directory', async () => {
    save('lab-seed', 'tpm')
    const env = { ATTESTED_KMS_LAB_ROOT: folder, ATTESTED_KMS_FAULT: 'cose-signature-bit-flip' }
    const { out } = await run([], env)
    const verdict = await codeFromVerifier({ document: out, now: NOW, roots: [pki.rootCertificate] })
    expect(verdict).toBe('COSE_SIGNATURE_INVALID')
  })

  it.each([[['-h']], [['--help']]])('prints its help for %j', async (args) => {
    const { status, out } = await run(args, {})
    expect(status).toBe(0)
    for (const flag of ['-u, --user-data', '-n, --nonce', '-p, --public-key', 'ATTESTED_KMS_SEED']) {
      expect(Buffer.from(out).toString()).toContain(flag)
    }
  })

  it.each([
    [['--kind', 'nitrotpm']],
    [['-x']],
    [['--seed', 'x']],
    [['file']],
    [['--', 'file']],
    [['-u']],
    [['--nonce']],
    [['--nonce', '-u', 'x']],
    [['-n', 'a', '--nonce', 'b']],
    [['--help=yes']],
  ])('ends with 2 and usage on standard error for %j', async (args) => {
    const { status, out, err } = await run(args)
    expect([status, out.length]).toEqual([2, 0])
    expect(err).toMatch(/^error: .+\n\nUsage: nitro-tpm-attest \[OPTIONS\]\n/)
  })

  it.each([
    [
      'a file that is not there',
      ['-u', '/nowhere/x'],
      SEED,
      'Error: No such file or directory (os error 2)\n',
    ],
    ['a directory', ['-n', tmpdir()], SEED, 'Error: Is a directory (os error 21)\n'],
    [
      'a way through a file',
      ['-p', join(import.meta.filename, 'x')],
      SEED,
      'Error: Not a directory (os error 20)\n',
    ],
    ['no lab', [], {}, 'ATTESTED_KMS_SEED'],
    ['two labs', [], { ...SEED, ATTESTED_KMS_LAB_ROOT: '.' }, 'ATTESTED_KMS_SEED'],
    ['an empty seed', [], { ATTESTED_KMS_SEED: '' }, 'seed'],
    ['no lab in a directory', [], { ATTESTED_KMS_LAB_ROOT: '/nowhere' }, 'cannot be read'],
    ['a short PCR', [], { ...SEED, ATTESTED_KMS_PCR: '0=00' }, 'PCR'],
    ['a PCR twice', [], { ...SEED, ATTESTED_KMS_PCR: `0=${'00'.repeat(48)},0=${'00'.repeat(48)}` }, '--pcr'],
    ['an unknown year', [], { ...SEED, ATTESTED_KMS_PROFILE: 'constructor' }, 'ATTESTED_KMS_PROFILE'],
    ['an unknown Region', [], { ...SEED, ATTESTED_KMS_REGION: 'x' }, 'Region'],
    ['an unknown fault', [], { ...SEED, ATTESTED_KMS_FAULT: 'x' }, 'fault'],
  ] as const)('ends with 1 for %s', async (_, args, env, said) => {
    const { status, out, err } = await run(args, env)
    expect([status, out.length]).toEqual([1, 0])
    expect(err).toMatch(/^Error: /)
    expect(err).toContain(said)
  })

  it('ends with 1 where the document cannot be written', async () => {
    let err = ''
    const status = await runNitroTpmAttest([], {
      write: () => Promise.reject(Object.assign(new Error('write EPIPE'), { errno: -32, code: 'EPIPE' })),
      warn: (line) => (err += line),
      env: SEED,
      clock: { now: () => NOW },
    })
    expect([status, err]).toEqual([1, 'Error: Broken pipe (os error 32)'])
  })
})

describe('nitro-tpm-attest as a program', () => {
  const program = new URL('../../src/nitro-tpm-attest.ts', import.meta.url).pathname
  const env = { ...process.env, ...SEED }

  it('writes the document of the present time to a pipe, reading a field from another', async () => {
    const script = `"$0" "$1" --nonce <(printf once)`
    const { stdout } = await promisify(execFile)('bash', ['-c', script, process.execPath, program], {
      env,
      encoding: 'buffer',
    })
    expect(readDocument(stdout).fields.get('nonce')).toEqual(utf8('once'))
    const roots = [pki.rootCertificate]
    expect(await codeFromVerifier({ document: stdout, now: new Date(), roots })).toBeNull()
  })

  it('ends with its status, and says on standard error alone what is wrong', () => {
    for (const [args, status] of [
      [['--bogus'], 2],
      [['-u', '/nowhere'], 1],
    ] as const) {
      const ended = spawnSync(process.execPath, [program, ...args], { env })
      expect([ended.status, ended.stdout.length]).toEqual([status, 0])
      expect(ended.stderr.length).toBeGreaterThan(0)
    }
  })

  it.skipIf(process.platform !== 'linux')('ends with 1 on a full disk (Linux: /dev/full)', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [program], {
      env,
      stdio: ['ignore', full, 'pipe'],
    })
    closeSync(full)
    expect([status, stderr.toString()]).toEqual([1, expect.stringContaining('(os error 28)')])
  })

  it('does not load the service', () => {
    const loaded = spawnSync(process.execPath, ['--input-type=module', '-e', IMPORTS, program], {
      env,
      encoding: 'utf8',
    })
    const files = JSON.parse(loaded.stdout) as string[]
    expect(files.filter((file) => file.includes('/src/simulator/')).length).toBeGreaterThan(0)
    expect(
      files.filter((file) => /\/src\/(?:http|store|compose|operations|attestation)\//.test(file)),
    ).toEqual([])
    expect(files.filter((file) => /node_modules\/(?:hono|@hono)\//.test(file))).toEqual([])
  })
})

/** Prints the files that a program imports, as Node resolves them, and keeps its own output to itself. */
const IMPORTS = `
import { registerHooks } from 'node:module'
const files = []
registerHooks({ load: (url, context, next) => { files.push(url); return next(url, context) } })
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = (_, done) => { done(); return true }
await import(process.argv[1])
write(JSON.stringify(files))
`
