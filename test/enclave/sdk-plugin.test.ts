import { generateKeyPairSync } from 'node:crypto'
import {
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateRandomCommand,
  KMS,
  KMSClient,
} from '@aws-sdk/client-kms'
import type { KMSClientConfig } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import type { Attester } from '../../enclave/client/attester.ts'
import { attestedKmsPlugin } from '../../enclave/client/sdk-plugin.ts'
import type { AttestedKmsPluginOptions } from '../../enclave/client/sdk-plugin.ts'
import type { SdkContext, SdkMiddleware } from '../../enclave/client/sdk-types.ts'
import { concatBytes, utf8 } from '../../src/core/bytes.ts'
import { makeKmsConfig } from '../support/a-kms.ts'
import type { Answer, SentRequest } from '../support/a-kms.ts'
import { makeEnvelope } from '../support/an-envelope.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'

const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const OTHER_KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321'
const key = makeRsaKey(2048)
const otherKey = makeRsaKey(2048)
const secret = Uint8Array.from({ length: 32 }, (_, at) => at)
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const seal = (plaintext: Uint8Array, to = key): string => base64(makeEnvelope({ key: to, plaintext }))

function makePair() {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  return { publicKey: new Uint8Array(pair.publicKey), privateKey: new Uint8Array(pair.privateKey) }
}
const pair = makePair()

/** Documents that are told apart by a number, with the key behind it. */
function makeAttester() {
  let count = 0
  const attester: Attester = {
    attest: ({ publicKey }) => Promise.resolve(concatBytes(utf8(`document ${++count} `), publicKey)),
  }
  return { attester, documents: () => count }
}

type Reply = (request: SentRequest) => Answer

function makeClient(
  answer: Reply,
  config: KMSClientConfig = {},
  options: Partial<AttestedKmsPluginOptions> = {},
) {
  const { attester, documents } = makeAttester()
  const { config: base, sent } = makeKmsConfig(answer)
  const client = new KMSClient({ ...base, ...config })
  client.middlewareStack.use(attestedKmsPlugin({ attester, keyPair: key, ...options }))
  return { client, sent, documents }
}

const decrypt = (input: object = {}) => new DecryptCommand({ CiphertextBlob: utf8('blob'), ...input })
const generateDataKey = (input: object) => new GenerateDataKeyCommand({ KeyId: KEY_ARN, ...input })
const generateDataKeyPair = () =>
  new GenerateDataKeyPairCommand({ KeyId: KEY_ARN, KeyPairSpec: 'ECC_NIST_P256' })

describe('attestedKmsPlugin, through the AWS SDK', () => {
  it.each([
    { operation: 'Decrypt', member: 'Plaintext', command: decrypt(), rest: { KeyId: KEY_ARN } },
    {
      operation: 'GenerateDataKey',
      member: 'Plaintext',
      command: generateDataKey({ KeySpec: 'AES_256' }),
      rest: { KeyId: KEY_ARN, CiphertextBlob: 'AAEC' },
    },
    {
      operation: 'GenerateDataKeyPair',
      member: 'PrivateKeyPlaintext',
      command: generateDataKeyPair(),
      plaintext: pair.privateKey,
      rest: { KeyId: KEY_ARN, PublicKey: base64(pair.publicKey) },
    },
    {
      operation: 'GenerateRandom',
      member: 'Plaintext',
      command: new GenerateRandomCommand({ NumberOfBytes: 32 }),
      rest: {},
    },
    {
      operation: 'DeriveSharedSecret',
      member: 'SharedSecret',
      command: new DeriveSharedSecretCommand({
        KeyId: KEY_ARN,
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey: pair.publicKey,
      }),
      rest: { KeyId: KEY_ARN, KeyAgreementAlgorithm: 'ECDH' },
    },
  ])(
    '$operation: sends Recipient with a document of the key and opens the answer into $member',
    async ({ operation, member, command, plaintext = secret, rest }) => {
      const envelope = seal(plaintext)
      const { client, sent } = makeClient(() => ({ ...rest, CiphertextForRecipient: envelope }))
      const answer = await client.send(command as ReturnType<typeof decrypt>)
      const AttestationDocument = base64(concatBytes(utf8('document 1 '), key.spki))
      const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument }
      expect(sent).toHaveLength(1)
      expect(sent[0]).toMatchObject({ operation, body: { Recipient } })
      expect(answer).toMatchObject({ [member]: plaintext, $metadata: { httpStatusCode: 200 } })
      expect(base64(answer.CiphertextForRecipient ?? new Uint8Array())).toBe(envelope)
    },
  )

  it('takes an empty Plaintext beside the envelope for an absent one', async () => {
    const { client } = makeClient(() => ({ Plaintext: '', CiphertextForRecipient: seal(secret) }))
    expect((await client.send(decrypt())).Plaintext).toEqual(secret)
  })

  it('works on the aggregated client and leaves the members of the input alone', async () => {
    const { config } = makeKmsConfig(() => ({ CiphertextForRecipient: seal(secret) }))
    const kms = new KMS(config)
    kms.middlewareStack.use(attestedKmsPlugin({ attester: makeAttester().attester, keyPair: key }))
    const input = { NumberOfBytes: 32 }
    expect((await kms.generateRandom(input)).Plaintext).toEqual(secret)
    expect(input).toEqual({ NumberOfBytes: 32 })
  })

  it('makes one RSA-2048 pair where none is given, and a fresh document for each call', async () => {
    const { client, sent } = makeClient(() => ({}), {}, { keyPair: undefined as never })
    await expect(client.send(decrypt())).rejects.toThrow(
      expect.objectContaining({ code: 'ANSWER_NOT_SEALED' }),
    )
    await expect(client.send(decrypt())).rejects.toThrow(
      expect.objectContaining({ code: 'ANSWER_NOT_SEALED' }),
    )
    const documents = sent.map(({ body }) =>
      Buffer.from((body['Recipient'] as { AttestationDocument: string }).AttestationDocument, 'base64'),
    )
    expect(documents.map((document) => document.subarray(0, 11).toString())).toEqual([
      'document 1 ',
      'document 2 ',
    ])
    const [first, second] = documents.map((document) => document.subarray(11))
    expect(first).toHaveLength(294)
    expect(second).toEqual(first)
  })

  it('asks a function for the key pair of each call, so that the answer of another call is told apart', async () => {
    const keys = [otherKey, key]
    const keyPair = () => Promise.resolve(keys.pop() ?? key)
    const { client } = makeClient(() => ({ CiphertextForRecipient: seal(secret) }), {}, { keyPair })
    expect((await client.send(decrypt())).Plaintext).toEqual(secret)
    await expect(client.send(decrypt())).rejects.toThrow(
      expect.objectContaining({ code: 'ENVELOPE_FOR_ANOTHER_KEY' }),
    )
  })

  it('attests once for a call that is tried again', async () => {
    let left = 2
    const { client, sent, documents } = makeClient(() =>
      left-- > 0 ? { status: 500, error: 'KMSInternalException' } : { CiphertextForRecipient: seal(secret) },
    )
    expect((await client.send(decrypt())).Plaintext).toEqual(secret)
    expect([sent.length, documents()]).toEqual([3, 1])
  })

  it('hands the errors of KMS and of the attester on', async () => {
    const denied = makeClient(() => ({ status: 400, error: 'AccessDeniedException' }))
    await expect(denied.client.send(decrypt())).rejects.toThrow(
      expect.objectContaining({ name: 'AccessDeniedException' }),
    )
    const attester: Attester = { attest: () => Promise.reject(new Error('no module')) }
    const { client, sent } = makeClient(() => ({}), {}, { attester })
    await expect(client.send(decrypt())).rejects.toThrow('no module')
    expect(sent).toEqual([])
  })

  it('leaves a call alone whose Recipient the program has set', async () => {
    const { client, sent, documents } = makeClient(() => ({ CiphertextForRecipient: seal(secret) }))
    const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: utf8('own') }
    const answer = await client.send(decrypt({ Recipient }))
    expect(sent[0]?.body).toMatchObject({ Recipient: { AttestationDocument: base64(utf8('own')) } })
    expect([answer.Plaintext, documents()]).toEqual([undefined, 0])
  })

  it('leaves operations without Recipient alone', async () => {
    const { client, sent, documents } = makeClient(() => ({ CiphertextBlob: 'AAEC' }))
    await client.send(new EncryptCommand({ KeyId: KEY_ARN, Plaintext: secret }))
    expect([Object.keys(sent[0]?.body ?? {}), documents()]).toEqual([['KeyId', 'Plaintext'], 0])
  })

  it('shows the logger of the SDK no plaintext', async () => {
    const logged: unknown[] = []
    const log = (...entries: unknown[]) => void logged.push(...entries)
    const logger = { trace: log, debug: log, info: log, warn: log, error: log }
    const { client } = makeClient(() => ({ CiphertextForRecipient: seal(secret) }), { logger })
    await client.send(decrypt())
    const outputs = logged
      .filter((entry) => typeof entry === 'object' && entry !== null && 'output' in entry)
      .map((entry) => Object.keys(Object(entry).output))
    expect(outputs).toEqual([['CiphertextForRecipient']])
  })
})

describe('attestedKmsPlugin throws away', () => {
  const sealed = (rest: object = {}): Answer => ({
    KeyId: KEY_ARN,
    CiphertextForRecipient: seal(secret),
    ...rest,
  })
  const otherPair = makePair()
  const alias = 'arn:aws:kms:us-east-1:111122223333:alias/app'

  it.each([
    ['an answer with the plaintext alone', decrypt(), { Plaintext: base64(secret) }, 'ANSWER_WITH_PLAINTEXT'],
    ['an answer with both', decrypt(), sealed({ Plaintext: base64(secret) }), 'ANSWER_WITH_PLAINTEXT'],
    ['an empty answer', decrypt(), {}, 'ANSWER_NOT_SEALED'],
    ['an empty envelope', decrypt(), { CiphertextForRecipient: '' }, 'ANSWER_NOT_SEALED'],
    [
      'bytes that are no envelope',
      decrypt(),
      { CiphertextForRecipient: 'AAEC' },
      'ENVELOPE_ENCODING_INVALID',
    ],
    [
      'an envelope for another key',
      decrypt(),
      { CiphertextForRecipient: seal(secret, otherKey) },
      'ENVELOPE_FOR_ANOTHER_KEY',
    ],
    [
      'an answer of another key than the ARN',
      decrypt({ KeyId: KEY_ARN }),
      sealed({ KeyId: OTHER_KEY_ARN }),
      'ANSWER_FOR_ANOTHER_KEY',
    ],
    [
      'an answer of another key than the key id',
      decrypt({ KeyId: KEY_ARN.slice(-36) }),
      sealed({ KeyId: OTHER_KEY_ARN }),
      'ANSWER_FOR_ANOTHER_KEY',
    ],
    [
      'an answer without KeyId',
      decrypt({ KeyId: KEY_ARN }),
      { CiphertextForRecipient: seal(secret) },
      'ANSWER_FOR_ANOTHER_KEY',
    ],
    [
      '16 bytes for AES_256',
      generateDataKey({ KeySpec: 'AES_256' }),
      sealed({ CiphertextForRecipient: seal(secret.subarray(16)) }),
      'ANSWER_LENGTH_UNEXPECTED',
    ],
    ['32 bytes for AES_128', generateDataKey({ KeySpec: 'AES_128' }), sealed(), 'ANSWER_LENGTH_UNEXPECTED'],
    [
      '32 bytes for NumberOfBytes 33',
      generateDataKey({ NumberOfBytes: 33 }),
      sealed(),
      'ANSWER_LENGTH_UNEXPECTED',
    ],
    [
      'a private key of another pair',
      generateDataKeyPair(),
      sealed({ CiphertextForRecipient: seal(otherPair.privateKey), PublicKey: base64(pair.publicKey) }),
      'ANSWER_KEY_PAIR_MISMATCH',
    ],
    [
      'a private key without its public key',
      generateDataKeyPair(),
      sealed({ CiphertextForRecipient: seal(pair.privateKey) }),
      'ANSWER_KEY_PAIR_MISMATCH',
    ],
    [
      'a private key that is none',
      generateDataKeyPair(),
      sealed({ PublicKey: base64(pair.publicKey) }),
      'ANSWER_KEY_PAIR_MISMATCH',
    ],
  ])('%s, with its code', async (_, command, answer, code) => {
    const { client } = makeClient(() => answer)
    await expect(client.send(command as ReturnType<typeof decrypt>)).rejects.toThrow(
      expect.objectContaining({ name: 'EnclaveError', code }),
    )
  })

  it.each([KEY_ARN.slice(-36), 'alias/app', alias])('but not what %s may stand for', async (KeyId) => {
    const { client } = makeClient(() => sealed())
    expect((await client.send(decrypt({ KeyId }))).Plaintext).toEqual(secret)
  })
})

describe('attestedKmsPlugin and the endpoint', () => {
  it.each([decrypt(), new EncryptCommand({ KeyId: KEY_ARN, Plaintext: secret })])(
    'sends nothing over http: to another machine: ENDPOINT_NOT_PROTECTED',
    async (command) => {
      const endpoint = 'http://kms.us-east-1.amazonaws.com'
      const { client, sent } = makeClient(() => ({}), { endpoint })
      await expect(client.send(command as ReturnType<typeof decrypt>)).rejects.toThrow(
        expect.objectContaining({ code: 'ENDPOINT_NOT_PROTECTED' }),
      )
      expect(sent).toEqual([])
    },
  )

  it.each(['http://127.0.0.1:4599', 'http://localhost:4599', 'http://[::1]:4599', 'https://kms.example'])(
    'sends to %s',
    async (endpoint) => {
      const { client } = makeClient(() => ({ CiphertextForRecipient: seal(secret) }), { endpoint })
      expect((await client.send(decrypt())).Plaintext).toEqual(secret)
    },
  )
})

describe('attestedKmsPlugin on a stack that leaves things out', () => {
  /** The two layers of the plug-in, over an end of the call that answers nothing. */
  function makeLayers() {
    const layers = new Map<string, SdkMiddleware>()
    const { attester } = makeAttester()
    attestedKmsPlugin({ attester, keyPair: key }).applyToStack({
      add: (middleware, { step }) => void layers.set(step, middleware as SdkMiddleware),
    })
    const end = () => Promise.resolve({ response: undefined })
    return (step: string, context: SdkContext) => layers.get(step)?.(end, context)({ input: {} })
  }

  it('refuses an answer without members with ANSWER_NOT_SEALED', async () => {
    await expect(makeLayers()('initialize', { commandName: 'DecryptCommand' })).rejects.toThrow(
      expect.objectContaining({ code: 'ANSWER_NOT_SEALED' }),
    )
  })

  it('refuses a request without an address with ENDPOINT_INVALID', async () => {
    await expect(makeLayers()('deserialize', {})).rejects.toThrow(
      expect.objectContaining({ code: 'ENDPOINT_INVALID' }),
    )
  })

  it('leaves a command without a name alone', async () => {
    expect(await makeLayers()('initialize', {})).toEqual({ response: undefined })
  })
})
