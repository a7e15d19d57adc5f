import type { Origin } from '../operations/call.ts'
import { HttpError } from './errors.ts'
import type { WebRequest } from './web.ts'

/** The key of the option that believes callers who say that a service calls for them. A symbol, as no settings file can hold it. */
export const labStatedService: unique symbol = Symbol('labStatedService')

/** A service, a Region, and the suffix that AWS gives in every partition (AWS KMS Developer Guide, kms:ViaService). */
const SERVICE = /^[a-z][a-z0-9-]{0,62}\.[a-z]{2}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com$/
const ARN = /^arn:[\x21-\x7e]{1,2000}$/

/**
 * The way that a request came. With `believesStated`, which is for lab mode, the headers `x-attested-kms-via-service`
 * (such as `s3.us-east-1.amazonaws.com`) and `x-attested-kms-source-arn` stand for the calls of AWS services, which nobody
 * else can make; without it they mean nothing. Throws `HttpError` `VIA_SERVICE_INVALID`, `SOURCE_ARN_INVALID`.
 */
export function originOf(request: WebRequest, believesStated: boolean): Origin {
  const stated = (name: string): string | null => (believesStated ? request.header(name) : null)
  const viaService = stated('x-attested-kms-via-service')
  const sourceArn = stated('x-attested-kms-source-arn')
  if (viaService !== null && !SERVICE.test(viaService)) {
    throw new HttpError(
      'VIA_SERVICE_INVALID',
      'x-attested-kms-via-service must be a service endpoint such as s3.us-east-1.amazonaws.com.',
    )
  }
  if (sourceArn !== null && !ARN.test(sourceArn)) {
    throw new HttpError('SOURCE_ARN_INVALID', 'x-attested-kms-source-arn must be an ARN.')
  }
  return {
    address: request.sourceAddress,
    userAgent: request.header('user-agent'),
    secureTransport: request.isSecure,
    viaService,
    sourceArn,
  }
}
