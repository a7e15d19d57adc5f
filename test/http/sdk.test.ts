import {
  CreateAliasCommand,
  DescribeKeyCommand,
  GenerateRandomCommand,
  KMSClient,
  NotFoundException,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import type { BoundOperation } from '../../src/http/dispatch.ts'
import type { Listening } from '../../src/http/listen.ts'
import { DEFAULT_CONNECTION_LIMITS, listen } from '../../src/http/listen.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import { KmsError } from '../../src/operations/errors.ts'
import { makeKmsApp } from './an-app.ts'

let listening: Listening

beforeAll(async () => {
  const operations = new Map<string, BoundOperation>([
    ['GenerateRandom', async () => ({ body: { Plaintext: 'AQID' }, warnings: [] })],
    ['CreateAlias', async () => ({ body: null, warnings: [] })],
    ['DescribeKey', () => Promise.reject(new KmsError('NotFoundException', 'Key does not exist'))],
  ])
  const { app } = makeKmsApp({ operations, clock: systemClock })
  listening = await listen(app, { kind: 'tcp', host: '127.0.0.1', port: 0 }, DEFAULT_CONNECTION_LIMITS)
})

afterAll(() => listening.close(0))

function clientWith(secretAccessKey: string): KMSClient {
  const { accessKeyId } = LAB_ACCESS_KEY
  return new KMSClient({
    endpoint: listening.url,
    region: 'eu-central-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
}

describe('the AWS SDK for JavaScript, against a listener with operations that do nothing', () => {
  it('is answered, with and without output, under the request id of the answer', async () => {
    const client = clientWith(LAB_ACCESS_KEY.secretAccessKey)
    const { Plaintext, $metadata } = await client.send(new GenerateRandomCommand({ NumberOfBytes: 3 }))
    expect(Plaintext).toEqual(Uint8Array.of(1, 2, 3))
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
    const alias = await client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: 'k' }))
    expect(alias.$metadata.httpStatusCode).toBe(200)
  })

  it('throws InvalidSignatureException for a wrong secret, with its text', async () => {
    await expect(
      clientWith('wrong').send(new GenerateRandomCommand({ NumberOfBytes: 3 })),
    ).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('does not match the signature you provided'),
    })
  })

  it('throws the class of a modelled error, with its text', async () => {
    const asked = clientWith(LAB_ACCESS_KEY.secretAccessKey).send(new DescribeKeyCommand({ KeyId: 'k' }))
    await expect(asked).rejects.toThrow(NotFoundException)
    await expect(asked).rejects.toThrow('Key does not exist')
  })
})
