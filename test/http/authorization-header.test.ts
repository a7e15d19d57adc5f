import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAuthorization } from '../../src/http/authorization-header.ts'
import { HttpError } from '../../src/http/errors.ts'

const CREDENTIAL = 'Credential=AKIALAB0000000000000/20260301/us-east-1/kms/aws4_request'
const NAMES = 'SignedHeaders=host;x-amz-date'
const SIGNATURE = `Signature=${'0a'.repeat(32)}`

const TAKEN = [
  { title: 'commas and spaces', header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${NAMES}, ${SIGNATURE}` },
  { title: 'commas alone', header: `AWS4-HMAC-SHA256 ${CREDENTIAL},${NAMES},${SIGNATURE}` },
  { title: 'another order', header: `AWS4-HMAC-SHA256 ${SIGNATURE}, ${NAMES}, ${CREDENTIAL}` },
]

const REFUSED = [
  { title: 'an empty header', header: '', wanted: ['Credential', 'Signature', 'SignedHeaders'] },
  { title: 'a bearer token', header: 'Bearer abc', wanted: ['Credential', 'Signature', 'SignedHeaders'] },
  {
    title: 'another algorithm',
    header: `AWS4-ECDSA-P256-SHA256 ${CREDENTIAL}, ${NAMES}, ${SIGNATURE}`,
    wanted: ['Credential', 'Signature', 'SignedHeaders'],
  },
  { title: 'no credential', header: `AWS4-HMAC-SHA256 ${NAMES}, ${SIGNATURE}`, wanted: ['Credential'] },
  {
    title: 'a scope of four parts',
    header: `AWS4-HMAC-SHA256 Credential=AKIA/20260301/us-east-1/aws4_request, ${NAMES}, ${SIGNATURE}`,
    wanted: ['Credential'],
  },
  {
    title: 'another terminator',
    header: `AWS4-HMAC-SHA256 Credential=AKIA/20260301/us-east-1/kms/aws5_request, ${NAMES}, ${SIGNATURE}`,
    wanted: ['Credential'],
  },
  { title: 'no signature', header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${NAMES}`, wanted: ['Signature'] },
  {
    title: 'a signature in capitals',
    header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${NAMES}, Signature=${'0A'.repeat(32)}`,
    wanted: ['Signature'],
  },
  {
    title: 'no signed headers',
    header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${SIGNATURE}`,
    wanted: ['SignedHeaders'],
  },
  {
    title: 'a signed header given twice',
    header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=host;host, ${SIGNATURE}`,
    wanted: ['SignedHeaders'],
  },
  {
    title: 'a signed header in capitals',
    header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=Host, ${SIGNATURE}`,
    wanted: ['SignedHeaders'],
  },
  {
    title: 'a parameter given twice',
    header: `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${NAMES}, ${SIGNATURE}, ${NAMES}`,
    wanted: ['Credential', 'Signature', 'SignedHeaders'],
  },
]

describe('parseAuthorization', () => {
  it.each(TAKEN)('reads parameters with $title', ({ header }) => {
    expect(parseAuthorization(header)).toEqual({
      accessKeyId: 'AKIALAB0000000000000',
      credential: 'AKIALAB0000000000000/20260301/us-east-1/kms/aws4_request',
      scope: '20260301/us-east-1/kms/aws4_request',
      scopeDate: '20260301',
      region: 'us-east-1',
      service: 'kms',
      signedHeaders: ['host', 'x-amz-date'],
      signature: '0a'.repeat(32),
    })
  })

  it.each(REFUSED)('refuses $title with AUTHORIZATION_MALFORMED', ({ header, wanted }) => {
    const text = wanted.map((name) => `Authorization header requires '${name}' parameter.`).join(' ')
    expect(() => parseAuthorization(header)).toThrow(
      expect.objectContaining({ code: 'AUTHORIZATION_MALFORMED', text }),
    )
  })

  it('takes any text to a value or AUTHORIZATION_MALFORMED, and never repeats it', () => {
    const part = fc.oneof(
      fc.constantFrom(CREDENTIAL, NAMES, SIGNATURE, 'AWS4-HMAC-SHA256 ', ', ', '='),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          expect(parseAuthorization(parts.join('')).signedHeaders.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(HttpError)
          expect(error).toMatchObject({ code: 'AUTHORIZATION_MALFORMED' })
        }
      }),
    )
  })
})
