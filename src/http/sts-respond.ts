import { StsError } from '../sts/errors.ts'
import { HttpError } from './errors.ts'
import { type Outcome, createHeaders } from './respond.ts'
import { stsErrorOfHttp, type StsWireError, wireErrorOfSts } from './sts-error-table.ts'
import { writeXml, type XmlMembers } from './xml.ts'

/** What an action answered. */
export interface StsAnswer {
  readonly action: string
  readonly members: XmlMembers
  readonly warnings: readonly string[]
}

/** Makes answers in the form of the Query protocol of STS. */
export interface StsResponder {
  answer(requestId: string, answer: StsAnswer): Outcome
  /** Anything but a `StsError` or `HttpError` is a fault of the program, of which the caller learns nothing. */
  refuse(requestId: string, error: unknown): Outcome
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
const INTERNAL = wireErrorOfSts('InternalFailure')

/** Makes a responder; `unsafe` as for `createResponder`. */
export function createStsResponder(unsafe: readonly string[]): StsResponder {
  const headersOf = createHeaders(unsafe)

  function send(requestId: string, status: 200 | StsWireError['status'], root: string, content: XmlMembers) {
    const body = `<${root} xmlns="${NAMESPACE}">${writeXml(content)}</${root}>\n`
    return { status, body, headers: headersOf(requestId, 'text/xml') }
  }

  return {
    answer(requestId, { action, members }) {
      const content = { [`${action}Result`]: members, ResponseMetadata: { RequestId: requestId } }
      return { code: 'OK', answer: send(requestId, 200, `${action}Response`, content) }
    },
    refuse(requestId, error) {
      const { status, code, text } = toWireError(error)
      const Error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: text ?? '' }
      return { code, answer: send(requestId, status, 'ErrorResponse', { Error, RequestId: requestId }) }
    },
  }
}

function toWireError(error: unknown): StsWireError {
  if (error instanceof StsError) return { ...wireErrorOfSts(error.code), text: error.message }
  const row = error instanceof HttpError ? stsErrorOfHttp(error.code) : undefined
  if (row === undefined || !(error instanceof HttpError)) return INTERNAL
  return { text: error.text ?? '', ...row }
}
