import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto'
import { SIGV4_ALGORITHM } from './authorization-header.ts'

/** What a signature covers beside the key (IAM User Guide, "Create a signed AWS API request"). */
export interface SignedContent {
  readonly method: string
  readonly path: string
  /** The header names of `SignedHeaders`, in that order. */
  readonly signedHeaders: readonly string[]
  /** The value of a header, its bytes as Latin-1, or `null`. */
  readonly header: (name: string) => string | null
  /** SHA-256 of the body as it was received, in lower-case hexadecimal digits. */
  readonly payloadHash: string
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly time: string
  /** `date/region/service/aws4_request`. */
  readonly scope: string
}

/** SHA-256 of a body, in lower-case hexadecimal digits. */
export function hashPayload(body: Uint8Array): string {
  return hash('sha256', body, 'hex')
}

/** Derives the key that a secret access key signs with on one day, in one Region, for one service. */
export function deriveSigningKey(secretAccessKey: string, scope: string): KeyObject {
  let key: Uint8Array | string = `AWS4${secretAccessKey}`
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
  return createSecretKey(typeof key === 'string' ? Buffer.from(key) : key)
}

/** Whether `signature` (64 hexadecimal digits) is the one that `signingKey` makes over `content`; in constant time. */
export function isSignatureOver(content: SignedContent, signingKey: KeyObject, signature: string): boolean {
  const expected = createHmac('sha256', signingKey).update(stringToSign(content)).digest()
  const given = Buffer.from(signature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function stringToSign(content: SignedContent): string {
  // Header values are bytes, which Node hands on as Latin-1; the signer hashed the bytes.
  const canonicalHash = hash('sha256', Buffer.from(canonicalRequest(content), 'latin1'), 'hex')
  return `${SIGV4_ALGORITHM}\n${content.time}\n${content.scope}\n${canonicalHash}`
}

/** The query of a request is empty: `POST /` is the only request of both protocols. */
function canonicalRequest({ method, path, signedHeaders, header, payloadHash }: SignedContent): string {
  let headers = ''
  for (const name of signedHeaders) headers += `${name}:${foldSpaces(header(name) ?? '')}\n`
  return `${method}\n${path}\n\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`
}

/** Without spaces and tabs around it, and runs of spaces as one. Nothing else is cut: a byte such as A0 may be half a letter. */
function foldSpaces(value: string): string {
  let [start, end] = [0, value.length]
  while (start < end && isBlank(value.charCodeAt(start))) start++
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--
  const trimmed = value.slice(start, end)
  return trimmed.includes('  ') ? trimmed.replaceAll(/ {2,}/g, ' ') : trimmed
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
