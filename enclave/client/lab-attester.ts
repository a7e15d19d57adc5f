import { encodeBase64, parseBase64 } from '../../src/core/base64.ts'
import { isJsonObject, parseJson } from '../../src/core/json.ts'
import type { JsonValue } from '../../src/core/json.ts'
import type { AttestationRequest, Attester } from './attester.ts'
import { readBounded } from './bounded-body.ts'
import { EnclaveError } from './errors.ts'
import { requireProtectedEndpoint } from './protected-endpoint.ts'

/** Which document the lab is to issue, and where. What is left out, the lab decides. */
export interface LabAttesterOptions {
  /** Address of the admin listener of a service in lab mode, such as `http://127.0.0.1:4600`. */
  readonly adminUrl: string
  /** The admin token of that service. */
  readonly adminToken: string
  readonly kind?: 'nitro-enclave' | 'nitrotpm'
  /** Platform configuration registers by number, in hexadecimal digits. */
  readonly pcrs?: Readonly<Record<number, string>>
  readonly region?: string
  readonly instanceId?: string
  /** Whether the document is one of an enclave in debug mode, whose registers 0 to 2 are zero. */
  readonly debug?: boolean
  readonly roleArn?: string
  /** Which year's shape of documents. */
  readonly profile?: '2021' | '2022' | '2024' | '2025'
  /** When the document says that it was made; RFC 3339. */
  readonly at?: string
  /** Identifier of a fault of the hostile catalogue that the document is to have. */
  readonly fault?: string
  /** How long to wait for the lab; 10 seconds unless told. */
  readonly timeoutMilliseconds?: number
}

/** A document is 16 KiB at most; base64 and the members beside it come on top. */
const ANSWER_LENGTH_LIMIT = 65_536
const REASON_LENGTH_LIMIT = 200
const DEFAULT_TIMEOUT_MILLISECONDS = 10_000

/**
 * An attester for laptops and CI: has a service in lab mode issue the documents (`POST /lab/documents` of its admin
 * listener), in place of the Nitro Secure Module. Throws `EnclaveError` `ENDPOINT_INVALID` or `ENDPOINT_NOT_PROTECTED`;
 * `attest` rejects with `ATTESTER_UNREACHABLE`, `ATTESTER_REFUSED` or `ATTESTER_ANSWER_INVALID`.
 */
export function createLabAttester(options: LabAttesterOptions): Attester {
  const { adminUrl, adminToken, timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS, ...wishes } = options
  const address = new URL('/lab/documents', requireProtectedEndpoint(adminUrl))
  const headers = {
    authorization: `Bearer ${adminToken}`,
    'content-type': 'application/json',
    'x-attested-kms-admin': '1',
  }
  return {
    async attest(request) {
      const body = JSON.stringify({ kind: 'nitro-enclave', ...wishes, ...toMembers(request) })
      const signal = AbortSignal.timeout(timeoutMilliseconds)
      const { status, text } = await post(address, { headers, body, signal })
      if (status === 200) return parseDocument(text)
      throw new EnclaveError('ATTESTER_REFUSED', `The lab answered with status ${status}${reasonOf(text)}`)
    },
  }
}

function toMembers({ publicKey, userData, nonce }: AttestationRequest): Record<string, string> {
  return {
    publicKey: encodeBase64(publicKey),
    ...(userData ? { userData: encodeBase64(userData) } : {}),
    ...(nonce ? { nonce: encodeBase64(nonce) } : {}),
  }
}

interface LabAnswer {
  readonly status: number
  readonly text: string
}

/** The token goes nowhere else: a redirection is a failure. */
async function post(
  address: URL,
  init: Pick<RequestInit, 'headers' | 'body' | 'signal'>,
): Promise<LabAnswer> {
  try {
    const response = await fetch(address, { ...init, method: 'POST', redirect: 'error' })
    return { status: response.status, text: await readBounded(response, ANSWER_LENGTH_LIMIT) }
  } catch (cause) {
    throw new EnclaveError('ATTESTER_UNREACHABLE', 'The lab did not answer', { cause })
  }
}

/** What the lab says is wrong with the wishes, such as an unknown fault; nothing where it says nothing readable. */
function reasonOf(text: string): string {
  const answer = tryParseJson(text)
  const error = isJsonObject(answer) ? answer['error'] : undefined
  const message = isJsonObject(error) ? error['message'] : undefined
  return typeof message === 'string' ? `: ${message.slice(0, REASON_LENGTH_LIMIT)}` : ''
}

function parseDocument(text: string): Uint8Array {
  const answer = tryParseJson(text)
  const document = isJsonObject(answer) ? answer['document'] : undefined
  try {
    if (typeof document === 'string' && document !== '') return parseBase64(document)
  } catch {
    // Refused below: what is wrong with the text does not matter.
  }
  throw new EnclaveError('ATTESTER_ANSWER_INVALID', 'The answer of the lab holds no document')
}

function tryParseJson(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
