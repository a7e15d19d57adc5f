import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.ts'
import { issueDocument } from '../../../src/simulator/issue-document.ts'
import { startEnclave } from '../../../src/simulator/nsm/simulated-enclave.ts'
import { codeFromVerifier } from '../code-from-verifier.ts'
import { readDocument } from '../read-document.ts'
import { ask, documentOf, makeHost, pki, START } from './an-enclave-host.ts'

const roots = [pki.rootCertificate]
const ZERO = new Uint8Array(48)
const later = (milliseconds: number): Date => new Date(START.getTime() + milliseconds)
const HOUR = 3_600_000
const FULL = {
  user_data: new Uint8Array(1024),
  nonce: new Uint8Array(1024),
  public_key: new Uint8Array(1024),
}

describe('the documents of an enclave', () => {
  it('are accepted below the root of the lab, and hold what was asked for, null for the rest', async () => {
    const host = makeHost()
    const enclave = startEnclave(host)
    const document = documentOf(enclave, { nonce: utf8('once'), public_key: null })
    expect(await codeFromVerifier({ document, now: START, roots })).toBeNull()
    const { fields } = readDocument(document)
    expect(fields.get('module_id')).toBe(enclave.moduleId)
    expect(fields.get('timestamp')).toBe(START.getTime())
    expect(['nonce', 'user_data', 'public_key'].map((name) => fields.get(name))).toEqual([
      utf8('once'),
      null,
      null,
    ])
  })

  it('take text where bytes belong', () => {
    expect(readDocument(documentOf(startEnclave(makeHost()), { nonce: 'once' })).fields.get('nonce')).toEqual(
      utf8('once'),
    )
  })

  it('are accepted with every register locked and every field full, and fit the response', async () => {
    const enclave = startEnclave(makeHost(), { region: 'ap-southeast-99' })
    ask(enclave, { LockPCRs: { range: 32 } })
    const document = documentOf(enclave, FULL)
    expect(document.length).toBeLessThan(12_288 - 64)
    expect(await codeFromVerifier({ document, now: START, roots })).toBeNull()
    expect(readDocument(document).pcrs.size).toBe(32)
  })

  it('follow the clock: later ones are of later times, under the module id of the start', async () => {
    const host = makeHost()
    const enclave = startEnclave(host)
    for (const hours of [0, 2, 5, 30, -4]) {
      const now = later(hours * HOUR)
      host.setTime(now)
      const document = documentOf(enclave)
      expect(await codeFromVerifier({ document, now, roots })).toBeNull()
      const { fields } = readDocument(document)
      expect([fields.get('timestamp'), fields.get('module_id')]).toEqual([now.getTime(), enclave.moduleId])
    }
  })

  it('expire with their leaf, as the verifier’s clock has it', async () => {
    const document = documentOf(startEnclave(makeHost()))
    expect(await codeFromVerifier({ document, now: later(3 * HOUR + 1_000), roots })).toBe('CHAIN_EXPIRED')
  })

  it('are not to be had at a time that no certificate is valid at: InternalError, and the registers stay', () => {
    const host = makeHost()
    const enclave = startEnclave(host)
    for (const time of ['2100-01-01T00:00:00Z', '1960-01-01T00:00:00Z']) {
      host.setTime(new Date(time))
      expect(ask(enclave, { Attestation: {} })).toEqual({ Error: 'InternalError' })
    }
    host.setTime(START)
    expect(ask(enclave, { ExtendPCR: { index: 16, data: ZERO } })).toHaveProperty('ExtendPCR')
  })
})

describe('an enclave', () => {
  it('starts with the measurements that the issuer gives, and zeros in debug mode', () => {
    for (const debug of [false, true]) {
      const options = {
        debug,
        roleArn: 'arn:aws:iam::111122223333:role/enclave',
        signingCertificate: pki.rootCertificate,
      }
      const enclave = startEnclave(makeHost(), options)
      const issued = issueDocument(pki, { kind: 'nitro-enclave', at: START, ...options })
      const boot = enclave.registers().slice(0, 16)
      expect(boot.map(({ value }) => value)).toEqual([...issued.pcrs.values()])
      expect([0, 1, 2, 8].filter((index) => Buffer.from(boot[index]?.value ?? '').equals(ZERO))).toEqual(
        debug ? [0, 1, 2, 8] : [],
      )
      expect(boot.every(({ locked }) => locked)).toBe(true)
      expect(readDocument(documentOf(enclave)).pcrs).toEqual(issued.pcrs)
    }
  })

  it('measures its instance into PCR4, and takes measurements in place of the defaults', () => {
    const pcr0 = new Uint8Array(48).fill(7)
    const enclave = startEnclave(makeHost(), {
      instanceId: 'i-0123456789abcdef0',
      pcrs: new Map([[0, pcr0]]),
    })
    const instance = createHash('sha384').update(ZERO).update('i-0123456789abcdef0').digest()
    expect(ask(enclave, { DescribePCR: { index: 4 } })).toEqual({
      DescribePCR: { lock: true, data: new Uint8Array(instance) },
    })
    expect(ask(enclave, { DescribePCR: { index: 0 } })).toEqual({ DescribePCR: { lock: true, data: pcr0 } })
    expect(enclave.moduleId).toMatch(/^i-0123456789abcdef0-enc[0-9a-f]{16}$/)
  })

  it('puts the Region into the names of its certificates, and takes the shape of a year', () => {
    const document = documentOf(startEnclave(makeHost(), { region: 'eu-west-1', profile: '2021' }))
    const { fields, payload } = readDocument(document)
    expect(new X509Certificate(fields.get('certificate') as Uint8Array).subject).toContain('.eu-west-1.lab')
    expect(payload[0]).toBe(0xa9)
  })

  it('gives faulty documents where it is told to', async () => {
    const document = documentOf(startEnclave(makeHost(), { fault: 'cose-signature-bit-flip' }))
    expect(await codeFromVerifier({ document, now: START, roots })).toBe('COSE_SIGNATURE_INVALID')
  })

  it('says BufferTooSmall for a document that was made longer than a response', () => {
    expect(ask(startEnclave(makeHost(), { fault: 'input-oversize' }), { Attestation: {} })).toEqual({
      Error: 'BufferTooSmall',
    })
  })

  it('takes long fields where it is told to, and its documents are refused for them', async () => {
    const enclave = startEnclave(makeHost(), { longFields: true })
    const document = documentOf(enclave, { user_data: new Uint8Array(4000) })
    expect(await codeFromVerifier({ document, now: START, roots })).toBe('DOCUMENT_OPTIONAL_SIZE_INVALID')
  })

  it('is the same in every respect from the same seed, time and options', () => {
    const [one, other] = [startEnclave(makeHost()), startEnclave(makeHost())]
    expect(documentOf(one, FULL)).toEqual(documentOf(other, FULL))
  })

  it.each([
    ['SIMULATOR_BOOT_PCR_INVALID', { pcrs: new Map([[16, ZERO]]) }],
    ['SIMULATOR_PCR_INVALID', { pcrs: new Map([[0, new Uint8Array(47)]]) }],
    ['SIMULATOR_PCR_INVALID', { pcrs: new Map([[32, ZERO]]) }],
    ['SIMULATOR_REGION_INVALID', { region: 'nowhere' }],
    ['SIMULATOR_INSTANCE_ID_INVALID', { instanceId: 'i-1' }],
    ['SIMULATOR_FAULT_UNKNOWN', { fault: 'constructor' }],
  ])('is not started with %s', (code, options) => {
    expect(() => startEnclave(makeHost(), options)).toThrow(expect.objectContaining({ code }))
  })

  it('is not started before 1970: SIMULATOR_TIME_INVALID', () => {
    const host = makeHost()
    host.setTime(new Date(-1))
    expect(() => startEnclave(host)).toThrow(expect.objectContaining({ code: 'SIMULATOR_TIME_INVALID' }))
  })
})
