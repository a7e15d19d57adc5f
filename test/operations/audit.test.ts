import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../src/operations/index.ts'
import type { ReadRecord } from '../audit/a-call.ts'
import { readRecords } from '../audit/a-call.ts'
import { runs } from '../support/property-runs.ts'
import { BAD_DOCUMENTS, flipLastBit, makeDocument, makeRecipient, pcrBytes } from './a-recipient.ts'
import { ACCOUNT, base64, idOf, keyPolicy, makeService, nobody, type TestService } from './a-service.ts'

let service: TestService
let key: string
beforeAll(async () => {
  service = makeService()
  key = await service.newKey()
})
afterAll(() => service.close())

/** The records that a piece of work leaves. */
async function recordsOf(work: () => Promise<unknown>): Promise<readonly ReadRecord[]> {
  const before = readRecords(service.auditDirectory).length
  await work()
  return readRecords(service.auditDirectory).slice(before)
}

const keyResource = { accountId: ACCOUNT, type: 'AWS::KMS::Key' }

describe('the audit record of a call', () => {
  it('that was answered: one, with caller, parameters as sent, key and material', async () => {
    const input = { KeyId: key, KeySpec: 'AES_256', EncryptionContext: { tenant: 'a' } }
    let materialId: unknown
    const records = await recordsOf(async () => {
      materialId = (await service.ask('GenerateDataKey', input))['KeyMaterialId']
    })
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      userIdentity: {
        type: 'IAMUser',
        principalId: expect.stringMatching(/^AIDA/),
        arn: `arn:aws:iam::${ACCOUNT}:user/admin`,
        accountId: ACCOUNT,
        accessKeyId: 'AKIATESTTESTTESTTEST',
        userName: 'admin',
      },
      eventName: 'GenerateDataKey',
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: 'test',
      requestParameters: { keyId: key, keySpec: 'AES_256', encryptionContext: { tenant: 'a' } },
      responseElements: null,
      additionalEventData: { keyMaterialId: materialId },
      readOnly: true,
      resources: [{ ...keyResource, ARN: key }],
      recipientAccountId: ACCOUNT,
    })
    expect(materialId).toMatch(/^[0-9a-f]{64}$/)
    expect(records[0]).not.toHaveProperty('errorCode')
  })

  it('that was refused by policy: one, with exception, text and key', async () => {
    let refusal: unknown
    const [record, ...more] = await recordsOf(async () => {
      const { code, text } = await service.refusal('DescribeKey', { KeyId: key }, { as: nobody })
      refusal = { errorCode: code, errorMessage: text }
    })
    expect(more).toEqual([])
    expect(record).toMatchObject({ errorCode: 'AccessDeniedException', resources: [{ ARN: key }] })
    expect(record).toMatchObject(refusal as object)
  })

  it('that was refused before anything was found: one, without resources', async () => {
    const work = async (): Promise<unknown> => service.refusal('Encrypt', { KeyId: 5, Plaintext: [] })
    expect(await recordsOf(work)).toMatchObject([
      {
        errorCode: 'SerializationException',
        requestParameters: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
        resources: [],
      },
    ])
  })

  it('of an enclave: module id and PCRs of the document, in base64, and no plaintext', async () => {
    const pcrs = new Map([0, 1, 2, 3, 4, 8, 9].map((index) => [index, pcrBytes(index)]))
    const Recipient = makeRecipient({ pcrs })
    const [record] = await recordsOf(() => service.ask('GenerateRandom', { NumberOfBytes: 8, Recipient }))
    const shown = (index: number): string => Buffer.from(pcrBytes(index)).toString('base64')
    expect(record?.additionalEventData).toEqual({
      recipient: {
        attestationDocumentModuleId: expect.stringMatching(/^i-[0-9a-f]+-enc[0-9a-f]+$/),
        attestationDocumentEnclaveImageDigest: shown(0),
        attestationDocumentEnclavePCR1: shown(1),
        attestationDocumentEnclavePCR2: shown(2),
        attestationDocumentEnclavePCR3: shown(3),
        attestationDocumentEnclavePCR4: shown(4),
        attestationDocumentEnclavePCR8: shown(8),
      },
    })
    expect(record?.['resources']).toEqual([])
  })

  it.each(BAD_DOCUMENTS)('with %s: no recipient, and the code in the message', async (_, code, document) => {
    const Recipient = { AttestationDocument: document, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
    const input = { KeyId: key, KeySpec: 'AES_256', Recipient }
    const [record] = await recordsOf(() => service.refusal('GenerateDataKey', input))
    expect(record).not.toHaveProperty('additionalEventData')
    expect(record).toMatchObject({
      errorCode: 'ValidationException',
      errorMessage: `The attestation document in the request is not valid: ${code}.`,
    })
  })

  it('that makes a key: its metadata and its ARN', async () => {
    const [record] = await recordsOf(() => service.newKey({ Description: 'audited' }))
    const arn = (record?.responseElements?.['keyMetadata'] as { arn?: string } | undefined)?.arn
    expect(arn).toContain(`:${ACCOUNT}:key/`)
    expect(record).toMatchObject({
      requestParameters: { description: 'audited' },
      resources: [{ ...keyResource, ARN: arn }],
      readOnly: false,
    })
  })

  it('that changes something: the key and the alias, and the ARN of the key among the response elements', async () => {
    const AliasName = 'alias/audited'
    const records = await recordsOf(async () => {
      await service.ask('CreateAlias', { AliasName, TargetKeyId: idOf(key) })
      await service.ask('PutKeyPolicy', { KeyId: idOf(key), Policy: keyPolicy({ Sid: 'P', ...ANYBODY }) })
    })
    const alias = key.replace(/key\/.*/, AliasName)
    expect(records).toMatchObject([
      {
        requestParameters: { aliasName: AliasName, targetKeyId: idOf(key) },
        responseElements: { keyId: key },
        resources: [{ ARN: key }, { ARN: alias }],
      },
      { requestParameters: { policy: expect.stringContaining('"Sid":"P"') }, responseElements: null },
    ])
  })

  it('that was a dry run: the exception that says so', async () => {
    const input = { KeyId: key, KeySpec: 'AES_256', DryRun: true }
    const [record] = await recordsOf(() => service.refusal('GenerateDataKey', input))
    expect(record).toMatchObject({
      errorCode: 'DryRunOperationException',
      requestParameters: { dryRun: true },
    })
  })
})

const ANYBODY = { Effect: 'Allow', Principal: '*', Action: 'kms:*' }

describe('a call whose record cannot be written', () => {
  it('is refused with KMSInternalException, answered or not, and the decision record says so', async () => {
    const away = `${service.auditDirectory}-away`
    const before = readRecords(service.auditDirectory)
    renameSync(service.auditDirectory, away)
    const input = { KeyId: key, KeySpec: 'AES_256' }
    const refusals = [
      await service.refusal('GenerateDataKey', input),
      await service.refusal('GenerateDataKey', { KeyId: 'no-such' }),
    ]
    expect(refusals.map(({ code, text }) => [code, text])).toEqual([
      ['KMSInternalException', null],
      ['KMSInternalException', null],
    ])
    expect(service.lastRecord().result).toMatchObject({ outcome: 'refused', error: 'KMSInternalException' })
    renameSync(away, service.auditDirectory)
    await service.ask('GenerateDataKey', input)
    const after = readRecords(service.auditDirectory)
    expect(after.slice(0, -1)).toEqual(before)
    expect(after.at(-1)).not.toHaveProperty('errorCode')
  })
})

describe('what never enters an audit record', () => {
  /** Everything in the files, in which the forms of a secret are looked for. */
  const written = (): string =>
    readdirSync(service.auditDirectory)
      .map((name) => readFileSync(join(service.auditDirectory, name), 'utf8'))
      .join('')
  const formsOf = (secret: Uint8Array): readonly string[] => [
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64').slice(2, -6),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('latin1'),
  ]
  const expectAbsent = (...secrets: readonly Uint8Array[]): void => {
    const text = written()
    for (const form of secrets.flatMap(formsOf)) expect(text).not.toContain(form)
  }

  it('plaintext, ciphertext, data keys, documents, nonces, user data, keys of recipients', async () => {
    const plaintext = Buffer.from('the plaintext of this request')
    const { CiphertextBlob } = await service.ask('Encrypt', { KeyId: key, Plaintext: base64(plaintext) })
    await service.ask('Decrypt', { CiphertextBlob })
    const dataKey = await service.ask('GenerateDataKey', { KeyId: key, KeySpec: 'AES_256' })
    const pair = await service.ask('GenerateDataKeyPair', { KeyId: key, KeyPairSpec: 'ECC_NIST_P256' })
    const [nonce, userData] = [Buffer.from('the nonce of the document'), Buffer.from('the user data of it')]
    const AttestationDocument = makeDocument({ nonce, userData })
    const Recipient = { AttestationDocument, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
    const { CiphertextForRecipient } = await service.ask('Decrypt', { CiphertextBlob, Recipient })
    const bad = { ...Recipient, AttestationDocument: flipLastBit(AttestationDocument) }
    await service.refusal('Decrypt', { CiphertextBlob, Recipient: bad })
    const answered = [
      CiphertextBlob,
      dataKey.Plaintext,
      dataKey.CiphertextBlob,
      String(pair['PrivateKeyPlaintext']),
      pair.PrivateKeyCiphertextBlob,
      pair.PublicKey,
      CiphertextForRecipient,
      AttestationDocument,
    ]
    expectAbsent(plaintext, nonce, userData, ...answered.map((blob) => Buffer.from(blob, 'base64')))
  })

  /** Members that may hold a secret, in whatever operation, type and place they come. */
  const SECRET_MEMBERS = [
    'AttestationDocument',
    'Ciphertext',
    'CiphertextBlob',
    'EncryptedKeyMaterial',
    'GrantTokens',
    'ImportToken',
    'Message',
    'Plaintext',
    'PublicKey',
    'Recipient',
    'Signature',
    'SomethingElse',
  ]

  it('what stands in a member that may hold a secret, whatever the operation and the shape', async () => {
    const marker = Buffer.from('a marker that no record may hold')
    const leaf = fc.constantFrom(base64(marker), marker.toString(), marker.toString('hex'))
    const shape = fc.oneof(
      leaf,
      fc.array(leaf, { minLength: 1, maxLength: 2 }),
      fc.record({ AttestationDocument: leaf, KeyEncryptionAlgorithm: fc.constant('RSAES_OAEP_SHA_256') }),
    )
    const operation = fc.constantFrom(...OPERATIONS.keys())
    await fc.assert(
      fc.asyncProperty(
        operation,
        fc.dictionary(fc.constantFrom(...SECRET_MEMBERS), shape),
        fc.boolean(),
        async (name, secrets, withKey) => {
          const input = { ...(withKey && { KeyId: key, KeySpec: 'AES_256' }), ...secrets }
          const records = await recordsOf(() => service.answer(name, input).catch(() => {}))
          expect(records.map(({ eventName }) => eventName)).toEqual([name])
        },
      ),
      runs(150),
    )
    expectAbsent(marker)
  })
})
