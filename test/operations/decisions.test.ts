import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flipLastBit, IMAGE, makeDocument, makeRecipient } from './a-recipient.ts'
import {
  ACCOUNT,
  admin,
  base64,
  delegation,
  keyPolicy,
  makeService,
  nobody,
  type TestService,
} from './a-service.ts'

let service: TestService
let key: string
beforeAll(async () => {
  service = makeService()
  const attested = {
    Sid: 'Attested',
    Effect: 'Allow',
    Principal: '*',
    Action: 'kms:GenerateDataKey',
    Condition: { StringEquals: { 'kms:RecipientAttestation:PCR0': IMAGE } },
  }
  key = await service.newKey({ Policy: keyPolicy(delegation('kms:PutKeyPolicy'), attested) })
})
afterAll(() => service.close())

describe('the decision record of a request', () => {
  it('whose encryption context is too large holds nothing of it, and its policies see nothing of it', async () => {
    const own = await service.newKey({})
    const EncryptionContext = { tenant: 'x'.repeat(8192) }
    const asked = service.refusal('GenerateDataKey', { KeyId: own, KeySpec: 'AES_256', EncryptionContext })
    expect((await asked).text).toContain('encryption context')
    const names = Object.keys(service.lastRecord()?.decisions[0]?.conditionKeys ?? {})
    expect(names).toContain('kms:CallerAccount')
    expect(names.filter((name) => name.startsWith('kms:EncryptionContext'))).toEqual([])
  })

  it('that was answered has caller, key, document, condition keys and statements', async () => {
    await service.ask('GenerateDataKey', { KeyId: key, KeySpec: 'AES_256', Recipient: makeRecipient() })
    const record = service.lastRecord()
    expect(record).toMatchObject({
      operation: 'GenerateDataKey',
      region: 'us-east-1',
      caller: { arn: admin.arn, accountId: ACCOUNT, accessKeyId: 'AKIATESTTESTTESTTEST' },
      keyArn: key,
      attestation: { verdict: 'accepted', code: null, kind: 'nitro-enclave' },
      decisions: [{ action: 'kms:GenerateDataKey', resource: key, outcome: 'allow', by: 'key-policy' }],
      result: { outcome: 'answered', error: null, reason: null },
    })
    expect(record.attestation?.checks.every(({ outcome }) => outcome === 'passed')).toBe(true)
    expect(record.decisions[0]?.conditionKeys).toHaveProperty('kms:RecipientAttestation:PCR0', IMAGE)
    expect(record.decisions[0]?.statements.slice(0, 2)).toEqual([
      expect.objectContaining({
        policy: 'key policy',
        statement: 0,
        matched: false,
        effect: 'Allow',
        sid: null,
      }),
      { policy: 'key policy', statement: 1, sid: 'Attested', effect: 'Allow', matched: true, mismatch: null },
    ])
  })

  it('that was refused for its document has the walk and the code, and why the policy did not let it in', async () => {
    const AttestationDocument = flipLastBit(makeDocument())
    const Recipient = { AttestationDocument, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
    await service.refusal('GenerateDataKey', { KeyId: key, KeySpec: 'AES_256', Recipient })
    const record = service.lastRecord()
    expect(record.attestation).toMatchObject({ verdict: 'rejected', code: 'COSE_SIGNATURE_INVALID' })
    expect(record.attestation?.checks.find(({ outcome }) => outcome === 'failed')?.code).toBe(
      'COSE_SIGNATURE_INVALID',
    )
    expect(record.result).toEqual({
      outcome: 'refused',
      error: 'AccessDeniedException',
      message: expect.stringMatching(/^User: .* is not authorized to perform: kms:GenerateDataKey /),
      reason: 'COSE_SIGNATURE_INVALID',
    })
    expect(record.decisions[0]?.statements[1]?.mismatch).toEqual({
      element: 'Condition',
      operator: 'StringEquals',
      key: 'kms:RecipientAttestation:PCR0',
      expected: [IMAGE],
      actual: [],
    })
    expect(record.decisions[0]?.reasons.length).toBeGreaterThan(0)
  })

  it.each([
    ['a type', { KeyId: 1 }, 'SerializationException'],
    ['a constraint', {}, 'ValidationException'],
    ['a key that is not there', { KeyId: 'x', KeySpec: 'AES_256' }, 'NotFoundException'],
  ])('that fell over %s is there, without a decision', async (_, input, error) => {
    await service.refusal('GenerateDataKey', input)
    expect(service.lastRecord()).toMatchObject({
      keyArn: null,
      attestation: null,
      decisions: [],
      result: { outcome: 'refused', error, reason: null },
    })
  })

  it('holds no plaintext, no document, no nonce, no user data and no token', async () => {
    const secrets = [
      'a plaintext in the request',
      'nonce-of-the-enclave',
      'user-data-of-the-enclave',
      'token-of-a-grant',
    ]
    const [plaintext = '', nonce = '', userData = '', token = ''] = secrets
    const open = await service.newKey()
    const recipient = makeRecipient({ nonce: Buffer.from(nonce), userData: Buffer.from(userData) })
    const calls: (readonly [string, object])[] = [
      ['Encrypt', { KeyId: open, Plaintext: base64(plaintext) }],
      ['Encrypt', { KeyId: open, Plaintext: base64(plaintext), GrantTokens: [token] }],
      ['GenerateDataKey', { KeyId: open, NumberOfBytes: 32, Recipient: recipient }],
      [
        'GenerateDataKey',
        { KeyId: key, NumberOfBytes: 32, Recipient: { ...recipient, AttestationDocument: 'AAAA' } },
      ],
    ]
    for (const [name, input] of calls) {
      await service.answer(name, input).catch(() => null)
      const text = JSON.stringify(service.lastRecord())
      for (const secret of secrets) {
        expect(text).not.toContain(secret)
        expect(text).not.toContain(base64(secret).replace(/=+$/, ''))
        expect(text).not.toContain(Buffer.from(secret).toString('hex'))
      }
    }
  })

  it('is bounded, whatever comes with the request', async () => {
    const pairs = Array.from({ length: 2000 }, (_, index) => [`k${index}`, 'v'.repeat(200)])
    const EncryptionContext = Object.fromEntries(pairs)
    const refusal = await service.refusal(
      'Encrypt',
      { KeyId: key, Plaintext: 'AAAA', EncryptionContext },
      { as: nobody },
    )
    expect(refusal.code).toBe('AccessDeniedException')
    expect(JSON.stringify(service.lastRecord()).length).toBeLessThan(40_000)
    await service.refusal('Encrypt', {
      KeyId: key,
      Plaintext: 'AAAA',
      EncryptionContext: { a: 'b'.repeat(900_000) },
    })
    expect(JSON.stringify(service.lastRecord()).length).toBeLessThan(40_000)
  })
})

describe('what nobody foresaw', () => {
  it('is KMSInternalException without text or detail, its cause kept', async () => {
    const cause = new Error('secret detail')
    const own = makeService()
    const broken = makeService({
      store: { ...own.store, findKey: () => Promise.reject(cause) },
    })
    await expect(
      broken.answer('DescribeKey', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }),
    ).rejects.toMatchObject({
      code: 'KMSInternalException',
      text: null,
      message: 'KMSInternalException',
      cause,
    })
    await own.close()
    await broken.close()
  })
})
