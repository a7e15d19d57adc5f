import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { JsonObject } from '../../src/core/json.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'

const REGION = 'us-east-1'

/** A request before it is signed. `host` is the value of the `Host` header. */
export interface RequestToSign {
  readonly host: string
  readonly operation: string
  readonly body: JsonObject
  /** Signs with another secret, so that whoever checks must refuse. */
  readonly forged?: boolean
}

/**
 * A whole HTTP/1.1 request with the headers that an SDK sends, signed as user `lab` (AWS Signature Version 4). It counts
 * for five minutes, as often as it is sent.
 */
export function signRequest({ host, operation, body, forged = false }: RequestToSign): Uint8Array {
  const payload = JSON.stringify(body)
  const time = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const signed = [
    ['content-type', 'application/x-amz-json-1.1'],
    ['host', host],
    ['x-amz-date', time],
    ['x-amz-target', `TrentService.${operation}`],
  ] as const
  const names = signed.map(([name]) => name).join(';')
  const canonical = `POST\n/\n\n${signed.map(([name, value]) => `${name}:${value}\n`).join('')}\n${names}\n${sha256(payload)}`
  const scope = `${time.slice(0, 8)}/${REGION}/kms/aws4_request`
  const { accessKeyId, secretAccessKey } = LAB_ACCESS_KEY
  const signature = hmac(
    signingKey(forged ? 'not the secret' : secretAccessKey, scope),
    `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`,
  ).toString('hex')
  const lines = [
    'POST / HTTP/1.1',
    ...signed.map(([name, value]) => `${name}: ${value}`),
    `authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    `content-length: ${Buffer.byteLength(payload)}`,
    'accept-encoding: identity',
    'user-agent: attested-kms-bench/1 md/raw-socket',
    `amz-sdk-invocation-id: ${randomUUID()}`,
    'amz-sdk-request: attempt=1',
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${payload}`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Uint8Array | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function signingKey(secretAccessKey: string, scope: string): Uint8Array {
  let key: Uint8Array = Buffer.from(`AWS4${secretAccessKey}`)
  for (const part of scope.split('/')) key = hmac(key, part)
  return key
}
