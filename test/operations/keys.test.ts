import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteDueKeys } from '../../src/operations/deletion-sweep.ts'
import { ACCOUNT, idOf, makeService, type Members, nobody, stranger, type TestService } from './a-service.ts'

const DAY = 24 * 60 * 60 * 1000

let service: TestService
beforeAll(() => {
  service = makeService()
})
afterAll(() => service.close())

const metadataOf = async (KeyId: string): Promise<Members['KeyMetadata']> =>
  (await service.ask('DescribeKey', { KeyId })).KeyMetadata

describe('CreateKey and DescribeKey', () => {
  it('a symmetric key has the members that AWS shows, and no others', async () => {
    const { KeyMetadata } = await service.ask('CreateKey')
    expect(KeyMetadata).toEqual({
      AWSAccountId: ACCOUNT,
      KeyId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      Arn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${String(KeyMetadata['KeyId'])}`,
      CreationDate: expect.closeTo(Date.now() / 1000, -2),
      Enabled: true,
      Description: '',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await metadataOf(String(KeyMetadata['Arn']))).toEqual(KeyMetadata)
  })

  it.each(['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'])(
    'a %s key agrees on secrets',
    async (KeySpec) => {
      const { KeyMetadata } = await service.ask('CreateKey', {
        KeySpec,
        KeyUsage: 'KEY_AGREEMENT',
        Description: 'd',
      })
      expect(KeyMetadata).toMatchObject({ KeySpec, KeyAgreementAlgorithms: ['ECDH'], Description: 'd' })
      expect(KeyMetadata).not.toHaveProperty('EncryptionAlgorithms')
      expect(KeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
      const publicKey = await service.ask('GetPublicKey', { KeyId: String(KeyMetadata['KeyId']) })
      expect(publicKey).toEqual({
        KeyId: KeyMetadata['Arn'],
        PublicKey: expect.any(String),
        KeyUsage: 'KEY_AGREEMENT',
        KeySpec,
        CustomerMasterKeySpec: KeySpec,
        KeyAgreementAlgorithms: ['ECDH'],
      })
    },
  )

  it.each([
    [
      { KeySpec: 'HMAC_256' },
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    ],
    [
      { KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' },
      'ValidationException',
      'KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048',
    ],
    [
      { KeySpec: 'ECC_NIST_P256', KeyUsage: 'ENCRYPT_DECRYPT' },
      'ValidationException',
      'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ECC_NIST_P256',
    ],
    [
      { KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' },
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    ],
    [
      { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
      'UnsupportedOperationException',
      'A key with KeySpec RSA_2048 and KeyUsage SIGN_VERIFY is not supported by this service yet.',
    ],
    [
      { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
      'UnsupportedOperationException',
      'A key with KeySpec ECC_NIST_P256 and KeyUsage SIGN_VERIFY is not supported by this service yet.',
    ],
    [
      { Origin: 'EXTERNAL' },
      'UnsupportedOperationException',
      'A key with Origin EXTERNAL is not supported by this service yet.',
    ],
    [
      { MultiRegion: true },
      'UnsupportedOperationException',
      'Multi-Region keys are not supported by this service yet.',
    ],
    [
      { CustomKeyStoreId: 'cks-1' },
      'UnsupportedOperationException',
      'Custom key stores are not supported by this service.',
    ],
    [
      { Tags: Array.from({ length: 51 }, (_, index) => ({ TagKey: `k${index}`, TagValue: '' })) },
      'TagException',
      'Too many tags',
    ],
    [
      {
        Tags: [
          { TagKey: 'a', TagValue: '1' },
          { TagKey: 'a', TagValue: '2' },
        ],
      },
      'TagException',
      'Duplicate tag keys',
    ],
    [{ Tags: [{ TagKey: 'AWS:a', TagValue: '1' }] }, 'TagException', 'Tags beginning with aws: are reserved'],
  ])('CreateKey %j is refused: %s', async (input, code, text) => {
    const before = await service.ask('ListKeys')
    expect(await service.refusal('CreateKey', input)).toEqual({ code, text, reason: null })
    expect(await service.ask('ListKeys')).toEqual(before)
  })

  it('stores tags', async () => {
    const keyId = idOf(await service.newKey({ Tags: [{ TagKey: 'team', TagValue: '' }] }))
    const record = await service.store.findKey({ region: 'us-east-1', keyId })
    expect(record?.tags).toEqual([{ key: 'team', value: '' }])
  })
})

describe('states', () => {
  it('disable and enable take effect, may be repeated, and answer nothing', async () => {
    const KeyId = await service.newKey()
    for (const name of ['DisableKey', 'DisableKey'])
      expect((await service.answer(name, { KeyId })).body).toBeNull()
    expect(await metadataOf(KeyId)).toMatchObject({ Enabled: false, KeyState: 'Disabled' })
    const encrypt = { KeyId, Plaintext: 'AAAA' }
    expect((await service.refusal('Encrypt', encrypt)).text).toBe(`${KeyId} is disabled.`)
    for (const name of ['EnableKey', 'EnableKey'])
      expect((await service.answer(name, { KeyId })).body).toBeNull()
    expect(await service.ask('Encrypt', encrypt)).toHaveProperty('CiphertextBlob')
  })

  it('deletion can be scheduled, shows itself, stops use, and can be cancelled', async () => {
    const KeyId = await service.newKey()
    const answer = await service.ask('ScheduleKeyDeletion', { KeyId: idOf(KeyId), PendingWindowInDays: 7 })
    const DeletionDate = expect.closeTo(Date.now() / 1000 + (7 * DAY) / 1000, -2)
    expect(answer).toEqual({ KeyId, DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays: 7 })
    expect(await metadataOf(KeyId)).toMatchObject({
      KeyState: 'PendingDeletion',
      Enabled: false,
      DeletionDate,
    })
    const pending = { code: 'KMSInvalidStateException', text: `${KeyId} is pending deletion.` }
    for (const name of ['ScheduleKeyDeletion', 'EnableKey', 'DisableKey']) {
      expect(await service.refusal(name, { KeyId })).toMatchObject(pending)
    }
    expect(await service.refusal('Encrypt', { KeyId, Plaintext: 'AAAA' })).toMatchObject(pending)
    expect(await service.refusal('CreateAlias', { AliasName: 'alias/p', TargetKeyId: KeyId })).toMatchObject(
      pending,
    )
    expect(await service.ask('CancelKeyDeletion', { KeyId })).toEqual({ KeyId })
    const metadata = await metadataOf(KeyId)
    expect(metadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
    expect(metadata).not.toHaveProperty('DeletionDate')
    expect(await service.refusal('CancelKeyDeletion', { KeyId })).toMatchObject({
      code: 'KMSInvalidStateException',
      text: `${KeyId} is not pending deletion.`,
    })
  })

  it('the window is 30 days unless another is asked for', async () => {
    const KeyId = await service.newKey()
    expect((await service.ask('ScheduleKeyDeletion', { KeyId }))['PendingWindowInDays']).toBe(30)
  })

  it.each([1, 6, 31, 365])('a window of %i days is ValidationException', async (PendingWindowInDays) => {
    const KeyId = await service.newKey()
    expect(await service.refusal('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).toMatchObject({
      code: 'ValidationException',
      text: 'PendingWindowInDays must be between 7 and 30 (inclusive).',
    })
  })

  it('of sixteen requests at a time to schedule one deletion, one succeeds', async () => {
    const KeyId = await service.newKey()
    const tries = Array.from({ length: 16 }, () => service.answer('ScheduleKeyDeletion', { KeyId }))
    const done = await Promise.allSettled(tries)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('keys whose deletion date has come', () => {
  it('are gone for every request before they are swept, and then from the store', async () => {
    const own = makeService()
    const KeyId = await own.newKey()
    const kept = await own.newKey()
    await own.ask('CreateAlias', { AliasName: 'alias/gone', TargetKeyId: KeyId })
    const { CiphertextBlob } = await own.ask('Encrypt', { KeyId, Plaintext: 'AAAA' })
    await own.ask('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    expect(await deleteDueKeys(own.services)).toBe(0)
    own.clock.moveTo(new Date(Date.now() + 7 * DAY + 1000))

    const gone = { code: 'NotFoundException', text: `Key '${KeyId}' does not exist` }
    for (const name of ['DescribeKey', 'CancelKeyDeletion', 'EnableKey', 'GetKeyPolicy']) {
      expect(await own.refusal(name, { KeyId })).toMatchObject(gone)
    }
    expect((await own.refusal('DescribeKey', { KeyId: 'alias/gone' })).code).toBe('NotFoundException')
    expect((await own.refusal('Decrypt', { CiphertextBlob })).code).toBe('AccessDeniedException')
    expect((await own.ask('ListKeys')).Keys).toEqual([{ KeyId: idOf(kept), KeyArn: kept }])
    expect((await own.ask('ListAliases')).Aliases).toEqual([])

    expect(await deleteDueKeys(own.services)).toBe(1)
    expect(await own.store.findKey({ region: 'us-east-1', keyId: idOf(KeyId) })).toBeUndefined()
    expect(await deleteDueKeys(own.services)).toBe(0)
    await own.close()
  })
})

describe('ListKeys', () => {
  it('comes in pages that join to the whole list, of the own account and Region only', async () => {
    const own = makeService()
    const made: string[] = []
    for (let count = 0; count < 5; count++) made.push(await own.newKey())
    await own.newKey({}, { as: stranger })
    await own.newKey({}, { region: 'eu-west-1' })
    const seen: string[] = []
    let Marker: string | undefined
    do {
      const page = await own.ask('ListKeys', { Limit: 2, Marker })
      expect(page.Keys.length).toBeLessThanOrEqual(2)
      expect(page['Truncated']).toBe(page.NextMarker !== undefined)
      seen.push(...page.Keys.map((entry) => entry['KeyArn'] ?? ''))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    expect(seen).toEqual([...made].sort())
    await own.close()
  })

  it.each([
    'x',
    'AAAA',
    Buffer.from('1 ListAliases alias/a').toString('base64'),
    Buffer.from('1 ListKeys ').toString('base64'),
  ])('a marker %s that was not handed out is InvalidMarkerException', async (Marker) => {
    expect((await service.refusal('ListKeys', { Marker })).code).toBe('InvalidMarkerException')
  })

  it('needs an identity policy: AccessDeniedException on resource *', async () => {
    expect(await service.refusal('ListKeys', {}, { as: nobody })).toMatchObject({
      code: 'AccessDeniedException',
      text: `User: ${nobody.arn} is not authorized to perform: kms:ListKeys on resource: * because no identity-based policy allows the kms:ListKeys action`,
    })
  })
})
