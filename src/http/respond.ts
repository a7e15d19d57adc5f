import { KmsError } from '../operations/errors.ts'
import type { Answer } from '../operations/call.ts'
import { JSON_1_1 } from './dispatch.ts'
import type { WireError } from './error-table.ts'
import { wireErrorOfHttp, wireErrorOfKms } from './error-table.ts'
import { HttpError } from './errors.ts'
import type { WebAnswer } from './web.ts'

/** An answer, and the name of its outcome for log and metrics: `OK` or the exception's name. */
export interface Outcome {
  readonly answer: WebAnswer
  readonly code: string
}

/** Makes answers in the form of the KMS JSON protocol. */
export interface Responder {
  answer(requestId: string, answer: Answer): Outcome
  /** Anything but a `KmsError` or `HttpError` is a fault of the program, of which the caller learns nothing. */
  refuse(requestId: string, error: unknown): Outcome
  /** A JSON page that has nothing to do with KMS. */
  page(json: string): WebAnswer
}

/** What AWS sends for requests that are of none of a JSON service's protocols. */
const UNKNOWN_OPERATION_XML = '<UnknownOperationException/>\n'

/** The text of an error, and the code for the `x-attested-kms-reason` header. */
interface ErrorText {
  readonly text: string | null
  readonly reason: string | null
}

const NO_TEXT: ErrorText = { text: null, reason: null }
const INTERNAL = wireErrorOfKms('KMSInternalException')

/**
 * Makes a responder. `unsafe` lists what weakens the service, such as `lab-root`; where it is not empty, every answer
 * says so in `x-attested-kms-unsafe`.
 */
export function createResponder(unsafe: readonly string[]): Responder {
  const headersOf = createHeaders(unsafe)

  function refuseAs(
    requestId: string,
    { status, type, member }: WireError,
    { text, reason }: ErrorText,
  ): Outcome {
    const body = JSON.stringify(text === null ? { __type: type } : { __type: type, [member]: text })
    const headers = headersOf(requestId, JSON_1_1)
    if (reason !== null) headers['x-attested-kms-reason'] = reason
    return { code: type, answer: { status, body, headers } }
  }

  return {
    answer(requestId, { body }) {
      const text = body === null ? '' : JSON.stringify(body)
      return { code: 'OK', answer: { status: 200, body: text, headers: headersOf(requestId, JSON_1_1) } }
    },
    refuse(requestId, error) {
      if (error instanceof KmsError) return refuseAs(requestId, wireErrorOfKms(error.code), error)
      const row = error instanceof HttpError ? wireErrorOfHttp(error.code) : undefined
      if (row === undefined || !(error instanceof HttpError)) return refuseAs(requestId, INTERNAL, NO_TEXT)
      if (row !== 'xml') return refuseAs(requestId, row, { text: error.text, reason: null })
      const headers = headersOf(requestId, 'application/xml')
      return {
        code: 'UnknownOperationException',
        answer: { status: 404, body: UNKNOWN_OPERATION_XML, headers },
      }
    },
    page: (json) => ({ status: 200, body: json, headers: headersOf(null, 'application/json') }),
  }
}

/** The caching headers are those recorded from the real service. */
export function createHeaders(
  unsafe: readonly string[],
): (requestId: string | null, contentType: string) => Record<string, string> {
  const mark = unsafe.length > 0 ? unsafe.join(', ') : null
  return (requestId, contentType) => {
    const headers: Record<string, string> = {
      'content-type': contentType,
      'cache-control': 'no-cache, no-store, must-revalidate, private',
      pragma: 'no-cache',
      expires: '0',
    }
    if (requestId !== null) headers['x-amzn-requestid'] = requestId
    if (mark !== null) headers['x-attested-kms-unsafe'] = mark
    return headers
  }
}
