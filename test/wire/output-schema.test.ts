import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProgram } from '../support/a-process.ts'
import { anEnclave } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'
import { runCli } from '../support/run-cli.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../src/output.schema.json', import.meta.url), 'utf8'),
) as object
const ajv = new Ajv2020({ allErrors: true, strict: false })
ajv.addSchema(schema, 'output')

function expectShape(name: string, value: unknown): void {
  const validate = ajv.compile({ $ref: `output#/$defs/${name}` })
  validate(value)
  expect(validate.errors).toBeNull()
}

let service: TestService
let folder: string
beforeAll(async () => {
  service = await startLabService()
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-schema-'))
})
afterAll(async () => {
  await service.end()
  rmSync(folder, { recursive: true })
})

async function admin(path: string, body?: object, token = service.adminToken): Promise<unknown> {
  const answer = await fetch(`${service.adminUrl}${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-attested-kms-admin': '1',
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return answer.json()
}

describe('the shapes of the listeners', () => {
  it('hold for health, readiness and refusals', async () => {
    expectShape('health', await (await fetch(`${service.kmsUrl}/health`)).json())
    expectShape('adminHealth', await admin('/health'))
    expectShape('adminReady', await admin('/ready'))
    expectShape('adminError', await admin('/decisions', undefined, 'wrong'))
    expectShape('adminError', await admin('/lab/documents', { kind: 'sgx' }))
    expectShape('adminError', await admin('/lab/documents', { kind: 'nitrotpm', fault: 'constructor' }))
  })

  it('hold for what lab mode does', async () => {
    expectShape('labDocument', await admin('/lab/documents', { kind: 'nitrotpm' }))
    const enclave = (await admin('/lab/enclaves', { debug: true })) as { moduleId: string }
    expectShape('labEnclave', enclave)
    expectShape('labEnclaves', await admin('/lab/enclaves'))
    const { moduleId } = enclave
    expectShape('labModuleResponse', await admin('/lab/enclaves/nsm', { moduleId, request: '' }))
    expectShape('labEnclaveEnd', await admin('/lab/enclaves/end', { moduleId }))
    expectShape('adminError', await admin('/lab/enclaves/end', { moduleId }))
    expectShape('labClock', await admin('/lab/clock', { to: '2030-01-01T00:00:00Z' }))
    expectShape('labReset', await admin('/lab/reset', {}))
  })

  it('hold for decisions, and `explain --json` prints the same', async () => {
    const { KMSClient, GenerateRandomCommand } = await import('@aws-sdk/client-kms')
    const kms = new KMSClient({ endpoint: service.kmsUrl, region: 'us-east-1', credentials: LAB_CREDENTIALS })
    const { recipient } = await anEnclave(service)
    const good = await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8, Recipient: recipient }))
    const AttestationDocument = Buffer.from('no document')
    const bad = kms.send(
      new GenerateRandomCommand({ NumberOfBytes: 8, Recipient: { ...recipient, AttestationDocument } }),
    )
    await expect(bad).rejects.toThrow(/not valid: CBOR_/)
    const list = (await admin('/decisions?limit=10')) as { decisions: { requestId: string }[] }
    expectShape('decisions', list)
    expect(list.decisions).toHaveLength(2)
    const requestId = good.$metadata.requestId ?? ''
    const one = await admin(`/decisions/${requestId}`)
    expectShape('decision', one)
    const args = [
      'explain',
      requestId,
      '--admin',
      service.adminUrl,
      '--data',
      service.dataDirectory,
      '--json',
    ]
    expect(JSON.parse((await runCli(args)).stdout)).toEqual(one)
  })

  it('hold for the audit trail, its page and its lines', async () => {
    const { KMSClient, CreateKeyCommand } = await import('@aws-sdk/client-kms')
    const kms = new KMSClient({ endpoint: service.kmsUrl, region: 'us-east-1', credentials: LAB_CREDENTIALS })
    await kms.send(new CreateKeyCommand({ Description: 'audited' }))
    const page = (await admin('/audit')) as { records: { eventName: string }[] }
    expectShape('auditPage', page)
    expect(page.records.map(({ eventName }) => eventName)).toContain('GenerateRandom')
    const text = readFileSync(join(service.dataDirectory, 'audit', 'audit.jsonl'), 'utf8')
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(page.records.length)
    for (const line of lines) expectShape('auditRecord', JSON.parse(line))
  })
})

describe('the shapes of the command line', () => {
  const issue = async (...args: readonly string[]): Promise<string> => {
    const file = join(folder, `${args.join('')}.bin`)
    expect((await runCli(['attestation', 'issue', '--seed', 'schema', '--out', file, ...args])).status).toBe(
      0,
    )
    return file
  }

  it('hold for verdicts, accepted, rejected, and where nothing could be parsed', async () => {
    const [good, bad] = [await issue(), await issue('--fault', 'cose-signature-bit-flip')]
    writeFileSync(join(folder, 'no.bin'), 'no document')
    const root = join(folder, 'root.pem')
    const { createLabPki } = await import('../../src/simulator/lab-pki.ts')
    writeFileSync(root, createLabPki({ seed: 'schema' }).rootCertificate)
    const args = [
      'attestation',
      'verify',
      good,
      bad,
      join(folder, 'no.bin'),
      '--json',
      '--root',
      root,
      '--encoding',
      'raw',
    ]
    const { stdout, status } = await runCli(args)
    const verdicts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { verdict: string; code: string | null })
    for (const verdict of verdicts) expectShape('attestationVerdict', verdict)
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected', 'rejected'])
    expect(status).toBe(1)
  })

  it('hold for inspections, of a whole document and of one that cannot be read', async () => {
    for (const fault of ['high-s-signature', 'cert-zonal-garbage', 'cbor-truncated-in-payload']) {
      const { stdout } = await runCli(['attestation', 'inspect', await issue('--fault', fault), '--json'])
      expectShape('attestationInspection', JSON.parse(stdout))
    }
  })

  it('hold for decisions of `policy evaluate`, of one case and of several', async () => {
    const table = new URL('../../fixtures/policies/limits.json', import.meta.url)
    const rows = JSON.parse(readFileSync(table, 'utf8')) as readonly { readonly case: object }[]
    const evaluate = async (value: unknown): Promise<unknown> => {
      const stdin = Buffer.from(JSON.stringify(value))
      return JSON.parse((await runCli(['policy', 'evaluate', '--json'], { stdin })).stdout)
    }
    expectShape('policyAnswer', await evaluate(rows[0]?.case))
    expectShape('policyAnswer', await evaluate({}))
    const answers = await evaluate(rows.map((row) => row.case))
    expectShape('policyAnswers', answers)
    expect(answers).toHaveLength(rows.length)
  })

  it('hold for findings of `policy lint`, with calls and repairs of every kind', async () => {
    for (const table of ['bypasses', 'mistakes', 'good']) {
      const file = new URL(`../../fixtures/lint/${table}.json`, import.meta.url)
      const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly policy: object }[]
      const stdin = Buffer.from(JSON.stringify(rows.map(({ policy }) => policy)))
      expectShape(
        'lintFindings',
        JSON.parse((await runCli(['policy', 'lint', '-', '--json'], { stdin })).stdout),
      )
    }
  })

  it('hold for the list of faults', async () => {
    expectShape('faults', JSON.parse((await runCli(['attestation', 'faults', '--json'])).stdout))
  })

  it('hold for an envelope that is opened, and one that is not', async () => {
    const { sealForRecipient } = await import('../../src/recipient/enveloped-data.ts')
    const { generateRecipientKeyPair } = await import('../../enclave/client/recipient-key-pair.ts')
    const { createPublicKey } = await import('node:crypto')
    const { Secret } = await import('../../src/core/secret.ts')
    const { systemRandom } = await import('../../src/core/random.ts')
    const { spki, privateKey } = await generateRecipientKeyPair()
    const recipient = { spki, publicKey: createPublicKey(privateKey) }
    writeFileSync(join(folder, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    writeFileSync(
      join(folder, 'envelope'),
      sealForRecipient(recipient, new Secret(Buffer.from('Hello, World')), systemRandom),
    )
    const open = ['recipient', 'open', join(folder, 'envelope'), '--json']
    expectShape('openedEnvelope', JSON.parse((await runCli(open)).stdout))
    const opened = JSON.parse((await runCli([...open, '--key', join(folder, 'key.pem')])).stdout) as {
      plaintext: string
    }
    expectShape('openedEnvelope', opened)
    expect(Buffer.from(opened.plaintext, 'base64').toString()).toBe('Hello, World')
  })
})

describe('serve as a process', () => {
  const main = new URL('../../src/main.ts', import.meta.url).pathname

  it('prints one ready line on standard output, and ends with status 0 on SIGTERM', async () => {
    const data = join(folder, 'data')
    const nsm = join(folder, 'nsm.sock')
    const ports = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
    const { ready, stop } = await startProgram(['serve', '--lab', ...ports, '--data', data, '--lab-nsm', nsm])
    expectShape('ready', ready)
    expect(ready['nsm']).toBe(`unix:${nsm}`)
    expectShape('health', await (await fetch(`${String(ready['kms'])}/health`)).json())
    expect(await stop('SIGTERM')).toEqual({ status: 0, lines: 1 })
    expect(existsSync(nsm)).toBe(false)
  })

  it('is no part of `attestation nsm`, which prints a ready line of its own', async () => {
    const args = ['attestation', 'nsm', '--seed', 'x', '--listen', `unix:${join(folder, 'alone.sock')}`]
    const { ready, stop } = await startProgram(args)
    expectShape('nsmReady', ready)
    expect(await stop('SIGTERM')).toEqual({ status: 0, lines: 1 })
  })

  it('ends with status 2 and one line for a flag that is not built, or not for this mode', () => {
    for (const args of [
      ['--tls'],
      ['--lab-seed', 'x'],
      ['--lab-nsm', join(folder, 'no.sock')],
      ['--store', 'postgres://x'],
    ]) {
      const run = (): unknown => execFileSync(process.execPath, [main, 'serve', ...args], { stdio: 'pipe' })
      expect(run).toThrow(expect.objectContaining({ status: 2 }))
    }
  })
})
