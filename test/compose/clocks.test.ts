import { afterEach, describe, expect, it } from 'vitest'
import type { ServeFlags } from '../../src/config/config.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import type { CallAnswer, ClockedService } from './a-clocked-service.ts'
import { recipientSpki, startClockedService } from './a-clocked-service.ts'

const SEED = 'clocks under test'
const START = new Date('2026-03-01T12:00:00.000Z')
/** Leaves end 10,800 s after the document that they were made for. */
const LEAF_END = new Date('2026-03-01T15:00:00.000Z')
const pki = createLabPki({ seed: SEED })

const running: ClockedService[] = []
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop()
})

async function start(flags: ServeFlags = {}, time = START): Promise<ClockedService> {
  const service = await startClockedService({ lab: true, labSeed: SEED, ...flags }, time)
  running.push(service)
  return service
}

/** Documents of one enclave, all under the same leaf, made at `START`. */
function documents(count: number): readonly Uint8Array[] {
  const issuer = new LabIssuer({ pki, clock: { now: () => START } })
  return Array.from({ length: count }, (_, index) => {
    const nonce = Uint8Array.of(index)
    return issuer.issue({ kind: 'nitro-enclave', publicKey: recipientSpki, nonce }).document
  })
}

const at = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000)
const fate = ({ status, reason }: CallAnswer): string => (status === 200 ? 'released' : String(reason))
const [document = new Uint8Array(), another = new Uint8Array()] = documents(2)

/** The record of a decision about a document. */
async function recordOf(service: ClockedService, { requestId }: CallAnswer): Promise<unknown> {
  return (await service.admin(`/decisions/${requestId}`))['attestation']
}

describe('a leaf that expires between two calls', () => {
  it.each([
    ['the real time goes on', async (service: ClockedService, time: Date) => service.setTime(time)],
    [
      'the clock of the lab is moved',
      async (service: ClockedService, time: Date) => {
        expect(await service.admin('/lab/clock', { to: time.toISOString() })).toEqual({
          now: time.toISOString(),
        })
      },
    ],
  ])(
    'refuses the second one with CHAIN_EXPIRED, the same bytes and others under the leaf: %s',
    async (_, move) => {
      const service = await start()
      expect(fate(await service.attested({ document }))).toBe('released')
      await move(service, LEAF_END)
      expect(fate(await service.attested({ document }))).toBe('released')
      // Within the last second, which belongs to the leaf.
      await move(service, at(LEAF_END, 0.999))
      expect(fate(await service.attested({ document }))).toBe('released')
      await move(service, at(LEAF_END, 1))
      const refused = await service.attested({ document })
      expect(refused.body).toEqual({
        __type: 'ValidationException',
        message: 'The attestation document in the request is not valid: CHAIN_EXPIRED.',
      })
      expect(fate(await service.attested({ document: another }))).toBe('CHAIN_EXPIRED')
      // What is remembered of bytes was not spoilt either.
      await move(service, LEAF_END)
      expect(fate(await service.attested({ document }))).toBe('released')
      expect(fate(await service.attested({ document: another }))).toBe('released')
    },
  )

  it('refuses it in every operation that takes a Recipient', async () => {
    const service = await start()
    const { body } = await service.call('CreateKey', {})
    const { KeyId } = body['KeyMetadata'] as { KeyId: string }
    const encrypted = await service.call('Encrypt', { KeyId, Plaintext: 'c2VjcmV0' })
    const { CiphertextBlob } = encrypted.body
    const calls = [
      { operation: 'Decrypt', input: { CiphertextBlob } },
      { operation: 'GenerateDataKey', input: { KeyId, KeySpec: 'AES_256' } },
      { operation: 'GenerateDataKeyPair', input: { KeyId, KeyPairSpec: 'ECC_NIST_P256' } },
      { operation: 'GenerateRandom', input: { NumberOfBytes: 8 } },
    ]
    for (const call of calls) {
      service.setTime(LEAF_END)
      const released = await service.attested({ ...call, document })
      expect([call.operation, fate(released), typeof released.body['CiphertextForRecipient']]).toEqual([
        call.operation,
        'released',
        'string',
      ])
      service.setTime(at(LEAF_END, 1))
      const refused = await service.attested({ ...call, document })
      expect([call.operation, fate(refused)]).toEqual([call.operation, 'CHAIN_EXPIRED'])
      expect(Object.keys(refused.body).sort()).toEqual(['__type', 'message'])
    }
  })

  it('and a maximum age that ends between two calls: DOCUMENT_TOO_OLD', async () => {
    const service = await start({ attestationMaxAge: '600' })
    service.setTime(at(START, 600))
    expect(fate(await service.attested({ document }))).toBe('released')
    service.setTime(at(START, 601))
    expect(fate(await service.attested({ document }))).toBe('DOCUMENT_TOO_OLD')
    expect(fate(await service.attested({ document: another }))).toBe('DOCUMENT_TOO_OLD')
    service.setTime(at(LEAF_END, 1))
    expect(fate(await service.attested({ document }))).toBe('CHAIN_EXPIRED')
  })
})

describe('the present time', () => {
  it('is what documents are judged by unless told otherwise, with 300 s of tolerance before and none after', async () => {
    const service = await start()
    for (const [seconds, expected] of [
      [-304, 'CHAIN_NOT_YET_VALID'],
      [-303, 'DOCUMENT_FROM_FUTURE'],
      [-301, 'DOCUMENT_FROM_FUTURE'],
      [-300, 'released'],
      [0, 'released'],
      [10_800, 'released'],
      [10_801, 'CHAIN_EXPIRED'],
    ] as const) {
      service.setTime(at(START, seconds))
      expect([seconds, fate(await service.attested({ document }))]).toEqual([seconds, expected])
    }
  })

  it('stands in the record of every decision, for those refused too', async () => {
    const service = await start()
    const released = await service.attested({ document })
    expect(await recordOf(service, released)).toMatchObject({
      verdict: 'accepted',
      clock: 'present',
      judgedAt: START.toISOString(),
    })
    service.setTime(at(LEAF_END, 60))
    const refused = await service.attested({ document })
    expect(await recordOf(service, refused)).toMatchObject({
      verdict: 'rejected',
      code: 'CHAIN_EXPIRED',
      clock: 'present',
      judgedAt: at(LEAF_END, 60).toISOString(),
    })
  })
})

describe('the clock of the lab', () => {
  it('moves attestation, and leaves signatures at the real time', async () => {
    const service = await start()
    await service.admin('/lab/clock', { to: at(LEAF_END, 3_600).toISOString() })
    const refused = await service.attested({ document })
    expect(fate(refused)).toBe('CHAIN_EXPIRED')
    expect(await recordOf(service, refused)).toMatchObject({
      clock: 'present',
      judgedAt: at(LEAF_END, 3_600).toISOString(),
    })
    expect((await service.call('ListKeys', {})).status).toBe(200)
    const issued = await service.admin('/lab/documents', {
      kind: 'nitro-enclave',
      publicKey: Buffer.from(recipientSpki).toString('base64'),
    })
    expect(issued['timestamp']).toBe(at(LEAF_END, 3_600).toISOString())
    const fresh = Buffer.from(String(issued['document']), 'base64')
    expect(fate(await service.attested({ document: fresh }))).toBe('released')
    await service.admin('/lab/clock', { to: null })
    expect(fate(await service.attested({ document }))).toBe('released')
    expect(fate(await service.attested({ document: fresh }))).toBe('CHAIN_NOT_YET_VALID')
  })
})

describe('the unsafe clock', () => {
  it.each([
    ['document', 'attestation-clock-document'],
    ['2026-03-01T13:00:00Z', 'attestation-clock-fixed'],
  ])(
    '%s is shown in /health, every answer, every log line and what the service says at start',
    async (clock, mark) => {
      const service = await start({ unsafeAttestationClock: clock })
      const marks = ['lab-root', mark]
      expect(service.service.unsafe).toEqual(marks)
      expect(await service.health()).toMatchObject({ unsafe: marks })
      expect(await service.admin('/health')).toMatchObject({ unsafe: marks })
      service.setTime(at(START, 30 * 86_400))
      const answers = [
        await service.attested({ document }),
        await service.attested({ document: Uint8Array.of(0) }),
        await service.call('ListKeys', {}),
        await service.call('Nothing', {}),
      ]
      expect(answers.map(({ unsafe }) => unsafe)).toEqual(answers.map(() => marks.join(', ')))
      expect(service.log.length).toBeGreaterThan(3)
      expect(service.log.every(({ unsafe }) => String(unsafe) === String(marks))).toBe(true)
    },
  )

  it('document: judges each at the time that it names, which the record says, and leaves every other check', async () => {
    const service = await start({ unsafeAttestationClock: 'document' }, at(START, 400 * 86_400))
    const released = await service.attested({ document })
    expect(fate(released)).toBe('released')
    expect(await recordOf(service, released)).toMatchObject({
      clock: 'document',
      judgedAt: START.toISOString(),
    })
    const foreign = new LabIssuer({ pki: createLabPki({ seed: 'x' }), clock: { now: () => START } })
    const request = { kind: 'nitro-enclave', publicKey: recipientSpki } as const
    const own = new LabIssuer({ pki, clock: { now: () => START } })
    expect(fate(await service.attested({ document: foreign.issue(request).document }))).toBe(
      'CHAIN_UNTRUSTED_ROOT',
    )
    for (const [fault, code] of [
      ['cose-signature-bit-flip', 'COSE_SIGNATURE_INVALID'],
      ['tamper-timestamp-plus-one', 'COSE_SIGNATURE_INVALID'],
      ['time-document-clock-after-leaf', 'CHAIN_EXPIRED'],
      ['time-document-clock-before-leaf', 'CHAIN_NOT_YET_VALID'],
      ['recipient-key-null', 'RECIPIENT_KEY_MISSING'],
    ] as const) {
      const refused = await service.attested({ document: own.issue({ ...request, fault }).document })
      expect([fault, fate(refused)]).toEqual([fault, code])
      expect(await recordOf(service, refused)).toMatchObject({ clock: 'document' })
    }
    const garbage = await service.attested({ document: Uint8Array.of(0) })
    expect(await recordOf(service, garbage)).toMatchObject({ clock: 'document', judgedAt: null })
  })

  it('fixed: judges at that time whatever the real time, also in the record', async () => {
    const fixed = at(LEAF_END, -1)
    const service = await start({ unsafeAttestationClock: fixed.toISOString() }, at(START, 400 * 86_400))
    const released = await service.attested({ document })
    expect([fate(released), await recordOf(service, released)]).toMatchObject([
      'released',
      { clock: 'fixed', judgedAt: fixed.toISOString() },
    ])
    const now = new LabIssuer({ pki, clock: { now: () => at(START, 400 * 86_400) } })
    const fresh = now.issue({ kind: 'nitro-enclave', publicKey: recipientSpki })
    const refused = await service.attested({ document: fresh.document })
    expect([fate(refused), await recordOf(service, refused)]).toMatchObject([
      'CHAIN_NOT_YET_VALID',
      { clock: 'fixed', judgedAt: fixed.toISOString() },
    ])
  })

  it('does not exist in production mode', async () => {
    await expect(start({ lab: false, unsafeAttestationClock: 'document' })).rejects.toThrow(
      expect.objectContaining({ code: 'CONFIG_LAB_ONLY' }),
    )
  })
})

describe('captured documents of AWS', () => {
  const usable = GENUINE_DOCUMENTS.filter(({ index }) => index.public_key.kms_recipient_key)

  it.skipIf(!haveGenuineDocuments)(
    `are refused at the present time, and released to at their own, those with a usable key${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      const now = new Date('2035-01-01T00:00:00Z')
      const [present, own] = [await start({}, now), await start({ unsafeAttestationClock: 'document' }, now)]
      const released: string[] = []
      for (const { file, bytes } of GENUINE_DOCUMENTS) {
        expect([file, fate(await present.attested({ document: bytes }))]).toEqual([file, 'CHAIN_EXPIRED'])
        const answer = await own.attested({ document: bytes })
        if (answer.status === 200) released.push(file)
        else expect([file, fate(answer)]).toEqual([file, expect.stringMatching(/^RECIPIENT_KEY_/)])
      }
      expect(released).toEqual(usable.map(({ file }) => file))
    },
  )

  it.skipIf(!haveGenuineDocuments)(
    `are released to under a clock fixed to one’s time, that one alone${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      const [first, second] = usable
      const service = await start({ unsafeAttestationClock: first?.index.timestamp ?? '' })
      expect(fate(await service.attested({ document: first?.bytes ?? Uint8Array.of() }))).toBe('released')
      expect(fate(await service.attested({ document: second?.bytes ?? Uint8Array.of() }))).toMatch(
        /^CHAIN_(NOT_YET_VALID|EXPIRED)$/,
      )
    },
  )
})
