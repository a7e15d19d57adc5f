import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEnclave } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { startLabService } from '../support/lab-service.ts'

let service: TestService
let inputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>
let documents: ReadonlyMap<string, string>

interface WireAnswer {
  readonly status: number
  readonly text: string
  readonly reason: string | null
}

/** Sends a body as it stands, so that it can hold what no SDK would write. */
async function send(operation: string, body: string): Promise<WireAnswer> {
  const answer = await fetch(service.kmsUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body,
  })
  return {
    status: answer.status,
    text: await answer.text(),
    reason: answer.headers.get('x-attested-kms-reason'),
  }
}

async function sendJson(operation: string, body: object): Promise<Record<string, string>> {
  const { status, text } = await send(operation, JSON.stringify(body))
  expect(status, text).toBe(200)
  return JSON.parse(text) as Record<string, string>
}

beforeAll(async () => {
  service = await startLabService({ unsafeAllowUnsigned: true })
  const created = (await sendJson('CreateKey', {})) as unknown as { KeyMetadata: { KeyId: string } }
  const agreement = (await sendJson('CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'KEY_AGREEMENT',
  })) as unknown as { KeyMetadata: { KeyId: string } }
  const { KeyId } = created.KeyMetadata
  const { CiphertextBlob } = await sendJson('Encrypt', { KeyId, Plaintext: 'SGVsbG8=' })
  const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'der',
    type: 'spki',
  })
  inputs = new Map<string, Readonly<Record<string, unknown>>>([
    ['Decrypt', { CiphertextBlob }],
    ['GenerateDataKey', { KeyId, KeySpec: 'AES_256' }],
    ['GenerateDataKeyPair', { KeyId, KeyPairSpec: 'ECC_NIST_P256' }],
    ['GenerateRandom', { NumberOfBytes: 32 }],
    [
      'DeriveSharedSecret',
      {
        KeyId: agreement.KeyMetadata.KeyId,
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey: peer.toString('base64'),
      },
    ],
  ])
  const issue = async (fault?: string, at?: string): Promise<string> => {
    const { document } = await anEnclave(service, { ...(fault && { fault }), ...(at && { at }) })
    return Buffer.from(document).toString('base64')
  }
  documents = new Map([
    ['no document at all', Buffer.from('hello').toString('base64')],
    ['one zero byte', 'AA=='],
    ['a flipped bit', await issue('cose-payload-bit-flip')],
    ['an expired chain', await issue(undefined, '2026-01-01T00:00:00Z')],
    ['a foreign root', await issue('chain-foreign-root-same-name')],
    ['no recipient key', await issue('recipient-key-null')],
    ['an exponent of 1', await issue('recipient-key-exponent-1')],
  ])
})
afterAll(() => service.end())

const FIVE = [
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateRandom',
  'DeriveSharedSecret',
] as const
const SECRET = /"(?:Plaintext|PrivateKeyPlaintext|SharedSecret)"/
const ALGORITHM = '"KeyEncryptionAlgorithm":"RSAES_OAEP_SHA_256"'

/** The body of an operation with further members written behind its own, as text. */
function bodyWith(operation: string, further: string): string {
  return `${JSON.stringify(inputs.get(operation)).slice(0, -1)},${further}}`
}

describe.each(FIVE)('%s never answers with plaintext', (operation) => {
  const decorations = ['', ',"GrantTokens":["token"]', ',"DryRun":true', ',"DryRun":false,"GrantTokens":[]']

  it('to a document that is not acceptable, whatever else is asked', async () => {
    for (const [what, document] of documents) {
      for (const decoration of decorations) {
        const recipient = `"Recipient":{${ALGORITHM},"AttestationDocument":"${document}"}${decoration}`
        const { status, text } = await send(operation, bodyWith(operation, recipient))
        expect(`${what}${decoration}: ${status} ${text}`).toMatch(
          /: 400 .*"__type":"(?:Validation|InvalidGrantToken)/,
        )
        expect(text).not.toMatch(SECRET)
      }
    }
  })

  it('to a Recipient that is incomplete, misspelt or given twice', async () => {
    const document = '"AttestationDocument":"AA=="'
    const variants = [
      '"Recipient":{}',
      `"Recipient":{${ALGORITHM}}`,
      `"Recipient":{${document}}`,
      `"Recipient":{${ALGORITHM},"AttestationDocument":""}`,
      `"Recipient":{${ALGORITHM},"AttestationDocument":null}`,
      `"Recipient":{"KeyEncryptionAlgorithm":"RSAES_OAEP_SHA_1",${document}}`,
      `"Recipient":{${ALGORITHM},"attestationDocument":"AA=="}`,
      '"Recipient":[]',
      '"Recipient":"AA=="',
      '"Recipient":false',
      '"Recipient":0',
      '"recipient":null',
      `"recipient":{${ALGORITHM},${document}}`,
      `"RECIPIENT":{${ALGORITHM},${document}}`,
      `"Recipient":{${ALGORITHM},${document}},"Recipient":null`,
      String.raw`"Recipient":{},"\u0052ecipient":null`,
    ]
    for (const variant of variants) {
      const { status, text } = await send(operation, bodyWith(operation, variant))
      expect(`${variant}: ${status}`).toBe(`${variant}: 400`)
      expect(text).not.toMatch(SECRET)
    }
  })

  it('says which check failed to callers of the account, in the text and in the reason header', async () => {
    if (operation === 'GenerateRandom') return
    const recipient = `"Recipient":{${ALGORITHM},"AttestationDocument":"${documents.get('an expired chain') ?? ''}"}`
    const { text, reason } = await send(operation, bodyWith(operation, recipient))
    expect(JSON.parse(text)).toEqual({
      __type: 'ValidationException',
      message: 'The attestation document in the request is not valid: CHAIN_EXPIRED.',
    })
    expect(reason).toBe('CHAIN_EXPIRED')
  })

  it('takes `"Recipient": null` for none', async () => {
    const { status, text } = await send(operation, bodyWith(operation, '"Recipient":null'))
    expect(status).toBe(200)
    expect(text).toMatch(SECRET)
  })
})
