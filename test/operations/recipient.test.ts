import { createPublicKey, diffieHellman, generateKeyPairSync, createPrivateKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEnvelope } from '../../enclave/client/envelope.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import {
  BAD_DOCUMENTS,
  enclaveKey,
  flipLastBit,
  IMAGE,
  makeDocument,
  makeRecipient,
  pcrBytes,
} from './a-recipient.ts'
import {
  admin,
  base64,
  bytesOf,
  delegation,
  idOf,
  keyPolicy,
  makeService,
  type Members,
  type TestService,
} from './a-service.ts'

/** Every member that plaintext can stand in (AWS KMS API Reference). */
const PLAINTEXT_MEMBERS = ['Plaintext', 'PrivateKeyPlaintext', 'SharedSecret']
const peer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const peerSpki = peer.publicKey.export({ type: 'spki', format: 'der' })

let service: TestService
/** A good request of each operation that takes a recipient; and what the envelope must hold, as far as it is known. */
const requests = new Map<string, object>()

beforeAll(async () => {
  service = makeService()
  const key = await service.newKey()
  const agreement = await service.newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
  const { CiphertextBlob } = await service.ask('Encrypt', { KeyId: key, Plaintext: base64('the secret') })
  requests.set('Decrypt', { CiphertextBlob })
  requests.set('DeriveSharedSecret', {
    KeyId: agreement,
    KeyAgreementAlgorithm: 'ECDH',
    PublicKey: base64(peerSpki),
  })
  requests.set('GenerateDataKey', { KeyId: key, KeySpec: 'AES_256' })
  requests.set('GenerateDataKeyPair', { KeyId: key, KeyPairSpec: 'ECC_NIST_P256' })
  requests.set('GenerateRandom', { NumberOfBytes: 33 })
})
afterAll(() => service.close())

const declaring = [...OPERATIONS.values()].filter(({ input }) => Object.hasOwn(input, 'Recipient'))

describe('operations that take a recipient', () => {
  it('are the five of the API', () => {
    expect(declaring.map(({ name }) => name)).toEqual([
      'Decrypt',
      'DeriveSharedSecret',
      'GenerateDataKey',
      'GenerateDataKeyPair',
      'GenerateRandom',
    ])
  })

  describe.each(declaring.map(({ name }) => name))('%s', (name) => {
    const withRecipient = (recipient: unknown): object => ({ ...requests.get(name), Recipient: recipient })

    it('answers in the open without a recipient, and with a null one', async () => {
      for (const input of [requests.get(name) ?? {}, withRecipient(null)]) {
        const answer = await service.ask(name, input)
        expect(PLAINTEXT_MEMBERS.filter((member) => member in answer)).toHaveLength(1)
        expect(answer).not.toHaveProperty('CiphertextForRecipient')
        if (name !== 'GenerateRandom' && name !== 'DeriveSharedSecret') {
          expect(answer['KeyMaterialId']).toMatch(/^[0-9a-f]{64}$/)
        }
      }
    })

    it('answers a good document with an envelope and no plaintext, which the attested key opens', async () => {
      const answer = await service.ask(name, withRecipient(makeRecipient()))
      for (const member of [...PLAINTEXT_MEMBERS, 'KeyMaterialId']) expect(answer).not.toHaveProperty(member)
      const plaintext = openEnvelope(bytesOf(answer.CiphertextForRecipient), enclaveKey.privateKey)
      await expectRightPlaintext(name, plaintext, answer)
    })

    it.each(BAD_DOCUMENTS)(
      'refuses a document with %s: ValidationException, %s',
      async (_, code, document) => {
        const recipient = { AttestationDocument: document, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
        expect(await service.refusal(name, withRecipient(recipient))).toEqual({
          code: 'ValidationException',
          text: `The attestation document in the request is not valid: ${code}.`,
          reason: code,
        })
      },
    )

    it.each([
      ['grant tokens', { GrantTokens: ['a token'] }],
      ['a dry run', { DryRun: true }],
      ['both', { GrantTokens: ['a token'], DryRun: true }],
    ])('refuses a bad document with %s', async (_, more) => {
      const document = flipLastBit(makeDocument())
      const recipient = { AttestationDocument: document, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
      const { code, reason } = await service.refusal(name, { ...withRecipient(recipient), ...more })
      expect({ code, reason }).toEqual({ code: 'ValidationException', reason: 'COSE_SIGNATURE_INVALID' })
    })

    it.each(['recipient', 'RECIPIENT', 'reCipient'])('refuses a member %s', async (member) => {
      const { code, text } = await service.refusal(name, { ...requests.get(name), [member]: makeRecipient() })
      expect(code).toBe('ValidationException')
      expect(text).toContain('Recipient')
    })

    it.each([
      ['{}', {}, [nullAt('recipient.attestationDocument'), nullAt('recipient.keyEncryptionAlgorithm')]],
      ['no algorithm', { AttestationDocument: 'AAAA' }, [nullAt('recipient.keyEncryptionAlgorithm')]],
      [
        'a null document',
        { AttestationDocument: null, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
        [nullAt('recipient.attestationDocument')],
      ],
      [
        'an empty document and another algorithm',
        { AttestationDocument: '', KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
        [
          "Value at 'recipient.attestationDocument' failed to satisfy constraint: Member must have length greater than or equal to 1",
          "Value 'RSAES_OAEP_SHA_1' at 'recipient.keyEncryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RSAES_OAEP_SHA_256]",
        ],
      ],
    ])('refuses a recipient with %s', async (_, recipient, items) => {
      const frame = `${items.length} validation error${items.length === 1 ? '' : 's'} detected: `
      const { code, text } = await service.refusal(name, withRecipient(recipient))
      expect({ code, text }).toEqual({ code: 'ValidationException', text: frame + items.join('; ') })
    })

    it.each(['attestationDocument', 'ATTESTATIONDOCUMENT', 'keyencryptionalgorithm'])(
      'refuses a recipient with a member %s',
      async (member) => {
        const recipient = { ...makeRecipient(), [member]: 'AAAA' }
        expect(await service.refusal(name, withRecipient(recipient))).toMatchObject({
          code: 'ValidationException',
        })
      },
    )

    it.each([
      ['a text', 'AAAA', 'Expected null'],
      ['a list', [makeRecipient()], 'Start of list found where not expected'],
      ['true', true, 'Expected null'],
      [
        'a document that is an object',
        { AttestationDocument: {}, KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
        'Start of structure or map found where not expected.',
      ],
      [
        'a document that is not base64',
        { AttestationDocument: '!!!!', KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
        null,
      ],
    ])('refuses a recipient that is %s: SerializationException', async (_, recipient, text) => {
      const refusal = await service.refusal(name, withRecipient(recipient))
      expect(refusal).toEqual({ code: 'SerializationException', text, reason: null })
    })
  })
})

describe('documents and partitions', () => {
  it('counts a document for keys of the partition of its root only: CHAIN_NO_ANCHORS', async () => {
    const inGov = { region: 'us-gov-west-1' }
    const key = await service.newKey({}, inGov)
    const input = { KeyId: key, KeySpec: 'AES_256', Recipient: makeRecipient() }
    expect(await service.refusal('GenerateDataKey', input, inGov)).toMatchObject({
      code: 'ValidationException',
      reason: 'CHAIN_NO_ANCHORS',
    })
  })

  it('answers a NitroTPM document as well', async () => {
    const recipient = makeRecipient({ kind: 'nitrotpm', pcrs: new Map([[4, pcrBytes(4)]]) })
    const answer = await service.ask('GenerateRandom', { NumberOfBytes: 5, Recipient: recipient })
    expect(openEnvelope(bytesOf(answer.CiphertextForRecipient), enclaveKey.privateKey)).toHaveLength(5)
  })
})

describe('a policy that wants measurements', () => {
  const gated = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'kms:GenerateDataKey',
    Condition: { StringEquals: { 'kms:RecipientAttestation:PCR0': IMAGE } },
  }
  let input: object
  beforeAll(async () => {
    const Policy = keyPolicy(delegation(['kms:PutKeyPolicy', 'kms:Encrypt']), gated)
    input = { KeyId: await service.newKey({ Policy }), KeySpec: 'AES_128' }
  })
  const denied = (arn: string): string =>
    `User: ${admin.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${arn} because no resource-based policy allows the kms:GenerateDataKey action`

  it('lets in the image that it names', async () => {
    const answer = await service.ask('GenerateDataKey', { ...input, Recipient: makeRecipient() })
    expect(openEnvelope(bytesOf(answer.CiphertextForRecipient), enclaveKey.privateKey)).toHaveLength(16)
  })

  it.each([
    ['no recipient', () => null, null],
    ['another image', () => makeRecipient({ pcrs: new Map([[0, pcrBytes(1)]]) }), null],
    ['a debug enclave', () => makeRecipient({ debug: true, pcrs: new Map() }), null],
    [
      'a TPM with the same PCR0',
      () => makeRecipient({ kind: 'nitrotpm', pcrs: new Map([[0, pcrBytes(0xab)]]) }),
      null,
    ],
    [
      'the image in a document with a flipped bit',
      () => ({
        AttestationDocument: flipLastBit(makeDocument()),
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      }),
      'COSE_SIGNATURE_INVALID',
    ],
  ])('denies %s with AccessDeniedException', async (_, recipient, reason) => {
    const { KeyId } = input as { KeyId: string }
    const refusal = await service.refusal('GenerateDataKey', { ...input, Recipient: recipient() })
    expect(refusal).toEqual({ code: 'AccessDeniedException', text: denied(KeyId), reason })
  })
})

function nullAt(path: string): string {
  return `Value null at '${path}' failed to satisfy constraint: Member must not be null`
}

/** What was released must be what it is supposed to be, by another way. */
async function expectRightPlaintext(name: string, plaintext: Uint8Array, answer: Members): Promise<void> {
  if (name === 'Decrypt') expect(Buffer.from(plaintext).toString()).toBe('the secret')
  else if (name === 'GenerateRandom') expect(plaintext).toHaveLength(33)
  else if (name === 'GenerateDataKey') expect(plaintext).toEqual(await decrypted(answer.CiphertextBlob))
  else if (name === 'GenerateDataKeyPair') {
    expect(plaintext).toEqual(await decrypted(answer.PrivateKeyCiphertextBlob))
    const privateKey = createPrivateKey({ key: Buffer.from(plaintext), format: 'der', type: 'pkcs8' })
    const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
    expect(base64(spki)).toBe(answer.PublicKey)
  } else {
    const { PublicKey } = await service.ask('GetPublicKey', { KeyId: idOf(answer.KeyId) })
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' })
    expect(Buffer.from(plaintext)).toEqual(diffieHellman({ privateKey: peer.privateKey, publicKey }))
  }
}

async function decrypted(blob: string): Promise<Uint8Array> {
  return bytesOf((await service.ask('Decrypt', { CiphertextBlob: blob })).Plaintext)
}
