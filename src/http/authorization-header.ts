import { HttpError } from './errors.ts'

/** The only algorithm of requests here (AWS Signature Version 4; SigV4a is not used by KMS). */
export const SIGV4_ALGORITHM = 'AWS4-HMAC-SHA256'

/** The `Authorization` header taken apart (IAM User Guide, "Elements of an AWS API request signature"). */
export interface Authorization {
  readonly accessKeyId: string
  /** `YYYYMMDD`, as it was written. */
  readonly scopeDate: string
  readonly region: string
  readonly service: string
  /** `date/region/service/aws4_request`, as it was written. */
  readonly scope: string
  /** Access key and scope in one, as it was written. */
  readonly credential: string
  /** In lower case, in the order in which they were signed, none of them twice. */
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string
}

/** Lower-case header names (RFC 9110 §5.6.2), joined by semicolons. */
const SIGNED_HEADERS = /^[a-z0-9!#$%&'*+.^_`|~-]+(?:;[a-z0-9!#$%&'*+.^_`|~-]+)*$/
const SIGNATURE = /^[0-9a-f]{64}$/
const CREDENTIAL = /^[\w+=.@-]+\/\d{8}\/[^/]+\/[^/]+\/aws4_request$/

/**
 * Reads an `Authorization` header. Throws `HttpError` `AUTHORIZATION_MALFORMED`; its text names the parameters that are
 * missing or malformed, and repeats nothing of the header, which may hold credentials of another kind.
 */
export function parseAuthorization(header: string): Authorization {
  const parameters = readParameters(header)
  const credential = readCredential(parameters.get('Credential') ?? '')
  const signedHeaders = readSignedHeaders(parameters.get('SignedHeaders') ?? '')
  const signature = SIGNATURE.exec(parameters.get('Signature') ?? '')?.[0]
  if (!credential || !signedHeaders || signature === undefined) {
    throw malformed({ Credential: credential, Signature: signature, SignedHeaders: signedHeaders })
  }
  return { ...credential, signedHeaders, signature }
}

function readCredential(text: string): Omit<Authorization, 'signedHeaders' | 'signature'> | undefined {
  if (!CREDENTIAL.test(text)) return undefined
  const [accessKeyId = '', scopeDate = '', region = '', service = ''] = text.split('/')
  return {
    credential: text,
    scope: text.slice(accessKeyId.length + 1),
    accessKeyId,
    scopeDate,
    region,
    service,
  }
}

/** Lower-case names, none of them twice; else `undefined`. */
function readSignedHeaders(text: string): readonly string[] | undefined {
  if (!SIGNED_HEADERS.test(text)) return undefined
  const names = text.split(';')
  return new Set(names).size === names.length ? names : undefined
}

/** The parameters behind the algorithm, by name; none where the header is of another form. */
function readParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  if (!header.startsWith(`${SIGV4_ALGORITHM} `)) return parameters
  for (const part of header.slice(SIGV4_ALGORITHM.length + 1).split(',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim()
    // Given twice, a parameter means one thing to the first-wins reader and another to the last-wins reader.
    if (at < 0 || parameters.has(name)) return new Map()
    parameters.set(name, part.slice(at + 1).trim())
  }
  return parameters
}

function malformed(parts: Readonly<Record<string, unknown>>): HttpError {
  const missing = Object.keys(parts).filter((name) => !parts[name])
  const text = missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ')
  return new HttpError('AUTHORIZATION_MALFORMED', text)
}
