import { EnclaveError } from './errors.ts'

/**
 * Refuses an address that secrets must not be fetched from: anything but `https:`, except on the loopback interface.
 * An envelope is not authenticated, so the connection has to be. `localhost` counts as loopback (RFC 6761 §6.3), and so
 * do `127.0.0.0/8` and `::1`. Throws `EnclaveError` `ENDPOINT_INVALID` or `ENDPOINT_NOT_PROTECTED`.
 */
export function requireProtectedEndpoint(address: string): URL {
  const url = URL.parse(address)
  if (url === null) throw new EnclaveError('ENDPOINT_INVALID', 'The endpoint is not a URL')
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url
  throw new EnclaveError(
    'ENDPOINT_NOT_PROTECTED',
    `The endpoint ${url.protocol}//${url.host} is neither https: nor on loopback`,
  )
}

/** `URL` has brought every spelling of an IPv4 address to four decimal numbers, and put IPv6 in brackets. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
