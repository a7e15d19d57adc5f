import type { Principal } from '../identity/principal.ts'
import { HttpError } from './errors.ts'
import { isLoopbackName, parseHost, regionOfEndpoint } from './host-name.ts'
import type { RequestHead } from './web.ts'

/** The key of the option that lets requests in without a signature. A symbol, so that no settings file can hold it. */
export const unsafeAllowUnsigned: unique symbol = Symbol('unsafeAllowUnsigned')

/** Whom requests without a signature come in as, and under which names this service may be called for that. */
export interface UnsignedAccess {
  readonly principal: Principal
  /** Names beside the loopback ones and those of AWS endpoints, in lower case, without a port. */
  readonly ownNames?: readonly string[]
}

const DEFAULT_REGION = 'us-east-1'

/**
 * Checks that a request without a signature does not come from a web page: the page of another origin announces
 * itself with `Origin`, and a name that its owner pointed at this machine shows in `Host`. Answers the Region that the
 * request is for: that of a `Host` such as `kms.eu-west-1.amazonaws.com`, else `us-east-1`.
 * Throws `HttpError`: `ORIGIN_FOREIGN`, `HOST_FOREIGN`.
 */
export function checkUnsignedRequest(request: RequestHead, access: UnsignedAccess): string {
  if (request.header('origin') !== null) {
    throw new HttpError('ORIGIN_FOREIGN', 'Unsigned requests from web pages are not accepted.')
  }
  const name = parseHost(request.header('host') ?? '')?.name
  const region = name === undefined ? undefined : regionOfEndpoint(name)
  const known = name !== undefined && (isLoopbackName(name) || access.ownNames?.includes(name))
  if (region === undefined && !known) {
    throw new HttpError('HOST_FOREIGN', 'Unsigned requests are accepted under a name of this service only.')
  }
  return region ?? DEFAULT_REGION
}
