import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../core/secret.ts'
import { HttpError } from './errors.ts'
import { isLoopbackName, parseHost } from './host-name.ts'
import type { RequestHead } from './web.ts'

/** The rules that keep web pages and other users of the machine away from the admin listener. */
export interface AdminAccess {
  /** Throws `HttpError`: `ADMIN_HOST_FOREIGN`, `ADMIN_ORIGIN_FOREIGN`. */
  checkOrigin(request: RequestHead): void
  /** Throws `HttpError`: `ADMIN_TOKEN_INVALID`. */
  checkToken(request: RequestHead): void
  /** For requests that change something. Throws `HttpError`: `ADMIN_HEADER_MISSING`, `ADMIN_CONTENT_TYPE_UNSUPPORTED`. */
  checkChange(request: RequestHead): void
}

/** A header that no form can send, and no page of another origin without being asked about first. */
const CHANGE_HEADER = 'x-attested-kms-admin'

/**
 * Makes the rules. `token` is the admin token, as UTF-8; `port` answers the TCP port of the listener, `null` where it is
 * a Unix socket, which has no port to compare and no page of its own.
 */
export function createAdminAccess(token: Secret, port: () => number | null): AdminAccess {
  const tokenHash = sha256(token.reveal())

  function isOwn(authority: string): boolean {
    const host = parseHost(authority)
    if (!host || !isLoopbackName(host.name)) return false
    const own = port()
    return own === null || (host.port ?? DEFAULT_PORT) === own
  }

  return {
    checkOrigin(request) {
      // A name that its owner pointed at this machine shows in `Host`: the defence against DNS rebinding.
      if (!isOwn(request.header('host') ?? '')) {
        throw new HttpError('ADMIN_HOST_FOREIGN', 'the Host header does not name this listener')
      }
      const origin = request.header('origin')
      const authority = origin?.startsWith(OWN_SCHEME) ? origin.slice(OWN_SCHEME.length) : ''
      if (origin !== null && (port() === null || !isOwn(authority))) {
        throw new HttpError('ADMIN_ORIGIN_FOREIGN', 'requests from pages of another origin are not accepted')
      }
    },
    checkToken(request) {
      const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? []
      // Hashes are of one length, so that the comparison does not even tell how long the token is.
      if (!timingSafeEqual(sha256(Buffer.from(given, 'latin1')), tokenHash)) {
        throw new HttpError('ADMIN_TOKEN_INVALID', 'the admin token is missing or wrong')
      }
    },
    checkChange(request) {
      if (request.header(CHANGE_HEADER) !== '1') {
        throw new HttpError('ADMIN_HEADER_MISSING', `the header \`${CHANGE_HEADER}: 1\` is missing`)
      }
      const mediaType = request.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
      if (mediaType !== 'application/json') {
        throw new HttpError('ADMIN_CONTENT_TYPE_UNSUPPORTED', 'the body must be application/json')
      }
    },
  }
}

const OWN_SCHEME = 'http://'
/** The port of an `http` URL that names none (RFC 9110 §4.2.1). */
const DEFAULT_PORT = 80

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
