import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/identity/principal.ts'
import { IMAGE, makeRecipient, pcrBytes, pcrHex } from './a-recipient.ts'
import {
  ACCOUNT,
  admin,
  delegation,
  idOf,
  keyPolicy,
  makeService,
  makeUser,
  stranger,
  type TestService,
} from './a-service.ts'

let service: TestService
let key: string
let agreement: string
beforeAll(async () => {
  service = makeService()
  key = await service.newKey({ Tags: [{ TagKey: 'team', TagValue: 'blue' }] })
  agreement = await service.newKey({ KeySpec: 'ECC_NIST_P521', KeyUsage: 'KEY_AGREEMENT' })
  await service.ask('CreateAlias', { AliasName: 'alias/c', TargetKeyId: key })
})
afterAll(() => service.close())

/** The condition keys of the last decision about a request, answered or refused, but for its time. */
async function keysOf(name: string, input: object, options = {}): Promise<Record<string, unknown>> {
  const keys = await allKeysOf(name, input, options)
  return Object.fromEntries(Object.entries(keys).filter(([condition]) => !condition.endsWith('Time')))
}

async function allKeysOf(name: string, input: object, options = {}): Promise<Record<string, unknown>> {
  await service.answer(name, input, options).catch(() => null)
  return { ...service.lastRecord().decisions.at(-1)?.conditionKeys }
}

const named = (keys: Record<string, unknown>, pattern: RegExp): Record<string, unknown> =>
  Object.fromEntries(Object.entries(keys).filter(([name]) => pattern.test(name)))

const OF_CALL = {
  'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/admin`,
  'aws:PrincipalAccount': ACCOUNT,
  'aws:PrincipalType': 'User',
  'aws:PrincipalIsAWSService': 'false',
  'aws:ViaAWSService': 'false',
  'aws:RequestedRegion': 'us-east-1',
  'aws:SourceIp': '127.0.0.1',
  'aws:UserAgent': 'test',
  'aws:SecureTransport': 'false',
  'aws:userid': admin.userId,
  'aws:username': 'admin',
}
const OF_KEY = {
  'kms:CallerAccount': ACCOUNT,
  'kms:KeySpec': 'SYMMETRIC_DEFAULT',
  'kms:KeyUsage': 'ENCRYPT_DECRYPT',
  'kms:CustomerMasterKeySpec': 'SYMMETRIC_DEFAULT',
  'kms:CustomerMasterKeyUsage': 'ENCRYPT_DECRYPT',
  'kms:KeyOrigin': 'AWS_KMS',
  'kms:MultiRegion': 'false',
  'aws:ResourceAccount': ACCOUNT,
  'aws:ResourceTag/team': 'blue',
}

describe('condition keys', () => {
  it.each([
    ['DescribeKey', {}, {}],
    ['Encrypt', { Plaintext: 'AAAA' }, { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }],
    ['GenerateDataKey', { NumberOfBytes: 1 }, { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }],
    [
      'GenerateDataKeyWithoutPlaintext',
      { NumberOfBytes: 1 },
      { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' },
    ],
    [
      'GenerateDataKeyPairWithoutPlaintext',
      { KeyPairSpec: 'ECC_NIST_P256' },
      { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT', 'kms:DataKeyPairSpec': 'ECC_NIST_P256' },
    ],
    [
      'ScheduleKeyDeletion',
      { PendingWindowInDays: 99 },
      { 'kms:ScheduleKeyDeletionPendingWindowInDays': '99' },
    ],
    ['PutKeyPolicy', { Policy: '{}' }, {}],
    [
      'PutKeyPolicy',
      { Policy: '{}', BypassPolicyLockoutSafetyCheck: false },
      { 'kms:BypassPolicyLockoutSafetyCheck': 'false' },
    ],
  ])('%s %j', async (name, input, more) => {
    expect(await keysOf(name, { KeyId: key, ...input })).toEqual({ ...OF_CALL, ...OF_KEY, ...more })
  })

  it('DeriveSharedSecret', async () => {
    const input = { KeyId: agreement, KeyAgreementAlgorithm: 'ECDH', PublicKey: 'AAAA' }
    expect(await keysOf('DeriveSharedSecret', input)).toMatchObject({
      'kms:KeyAgreementAlgorithm': 'ECDH',
      'kms:KeySpec': 'ECC_NIST_P521',
      'kms:KeyUsage': 'KEY_AGREEMENT',
    })
  })

  it.each(['GenerateRandom', 'ListKeys', 'ListAliases'])('%s has those of the caller alone', async (name) => {
    expect(await keysOf(name, {})).toEqual(OF_CALL)
  })

  it('kms:MultiRegion is true for a multi-Region key, as its metadata says', async () => {
    const { keyRing, store } = service.services
    const identity = { region: 'us-east-1', keyId: `mrk-${'0a'.repeat(16)}` }
    const record = await store.findKey({ region: 'us-east-1', keyId: key.slice(key.indexOf('/') + 1) })
    if (!record) throw new Error('the key of this test is not there')
    const material = keyRing.createMaterial({ ...record, ...identity })
    await store.createKey({ ...record, ...identity, currentMaterialId: material.materialId }, material)
    expect(await keysOf('DescribeKey', { KeyId: identity.keyId })).toMatchObject({
      'kms:MultiRegion': 'true',
    })
  })

  it('CreateKey has those of the key that is asked for', async () => {
    const input = {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'KEY_AGREEMENT',
      Tags: [{ TagKey: 'a', TagValue: 'b' }],
    }
    expect(await keysOf('CreateKey', input)).toEqual({
      ...OF_CALL,
      'kms:CallerAccount': ACCOUNT,
      'kms:KeySpec': 'ECC_NIST_P256',
      'kms:KeyUsage': 'KEY_AGREEMENT',
      'kms:CustomerMasterKeySpec': 'ECC_NIST_P256',
      'kms:CustomerMasterKeyUsage': 'KEY_AGREEMENT',
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:MultiRegion': 'false',
      'aws:RequestTag/a': 'b',
      'aws:TagKeys': ['a'],
    })
  })

  it('an alias as resource has the account of the caller', async () => {
    const alias = { AliasName: 'alias/d', TargetKeyId: key }
    await service.ask('CreateAlias', alias)
    expect(service.lastRecord().decisions[0]?.conditionKeys).toEqual({
      ...OF_CALL,
      'aws:CurrentTime': expect.any(String),
      'aws:EpochTime': expect.any(String),
      'kms:CallerAccount': ACCOUNT,
    })
  })

  it('the alias of the request is there by name, and only where it was used', async () => {
    for (const KeyId of ['alias/c', `arn:aws:kms:us-east-1:${ACCOUNT}:alias/c`]) {
      expect(await keysOf('DescribeKey', { KeyId })).toMatchObject({ 'kms:RequestAlias': 'alias/c' })
    }
    expect(await keysOf('DescribeKey', { KeyId: idOf(key) })).not.toHaveProperty('kms:RequestAlias')
  })

  it('the encryption context gives a key a pair, and their names', async () => {
    const input = { KeyId: key, Plaintext: 'AAAA', EncryptionContext: { tenant: 'a', 'x:y': '' } }
    expect(named(await keysOf('Encrypt', input), /EncryptionContext/)).toEqual({
      'kms:EncryptionContext:tenant': 'a',
      'kms:EncryptionContext:x:y': '',
      'kms:EncryptionContextKeys': ['tenant', 'x:y'],
    })
    const without = await keysOf('Encrypt', { ...input, EncryptionContext: {} })
    expect(named(without, /EncryptionContext/)).toEqual({})
  })

  it('the time of a request is there as a date and as seconds', async () => {
    const before = Date.now()
    const keys = await allKeysOf('ListKeys', {})
    const time = Date.parse(String(keys['aws:CurrentTime']))
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
    expect(keys['aws:EpochTime']).toBe(`${Math.floor(time / 1000)}`)
  })

  it('an IPv4 caller of a listener for both families has his IPv4 address', async () => {
    for (const [address, expected] of [
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['::FFFF:192.0.2.7', '192.0.2.7'],
      ['2001:db8::1', '2001:db8::1'],
    ]) {
      expect(await keysOf('ListKeys', {}, { origin: { address } })).toMatchObject({
        'aws:SourceIp': expected,
      })
    }
    expect(await keysOf('ListKeys', {}, { origin: { address: '' } })).not.toHaveProperty('aws:SourceIp')
  })

  it('a call over TLS says so', async () => {
    const keys = await keysOf('ListKeys', {}, { origin: { secureTransport: true } })
    expect(keys).toMatchObject({ 'aws:SecureTransport': 'true' })
  })

  it('a call of a service for its caller names the service, and not the address', async () => {
    const sourceArn = 'arn:aws:s3:::bucket'
    const origin = { viaService: 's3.us-east-1.amazonaws.com', sourceArn }
    const keys = await keysOf('DescribeKey', { KeyId: key }, { origin })
    expect(keys).toMatchObject({
      'kms:ViaService': 's3.us-east-1.amazonaws.com',
      'aws:ViaAWSService': 'true',
      'aws:CalledVia': ['s3.amazonaws.com'],
      'aws:CalledViaFirst': 's3.amazonaws.com',
      'aws:CalledViaLast': 's3.amazonaws.com',
      'aws:SourceArn': sourceArn,
    })
    expect(keys).not.toHaveProperty('aws:SourceIp')
    expect(await keysOf('ListKeys', {}, { origin })).not.toHaveProperty('kms:ViaService')
  })

  it('the aliases of a key are there for identity policies that ask for them', async () => {
    const allow = (alias: string): Principal =>
      makeUser('nobody', [
        {
          Effect: 'Allow',
          Action: 'kms:DescribeKey',
          Resource: '*',
          Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } },
        },
      ])
    const other = await service.newKey()
    expect(await keysOf('DescribeKey', { KeyId: key }, { as: allow('alias/c') })).toMatchObject({
      'kms:ResourceAliases': expect.arrayContaining(['alias/c']),
    })
    const { code } = await service.refusal('DescribeKey', { KeyId: key }, { as: allow('alias/other') })
    expect(code).toBe('AccessDeniedException')
    const none = await keysOf('DescribeKey', { KeyId: other }, { as: allow('alias/c') })
    expect(none).not.toHaveProperty('kms:ResourceAliases')
    expect(await keysOf('DescribeKey', { KeyId: key })).not.toHaveProperty('kms:ResourceAliases')
  })

  it('tags of the caller are there by their keys', async () => {
    const as = { ...admin, tags: [{ key: 'Team', value: 'blue' }] }
    expect(await keysOf('ListKeys', {}, { as })).toMatchObject({ 'aws:PrincipalTag/Team': 'blue' })
  })

  it('of a session aws:PrincipalArn is the role, with its path', async () => {
    const session: Principal = {
      ...makeUser('host'),
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/host/i-1`,
      kind: 'role-session',
      userId: 'AROATEST:i-1',
      userName: null,
      session: {
        roleArn: `arn:aws:iam::${ACCOUNT}:role/path/host`,
        roleId: 'AROATEST',
        sessionName: 'i-1',
        sourceIdentity: 'somebody',
        issuedAt: new Date('2026-01-02T03:04:05Z'),
        policies: [],
      },
    }
    const keys = await allKeysOf('GenerateRandom', { NumberOfBytes: 1 }, { as: session })
    expect(keys).toMatchObject({
      'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/path/host`,
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': 'AROATEST:i-1',
      'aws:TokenIssueTime': '2026-01-02T03:04:05.000Z',
      'aws:MultiFactorAuthPresent': 'false',
      'aws:SourceIdentity': 'somebody',
    })
    expect(keys).not.toHaveProperty('aws:username')
  })
})

describe('condition keys of a document', () => {
  const MEASUREMENT = /RecipientAttestation/
  const pcrs = new Map([
    [0, pcrBytes(0xab)],
    [31, new Uint8Array(48)],
  ])
  const random = (recipient: object): Promise<Record<string, unknown>> =>
    keysOf('GenerateRandom', { NumberOfBytes: 1, Recipient: recipient })

  it('of an enclave: PCR<n> for each in the document, and ImageSha384, in lower case', async () => {
    const keys = named(await random(makeRecipient({ pcrs })), MEASUREMENT)
    expect(keys).toMatchObject({
      'kms:RecipientAttestation:PCR0': IMAGE,
      'kms:RecipientAttestation:ImageSha384': IMAGE,
      'kms:RecipientAttestation:PCR31': '0'.repeat(96),
    })
    for (const name of Object.keys(keys)) expect(name).toMatch(/:(?:ImageSha384|PCR\d+)$/)
    for (const value of Object.values(keys)) expect(value).toMatch(/^[0-9a-f]{96}$/)
  })

  it('of a TPM: NitroTPMPCR<n> up to 23, and no other', async () => {
    const fault = 'nitrotpm-index-above-23'
    const keys = named(
      await random(makeRecipient({ kind: 'nitrotpm', fault, pcrs: new Map([[4, pcrBytes(4)]]) })),
      MEASUREMENT,
    )
    expect(keys).toMatchObject({ 'kms:RecipientAttestation:NitroTPMPCR4': pcrHex(4) })
    for (const name of Object.keys(keys)) expect(name).toMatch(/:NitroTPMPCR(?:\d|1\d|2[0-3])$/)
  })

  it('of a document with a bad key, or that is bad itself: none', async () => {
    for (const changes of [{ publicKey: null }, { at: new Date('2026-01-01') }]) {
      expect(named(await random(makeRecipient(changes)), MEASUREMENT)).toEqual({})
    }
  })

  it.each([
    ['Encrypt', { Plaintext: 'AAAA' }],
    ['GenerateDataKeyWithoutPlaintext', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyPairWithoutPlaintext', { KeyPairSpec: 'ECC_NIST_P256' }],
    ['DescribeKey', {}],
  ])('%s has no such member: none, and a warning', async (name, input) => {
    const { warnings, body } = await service.answer(name, {
      KeyId: key,
      ...input,
      Recipient: makeRecipient(),
    })
    expect(warnings).toEqual([
      `Recipient is no member of ${name} and was ignored: the answer is not encrypted to it`,
    ])
    expect(body).not.toHaveProperty('CiphertextForRecipient')
    expect(named({ ...service.lastRecord().decisions[0]?.conditionKeys }, MEASUREMENT)).toEqual({})
    expect((await service.answer(name, { KeyId: key, ...input, Recipient: null })).warnings).toEqual([])
  })

  it('gate identity policies for GenerateRandom', async () => {
    const condition = {
      StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': IMAGE.toUpperCase() },
    }
    const as = makeUser('enclave', [
      { Effect: 'Allow', Action: 'kms:GenerateRandom', Resource: '*', Condition: condition },
    ])
    expect(await service.refusal('GenerateRandom', { NumberOfBytes: 1 }, { as })).toMatchObject({
      code: 'AccessDeniedException',
      text: `User: ${as.arn} is not authorized to perform: kms:GenerateRandom on resource: * because no identity-based policy allows the kms:GenerateRandom action`,
    })
    const attested = { NumberOfBytes: 1, Recipient: makeRecipient() }
    expect(await service.ask('GenerateRandom', attested, { as })).toHaveProperty('CiphertextForRecipient')
  })
})

describe('who is told why a document was refused', () => {
  it('nobody of another account, be he allowed or denied', async () => {
    const open = { Effect: 'Allow', Principal: '*', Action: 'kms:GenerateDataKey' }
    const gated = { ...open, Condition: { StringLike: { 'kms:RecipientAttestation:PCR0': '*' } } }
    const Recipient = makeRecipient({ publicKey: null })
    for (const [statement, code] of [
      [open, 'ValidationException'],
      [gated, 'AccessDeniedException'],
    ] as const) {
      const KeyId = await service.newKey({ Policy: keyPolicy(delegation(), statement) })
      const input = { KeyId, KeySpec: 'AES_256', Recipient }
      expect(await service.refusal('GenerateDataKey', input, { as: stranger })).toMatchObject({
        code,
        reason: null,
      })
      expect(service.lastRecord().result.reason).toBe('RECIPIENT_KEY_MISSING')
    }
  })
})
