import { parseForm } from '../sts/form.ts'
import { findAction, runAction } from '../sts/run.ts'
import type { StsServices } from '../sts/call.ts'
import type { AuthenticationSettings } from './authenticate.ts'
import { createAuthenticate } from './authenticate.ts'
import type { CallTrace } from './report.ts'
import { labStatedService, originOf } from './request-origin.ts'
import type { StsAnswer } from './sts-respond.ts'
import type { WebRequest } from './web.ts'

/** What requests to STS are answered with. */
export interface StsSettings extends AuthenticationSettings {
  readonly policies: StsServices['policies']
  readonly decisions: StsServices['decisions']
  readonly audit: StsServices['audit']
  readonly [labStatedService]?: boolean
}

/** The media type of requests in the Query protocol. */
const FORM = 'application/x-www-form-urlencoded'

/** The longest body: 50 tags of the longest keys and values, every byte of them escaped, are 230 kB. */
const BODY_LIMIT_BYTES = 256 * 1024

/** Whether a request is for STS, which shares the listener, and the path, with KMS. */
export function isForSts(request: Pick<WebRequest, 'query' | 'header'>): boolean {
  const type = request.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  return request.query === null && type === FORM
}

/**
 * Makes the steps that a request to STS takes: length, form, action, signature; then those of the action. Rejects with
 * `HttpError` and `StsError`.
 */
export function createStsStep(
  settings: StsSettings,
): (request: WebRequest, trace: CallTrace) => Promise<StsAnswer> {
  const authenticate = createAuthenticate(settings, 'sts')
  const believesStated = settings[labStatedService] ?? false
  return async (request, trace) => {
    const body = await request.readBody(BODY_LIMIT_BYTES)
    const form = parseForm(body)
    const action = findAction(form)
    trace.operation = action.name
    const origin = originOf(request, believesStated)
    const caller = authenticate(request, body)
    trace.callerArn = caller.principal.arn
    const { requestId } = trace
    const receivedAt = settings.clock.now()
    const members = runAction(settings, action, { requestId, caller, form, receivedAt, origin })
    return { action: action.name, members, warnings: [] }
  }
}
