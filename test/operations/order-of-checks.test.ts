import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flipLastBit, makeDocument } from './a-recipient.ts'
import { base64, makeService, makeUser, nobody, type TestService } from './a-service.ts'

/** May use keys, but not GenerateDataKey. */
const other = makeUser('other', [{ Effect: 'Allow', Action: 'kms:Encrypt', Resource: '*' }])

let service: TestService
let disabled: string
let agreement: string
let enabled: string
let blob: string
beforeAll(async () => {
  service = makeService()
  enabled = await service.newKey()
  disabled = await service.newKey()
  agreement = await service.newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
  const plaintext = { KeyId: disabled, Plaintext: 'AAAA', EncryptionContext: { a: 'b' } }
  blob = (await service.ask('Encrypt', plaintext)).CiphertextBlob
  await service.ask('DisableKey', { KeyId: disabled })
})
afterAll(() => service.close())

/** A request in which everything is wrong; each step takes away the reason for the refusal before. */
describe('the order of the checks', () => {
  const BAD = {
    AttestationDocument: flipLastBit(makeDocument()),
    KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
  }
  const LARGE = { a: 'b'.repeat(9000) }

  it('GenerateDataKey: types, constraints, look-up, policies, document, tokens, state, usage, context, parameters, dry run', async () => {
    let input: Record<string, unknown> = {
      KeyId: '00000000-0000-0000-0000-000000000000',
      NumberOfBytes: 'x',
      KeySpec: 'AES',
      EncryptionContext: LARGE,
      Recipient: BAD,
      GrantTokens: ['a'],
      DryRun: true,
    }
    let as = nobody
    const step = async (change: object, code: string): Promise<void> => {
      input = { ...input, ...change }
      expect(await service.refusal('GenerateDataKey', input, { as })).toMatchObject({ code })
    }
    await step({}, 'SerializationException')
    await step({ NumberOfBytes: 1 }, 'ValidationException')
    expect((await service.refusal('GenerateDataKey', input, { as })).text).toContain("at 'keySpec'")
    await step({ KeySpec: 'AES_128' }, 'NotFoundException')
    await step({ KeyId: disabled }, 'AccessDeniedException')
    as = makeUser('admin')
    await step({}, 'ValidationException')
    expect((await service.refusal('GenerateDataKey', input)).reason).toBe('COSE_SIGNATURE_INVALID')
    await step({ Recipient: null }, 'InvalidGrantTokenException')
    await step({ GrantTokens: [] }, 'DisabledException')
    await step({ KeyId: agreement }, 'InvalidKeyUsageException')
    await step({ KeyId: enabled }, 'ValidationException')
    expect((await service.refusal('GenerateDataKey', input)).text).toContain('encryption context')
    await step({ EncryptionContext: { a: 'b' } }, 'ValidationException')
    expect((await service.refusal('GenerateDataKey', input)).text).toContain('Please specify either')
    await step({ KeySpec: null }, 'DryRunOperationException')
    expect(await service.ask('GenerateDataKey', { ...input, DryRun: false })).toHaveProperty('Plaintext')
  })

  it('Decrypt: ciphertext, named key, policies, wrong key, state, context', async () => {
    const ask = async (input: object, as = makeUser('admin')): Promise<string> =>
      (await service.refusal('Decrypt', input, { as })).code
    expect(await ask({ CiphertextBlob: 'AAAA', KeyId: 'nonsense' })).toBe('InvalidCiphertextException')
    expect(await ask({ CiphertextBlob: blob, KeyId: 'nonsense' }, other)).toBe('NotFoundException')
    expect(await ask({ CiphertextBlob: blob, KeyId: agreement }, other)).toBe('AccessDeniedException')
    expect(await ask({ CiphertextBlob: blob, KeyId: agreement })).toBe('IncorrectKeyException')
    expect(await ask({ CiphertextBlob: blob, KeyId: disabled })).toBe('DisabledException')
    await service.ask('EnableKey', { KeyId: disabled })
    expect(await ask({ CiphertextBlob: blob, DryRun: true })).toBe('InvalidCiphertextException')
    const right = { CiphertextBlob: blob, EncryptionContext: { a: 'b' } }
    expect(await ask({ ...right, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })).toBe('InvalidKeyUsageException')
    expect(await ask({ ...right, DryRun: true })).toBe('DryRunOperationException')
    expect(await service.ask('Decrypt', right)).toMatchObject({ Plaintext: 'AAAA' })
    await service.ask('DisableKey', { KeyId: disabled })
  })

  it('DryRun with IGNORE_CIPHERTEXT asks for authorization alone', async () => {
    const modifiers = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'], KeyId: enabled }
    expect((await service.refusal('Decrypt', modifiers)).code).toBe('DryRunOperationException')
    expect((await service.refusal('Decrypt', modifiers, { as: other })).code).toBe('AccessDeniedException')
    expect((await service.refusal('Decrypt', { ...modifiers, KeyId: null })).code).toBe('ValidationException')
    expect((await service.refusal('Decrypt', { ...modifiers, DryRun: false })).code).toBe(
      'ValidationException',
    )
    expect((await service.refusal('Decrypt', { KeyId: enabled })).text).toBe('CiphertextBlob is required.')
  })

  it.each([
    ['Encrypt', { Plaintext: 'AAAA' }],
    ['GenerateDataKeyWithoutPlaintext', { KeySpec: 'AES_256' }],
    ['GenerateDataKeyPair', { KeyPairSpec: 'RSA_4096' }],
    ['GenerateDataKeyPairWithoutPlaintext', { KeyPairSpec: 'RSA_4096' }],
  ])('a dry run of %s that would succeed is DryRunOperationException', async (name, more) => {
    expect(await service.refusal(name, { KeyId: enabled, DryRun: true, ...more })).toEqual({
      code: 'DryRunOperationException',
      text: 'The request would have succeeded, but the DryRun option is set.',
      reason: null,
    })
  })

  it('a dry run of DeriveSharedSecret looks at the public key of the peer', async () => {
    const { PublicKey } = await service.ask('GetPublicKey', { KeyId: agreement })
    const input = { KeyId: agreement, KeyAgreementAlgorithm: 'ECDH', DryRun: true }
    const good = await service.refusal('DeriveSharedSecret', { ...input, PublicKey })
    expect(good.code).toBe('DryRunOperationException')
    const bad = await service.refusal('DeriveSharedSecret', { ...input, PublicKey: base64('none') })
    expect(bad).toEqual({ code: 'ValidationException', text: null, reason: null })
  })
})
