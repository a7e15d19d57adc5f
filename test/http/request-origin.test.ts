import { describe, expect, it } from 'vitest'
import { HttpError } from '../../src/http/errors.ts'
import { originOf } from '../../src/http/request-origin.ts'
import type { WebRequest } from '../../src/http/web.ts'

const VIA = 'x-attested-kms-via-service'
const SOURCE = 'x-attested-kms-source-arn'

function request(headers: Readonly<Record<string, string>>): WebRequest {
  return {
    method: 'POST',
    path: '/',
    query: null,
    sourceAddress: '192.0.2.1',
    isSecure: true,
    header: (name) => headers[name] ?? null,
    parameter: () => '',
    readBody: async () => new Uint8Array(),
  }
}

describe('originOf', () => {
  const stated = { [VIA]: 's3.us-east-1.amazonaws.com', [SOURCE]: 'arn:aws:s3:::bucket' }

  it('takes a stated service and resource where they are believed', () => {
    expect(originOf(request({ ...stated, 'user-agent': 'x' }), true)).toEqual({
      address: '192.0.2.1',
      userAgent: 'x',
      secureTransport: true,
      viaService: 's3.us-east-1.amazonaws.com',
      sourceArn: 'arn:aws:s3:::bucket',
    })
  })

  it('passes over both, good or bad, where they are not', () => {
    for (const headers of [stated, { [VIA]: 'x', [SOURCE]: 'x' }]) {
      expect(originOf(request(headers), false)).toMatchObject({ viaService: null, sourceArn: null })
    }
  })

  it.each([
    [VIA, '', 'VIA_SERVICE_INVALID'],
    [VIA, 's3.amazonaws.com', 'VIA_SERVICE_INVALID'],
    [VIA, 's3.us-east-1.amazonaws.com.example', 'VIA_SERVICE_INVALID'],
    [VIA, 'S3.us-east-1.amazonaws.com', 'VIA_SERVICE_INVALID'],
    [SOURCE, 'bucket', 'SOURCE_ARN_INVALID'],
    [SOURCE, 'arn:aws:s3:::a b', 'SOURCE_ARN_INVALID'],
  ])('refuses %s: %j with %s', (name, value, code) => {
    const origin = () => originOf(request({ [name]: value }), true)
    expect(origin).toThrow(HttpError)
    expect(origin).toThrow(expect.objectContaining({ code }))
  })
})
