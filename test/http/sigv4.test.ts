import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SignedContent } from '../../src/http/sigv4.ts'
import { deriveSigningKey, hashPayload, isSignatureOver } from '../../src/http/sigv4.ts'

/** The credentials and time of AWS's published SigV4 test suite (`aws-sig-v4-test-suite`). */
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const SCOPE = '20150830/us-east-1/service/aws4_request'

function suiteRequest(headers: Readonly<Record<string, string>>, body = ''): SignedContent {
  const all: Readonly<Record<string, string>> = {
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    ...headers,
  }
  return {
    method: 'POST',
    path: '/',
    signedHeaders: Object.keys(all).sort(),
    header: (name) => all[name] ?? null,
    payloadHash: hashPayload(Buffer.from(body)),
    time: '20150830T123600Z',
    scope: SCOPE,
  }
}

/** Signatures from the suite: the name of the case, its headers and body, and the signature in its `.authz` file. */
const PUBLISHED = [
  {
    name: 'post-vanilla',
    request: suiteRequest({}),
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    name: 'post-header-key-sort',
    request: suiteRequest({ 'my-header1': 'value1' }),
    signature: 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  },
  {
    name: 'post-header-value-case',
    request: suiteRequest({ 'my-header1': 'VALUE1' }),
    signature: 'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
  },
  {
    name: 'post-x-www-form-urlencoded',
    request: suiteRequest({ 'content-type': 'application/x-www-form-urlencoded' }, 'Param1=value1'),
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
]

describe('isSignatureOver', () => {
  const key = deriveSigningKey(SECRET, SCOPE)

  it.each(PUBLISHED)('takes the published signature of $name', ({ request, signature }) => {
    expect(isSignatureOver(request, key, signature)).toBe(true)
  })

  it.each(PUBLISHED)('refuses the signature of $name with one digit changed', ({ request, signature }) => {
    const changed = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    expect(isSignatureOver(request, key, changed)).toBe(false)
  })

  it('refuses a signature that is shorter than a hash', () => {
    expect(isSignatureOver(suiteRequest({}), key, '5da7')).toBe(false)
  })

  it('takes values as trimmed, with runs of spaces as one, as the suite does in get-header-value-trim', () => {
    const plain = suiteRequest({ 'my-header1': 'a b c' })
    const spaced = suiteRequest({ 'my-header1': '  a   b  c ' })
    const wrong = suiteRequest({ 'my-header1': 'abc' })
    const signature = signatureOf(plain, key)
    expect(isSignatureOver(spaced, key, signature)).toBe(true)
    expect(isSignatureOver(wrong, key, signature)).toBe(false)
  })

  it('covers the bytes of a header that is not ASCII', () => {
    const received = suiteRequest({ 'my-header1': Buffer.from('grün', 'utf8').toString('latin1') })
    expect(isSignatureOver(received, key, signatureOf(suiteRequest({ 'my-header1': 'grün' }), key))).toBe(
      true,
    )
  })
})

describe('white space in a signed header', () => {
  const key = deriveSigningKey(SECRET, SCOPE)
  const signedPlain = signatureOf(suiteRequest({ 'my-header1': 'a b' }), key)

  it.each(['a b', ' a b ', '\ta b\t', 'a  b', 'a    b'])('%j is signed as "a b"', (value) => {
    expect(isSignatureOver(suiteRequest({ 'my-header1': value }), key, signedPlain)).toBe(true)
  })

  it.each(['ab', 'a b\u00a0', '\u00a0a b', 'a,b'])('%j is not', (value) => {
    expect(isSignatureOver(suiteRequest({ 'my-header1': value }), key, signedPlain)).toBe(false)
  })

  it('is not what ends a letter whose last byte is A0', () => {
    const received = suiteRequest({ 'my-header1': Buffer.from('voilà', 'utf8').toString('latin1') })
    const signature = signatureOf(suiteRequest({ 'my-header1': 'voilà' }), key)
    expect(isSignatureOver(received, key, signature)).toBe(true)
  })

  it('is folded in bounded time, however much of it there is', () => {
    const spaces = ' '.repeat(1_000_000)
    const wide = suiteRequest({ 'my-header1': `${spaces}a${spaces}b${spaces}` })
    expect(isSignatureOver(wide, key, signedPlain)).toBe(true)
  })
})

describe('deriveSigningKey', () => {
  it('derives the key of the example in the IAM User Guide', () => {
    expect(deriveSigningKey(SECRET, '20150830/us-east-1/iam/aws4_request').export().toString('hex')).toBe(
      'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9',
    )
  })
})

/** Signs by the published recipe, written down a second time with a text of the canonical request in UTF-8. */
function signatureOf(request: SignedContent, key: ReturnType<typeof deriveSigningKey>): string {
  const names = request.signedHeaders
  const headers = names.map((name) => `${name}:${request.header(name)}\n`).join('')
  const canonical = `POST\n/\n\n${headers}\n${names.join(';')}\n${request.payloadHash}`
  const text = ['AWS4-HMAC-SHA256', request.time, request.scope, sha256(canonical)].join('\n')
  return hmac(key, text)
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

function hmac(key: ReturnType<typeof deriveSigningKey>, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex')
}
