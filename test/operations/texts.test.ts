import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ACCOUNT,
  admin,
  base64,
  idOf,
  makeService,
  makeUser,
  OTHER_ACCOUNT,
  stranger,
  type TestService,
} from './a-service.ts'

const MISSING = '00000000-0000-0000-0000-000000000000'
const ownArn = (id: string): string => `arn:aws:kms:us-east-1:${ACCOUNT}:key/${id}`
const foreignArn = (id: string): string => `arn:aws:kms:us-east-1:${OTHER_ACCOUNT}:key/${id}`
const NOTHING_TO_SEE =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access'

let service: TestService
let key: string
let agreement: string
beforeAll(async () => {
  service = makeService()
  key = await service.newKey()
  agreement = await service.newKey({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'KEY_AGREEMENT' })
})
afterAll(() => service.close())

describe('keys that are not found', () => {
  it.each([
    [MISSING, `Key '${ownArn(MISSING)}' does not exist`],
    [ownArn(MISSING), `Key '${ownArn(MISSING)}' does not exist`],
    [
      'mrk-00000000000000000000000000000000',
      `Key '${ownArn('mrk-00000000000000000000000000000000')}' does not exist`,
    ],
    ['fake-key-id', "Invalid keyId 'fake-key-id'"],
    ['1234abcd12ab34cd56ef1234567890ab', "Invalid keyId '1234abcd12ab34cd56ef1234567890ab'"],
    ['mrk-fake-key-id', "Invalid keyId 'mrk-fake-key-id'"],
    [`arn:aws:kms:eu-west-1:${ACCOUNT}:key/${MISSING}`, 'Invalid arn eu-west-1'],
    ['alias/none', `Alias arn:aws:kms:us-east-1:${ACCOUNT}:alias/none is not found.`],
    [
      `arn:aws:kms:us-east-1:${ACCOUNT}:alias/none`,
      `Alias arn:aws:kms:us-east-1:${ACCOUNT}:alias/none is not found.`,
    ],
  ])('DescribeKey %s: NotFoundException', async (KeyId, text) => {
    expect(await service.refusal('DescribeKey', { KeyId })).toEqual({
      code: 'NotFoundException',
      text,
      reason: null,
    })
  })

  it('a malformed ARN is InvalidArnException where the model lists that, else NotFoundException', async () => {
    const KeyId = `arn:aws:s3:us-east-1:${ACCOUNT}:key/${MISSING}`
    expect((await service.refusal('DescribeKey', { KeyId })).code).toBe('InvalidArnException')
    expect((await service.refusal('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).code).toBe(
      'NotFoundException',
    )
  })

  it.each([
    'EnableKey',
    'DisableKey',
    'GetKeyPolicy',
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
    'ListKeyPolicies',
  ])('%s takes no alias: NotFoundException', async (name) => {
    const refusal = await service.refusal(name, { KeyId: 'alias/a' })
    expect(refusal).toMatchObject({ code: 'NotFoundException', text: "Invalid keyId 'alias/a'" })
  })
})

describe('keys of another account', () => {
  let foreign: string
  let blob: string
  beforeAll(async () => {
    foreign = await service.newKey({}, { as: stranger })
    await service.ask('CreateAlias', { AliasName: 'alias/theirs', TargetKeyId: foreign }, { as: stranger })
    const sealed = await service.ask('Encrypt', { KeyId: foreign, Plaintext: 'AAAA' }, { as: stranger })
    blob = sealed.CiphertextBlob
  })

  it('say the same whether they exist or not: AccessDeniedException', async () => {
    const alias = (name: string): string => `arn:aws:kms:us-east-1:${OTHER_ACCOUNT}:alias/${name}`
    for (const KeyId of [foreign, foreignArn(MISSING), alias('theirs'), alias('none')]) {
      for (const name of ['DescribeKey', 'EnableKey', 'GetPublicKey']) {
        if (name === 'EnableKey' && KeyId.includes('alias')) continue
        expect(await service.refusal(name, { KeyId })).toEqual({
          code: 'AccessDeniedException',
          text: `User: ${admin.arn} is not authorized to perform: kms:${name} on this resource ${NOTHING_TO_SEE}`,
          reason: null,
        })
      }
    }
  })

  it('say the same to a caller whose own identity policy denies them', async () => {
    const as = makeUser('enclave', [{ Effect: 'Deny', Action: '*', Resource: '*' }])
    for (const KeyId of [foreign, foreignArn(MISSING)]) {
      const { text } = await service.refusal('DescribeKey', { KeyId }, { as })
      expect(text).toBe(
        `User: ${as.arn} is not authorized to perform: kms:DescribeKey on this resource ${NOTHING_TO_SEE}`,
      )
    }
  })

  it('are not found by their bare id', async () => {
    const { text } = await service.refusal('DescribeKey', { KeyId: idOf(foreign) })
    expect(text).toBe(`Key '${ownArn(idOf(foreign))}' does not exist`)
  })

  it('refuse their ciphertext as that of a key that does not exist', async () => {
    const text = `User: ${admin.arn} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ${NOTHING_TO_SEE}`
    expect(await service.refusal('Decrypt', { CiphertextBlob: blob })).toMatchObject({
      code: 'AccessDeniedException',
      text,
    })
    const elsewhere = await service.refusal('Decrypt', { CiphertextBlob: blob }, { region: 'eu-west-1' })
    expect(elsewhere).toMatchObject({ code: 'AccessDeniedException', text })
  })
})

describe('what a key cannot do', () => {
  it.each([
    ['Encrypt', { Plaintext: 'AAAA' }],
    ['GenerateDataKey', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyPair', { KeyPairSpec: 'ECC_NIST_P256' }],
  ])('%s under a KEY_AGREEMENT key: InvalidKeyUsageException', async (name, input) => {
    expect(await service.refusal(name, { KeyId: agreement, ...input })).toEqual({
      code: 'InvalidKeyUsageException',
      text: `${agreement} key usage is KEY_AGREEMENT which is not valid for ${name}.`,
      reason: null,
    })
  })

  it('DeriveSharedSecret under a symmetric key, and another algorithm than the key has', async () => {
    const derive = { KeyId: key, KeyAgreementAlgorithm: 'ECDH', PublicKey: 'AAAA' }
    expect((await service.refusal('DeriveSharedSecret', derive)).text).toBe(
      `${key} key usage is ENCRYPT_DECRYPT which is not valid for DeriveSharedSecret.`,
    )
    const encrypt = { KeyId: key, Plaintext: 'AAAA', EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
    expect(await service.refusal('Encrypt', encrypt)).toMatchObject({
      code: 'InvalidKeyUsageException',
      text: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    })
  })

  it('GetPublicKey of a symmetric key: UnsupportedOperationException', async () => {
    expect((await service.refusal('GetPublicKey', { KeyId: key })).code).toBe('UnsupportedOperationException')
  })
})

describe('sizes and ciphertexts', () => {
  it.each([{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }])('GenerateDataKey with sizes %j', async (size) => {
    for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']) {
      expect(await service.refusal(name, { KeyId: key, ...size })).toMatchObject({
        code: 'ValidationException',
        text: 'Please specify either number of bytes or key spec.',
      })
    }
  })

  it('GenerateRandom without a size', async () => {
    expect(await service.refusal('GenerateRandom')).toMatchObject({
      code: 'ValidationException',
      text: 'NumberOfBytes is required.',
    })
  })

  it('a ciphertext that was changed, cut or lengthened, or whose context differs: InvalidCiphertextException, no text', async () => {
    const context = { EncryptionContext: { tenant: 'a', other: 'b' } }
    const { CiphertextBlob } = await service.ask('Encrypt', { KeyId: key, Plaintext: 'AAAA', ...context })
    const blob = Buffer.from(CiphertextBlob, 'base64')
    const changed = Buffer.from(blob)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    const refused = { code: 'InvalidCiphertextException', text: null, reason: null }
    for (const bad of [
      changed,
      blob.subarray(0, -1),
      Buffer.concat([blob, Buffer.alloc(1)]),
      Buffer.from('x'),
    ]) {
      expect(await service.refusal('Decrypt', { CiphertextBlob: base64(bad), ...context })).toEqual(refused)
    }
    for (const EncryptionContext of [undefined, {}, { tenant: 'A', other: 'b' }, { tenant: 'a' }]) {
      expect(await service.refusal('Decrypt', { CiphertextBlob, EncryptionContext })).toEqual(refused)
    }
    const turned = { EncryptionContext: { other: 'b', tenant: 'a' } }
    expect(await service.ask('Decrypt', { CiphertextBlob, ...turned })).toMatchObject({ Plaintext: 'AAAA' })
  })

  it('a ciphertext and the name of another key: IncorrectKeyException', async () => {
    const { CiphertextBlob } = await service.ask('Encrypt', { KeyId: key, Plaintext: 'AAAA' })
    expect(await service.refusal('Decrypt', { CiphertextBlob, KeyId: agreement })).toEqual({
      code: 'IncorrectKeyException',
      text: 'The key ID in the request does not identify a CMK that can perform this operation.',
      reason: null,
    })
  })

  it('a key pair of a spec that is offered in the Region and not made here: UnsupportedOperationException', async () => {
    const inChina = { region: 'cn-north-1' }
    const KeyId = await service.newKey({}, inChina)
    const refusal = await service.refusal('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'SM2' }, inChina)
    expect(refusal.code).toBe('UnsupportedOperationException')
  })
})
