import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CROSS_KIND_CASES } from '../../src/simulator/faults/cross-kind-cases.ts'
import type { TestEnclave } from '../support/an-enclave.ts'
import { anEnclave } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { startLabService } from '../support/lab-service.ts'

/*
 * Documents that every verifier accepts, and key policies that must not take their measurements for others: issued and
 * judged by a running service.
 */

let service: TestService
beforeAll(async () => {
  service = await startLabService({ unsafeAllowUnsigned: true })
})
afterAll(() => service.end())

async function send(operation: string, input: object): Promise<{ answer: Response; text: string }> {
  const answer = await fetch(service.kmsUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(input),
  })
  return { answer, text: await answer.text() }
}

/** Members of an answer; the request must have been answered. */
async function ask(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
  const { answer, text } = await send(operation, input)
  expect(answer.status, text).toBe(200)
  // Answers are objects.
  return JSON.parse(text) as Readonly<Record<string, unknown>>
}

const statement = (more: object): object => ({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:user/lab' },
  Resource: '*',
  ...more,
})

/** A key policy under which the caller may use the key only where the condition holds. */
const policyWith = (condition: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      statement({ Action: ['kms:PutKeyPolicy', 'kms:Encrypt'] }),
      statement({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'],
        Condition: condition,
      }),
    ],
  })

/** The requests that ask for plaintext of a key with such a policy. */
async function inputsUnder(condition: object): Promise<ReadonlyMap<string, object>> {
  const { KeyMetadata } = await ask('CreateKey', { Policy: policyWith(condition) })
  // Every new key has metadata with its id.
  const { KeyId } = KeyMetadata as { readonly KeyId: string }
  const { CiphertextBlob } = await ask('Encrypt', { KeyId, Plaintext: 'SGVsbG8=' })
  return new Map<string, object>([
    ['Decrypt', { CiphertextBlob }],
    ['GenerateDataKey', { KeyId, KeySpec: 'AES_256' }],
    ['GenerateDataKeyPair', { KeyId, KeyPairSpec: 'ECC_NIST_P256' }],
  ])
}

describe.for(CROSS_KIND_CASES)('$id: $what: $expected', ({ id, condition, expected }) => {
  let enclave: TestEnclave
  let inputs: ReadonlyMap<string, object>
  beforeAll(async () => {
    enclave = await anEnclave(service, { fault: id })
    inputs = await inputsUnder(condition)
  })

  it.for(['Decrypt', 'GenerateDataKey', 'GenerateDataKeyPair'])('%s', async (operation) => {
    const { answer, text } = await send(operation, {
      ...inputs.get(operation),
      Recipient: {
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        AttestationDocument: Buffer.from(enclave.document).toString('base64'),
      },
    })
    // Nothing is wrong with the document, and nobody is told that there were.
    expect(answer.headers.get('x-attested-kms-reason')).toBeNull()
    expect(text).not.toMatch(/"(?:Plaintext|PrivateKeyPlaintext)"/)
    if (expected === 'denied') {
      expect(answer.status).toBe(400)
      expect(text).toContain('"__type":"AccessDeniedException"')
      expect(text).not.toContain('CiphertextForRecipient')
      return
    }
    expect(answer.status, text).toBe(200)
    const { CiphertextForRecipient = '' } = JSON.parse(text) as Record<string, string>
    expect(enclave.open(CiphertextForRecipient).length).toBeGreaterThan(0)
  })
})
