import { describe, expect, it } from 'vitest'
import { addAttestationInspect } from '../../src/cli/attestation-inspect.ts'
import type { CommandIo } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/core/clock.ts'
import { makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes, text } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'

async function run(stdin: Uint8Array, ...args: readonly string[]): Promise<{ status: number; out: string }> {
  const out: string[] = []
  const io: CommandIo = {
    write: (output) => void out.push(Buffer.from(output).toString()),
    warn: (line) => void out.push(line),
    readStdin: () => Promise.resolve(stdin),
    env: {},
    clock: systemClock,
  }
  const groups = [{ name: 'attestation', summary: 'x', commands: [addAttestationInspect] }]
  const status = await runProgram(['attestation', 'inspect', ...args, '-'], { top: [], groups }, io)
  return { status, out: out.join('') }
}

describe('attestation inspect', () => {
  const document = makeAttestation({
    fields: (fields) => [...withField('nonce', bytes(hex('01 02')))(fields), [text('future'), hex('f5')]],
  }).bytes

  it('says on top that nothing was verified, and shows the document', async () => {
    const { status, out } = await run(document)
    expect(status).toBe(0)
    expect(out.split('\n')[0]).toMatch(/^-: \d+ bytes\. Nothing here was verified/)
    expect(out).toContain('kind        nitro-enclave')
    expect(out).toContain('nonce       2 bytes')
    expect(out).toContain('unknown     future')
    expect(out).toContain(`5   ${'05'.repeat(48)}`)
  })

  it('shows the chain as a tree with windows, each certificate further in than its issuer', async () => {
    const { out } = await run(document)
    const subjects = out.split('\n').filter((line) => /^ +CN=/.test(line))
    expect(subjects.map((line) => line.search(/\S/))).toEqual([4, 6, 8, 10, 12])
    expect(out).toContain('no CA, valid 2026-01-15T11:59:57.000Z to 2026-01-15T15:00:00.000Z')
  })

  it('says verified false in JSON', async () => {
    const { status, out } = await run(document, '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      file: '-',
      verified: false,
      stoppedBy: null,
      kind: 'nitro-enclave',
      timestamp: '2026-01-15T12:00:00.250Z',
      nonce: { base64: 'AQI=', description: '2 bytes' },
      userData: null,
      unknownFields: ['future'],
    })
  })

  it('shows what it can of a document that cannot be read to the end, with status 1', async () => {
    const broken = makeAttestation({ fields: withField('certificate', bytes(hex('30 00'))) }).bytes
    const { status, out } = await run(broken)
    expect(status).toBe(1)
    expect(out).toContain('a verifier stops at CERT_NOT_DER')
    expect(out).toContain('certificate, 2 bytes: certificate is not one DER certificate')
    const json = JSON.parse((await run(broken, '--json')).out)
    expect(json.stoppedBy).toMatchObject({ code: 'CERT_NOT_DER' })
    expect(json.chain.at(-1)).toMatchObject({ summary: null, fault: { code: 'CERT_NOT_DER' } })
  })

  it('says of garbage that it is none, with status 1', async () => {
    const { status, out } = await run(hex('00 ff 00'))
    expect([status, out]).toEqual([1, expect.stringMatching(/a verifier stops at CBOR_TRAILING_BYTES/)])
  })
})
