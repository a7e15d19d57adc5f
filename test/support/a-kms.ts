import { Readable } from 'node:stream'
import type { KMSClientConfig } from '@aws-sdk/client-kms'

/** A request as it left the SDK. */
export interface SentRequest {
  readonly url: string
  /** `GenerateDataKey` and so on. */
  readonly operation: string
  readonly body: Record<string, unknown>
}

/** What a pretended KMS answers: members of the body, or a status and the body of an error. */
export type Answer = Record<string, unknown> | { readonly status: number; readonly error: string }

/**
 * The settings of a real client of the AWS SDK whose requests end in a function instead of the network. `sent` fills
 * with what was sent, in order.
 */
export function makeKmsConfig(answer: (request: SentRequest) => Answer) {
  const sent: SentRequest[] = []
  const config: KMSClientConfig = {
    region: 'us-east-1',
    endpoint: 'https://kms.us-east-1.amazonaws.com',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: {
      // What the SDK hands to a request handler is typed `any` by the SDK itself.
      handle: (request: HandledRequest) => {
        const { protocol, hostname, headers, body } = request
        const operation = String(headers['x-amz-target']).replace('TrentService.', '')
        const text = new TextDecoder().decode(body)
        const seen = { url: `${protocol}//${hostname}`, operation, body: JSON.parse(text) }
        sent.push(seen)
        return Promise.resolve({ response: toResponse(answer(seen)) })
      },
    },
  }
  return { config, sent }
}

interface HandledRequest {
  readonly protocol: string
  readonly hostname: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

function toResponse(answer: Answer) {
  const failed = 'error' in answer && typeof answer.status === 'number'
  const text = JSON.stringify(failed ? { __type: answer.error } : answer)
  return {
    statusCode: failed ? answer.status : 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: Readable.from([Buffer.from(text)]),
  }
}
