import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Certificate } from '../attestation/certificate.ts'
import { AttestationError } from '../attestation/errors.ts'
import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import { parseRootCertificate, toTrustAnchor } from '../attestation/trust-anchor.ts'
import type { AttestationRootFile } from '../config/config.ts'
import type { ConfigErrorCode } from '../config/errors.ts'
import { ConfigError } from '../config/errors.ts'

/** A root that an operator named. */
export interface OperatorRoot {
  readonly anchor: TrustAnchor
  /** Whether it bears the name that every lab's root bears. Whoever knows the seed of a lab has its private key. */
  readonly isLabRoot: boolean
}

/** Far more than a certificate of 1,024 bytes takes as PEM; a file without end must not be read for ever. */
const FILE_LIMIT_BYTES = 65_536

/** The subject of the root that this program makes from a seed, as RFC 4514 writes names. */
const LAB_ROOT_SUBJECT = 'CN=lab.nitro-enclaves,OU=AWS,O=Amazon,C=US'

/**
 * Reads a file of `--attestation-root`: one certificate, PEM or DER, that documents can be verified down to. `now` is
 * `null` where roots that have expired are wanted all the same. Throws `ConfigError` with the `CONFIG_ATTESTATION_ROOT_…`
 * codes but that of duplicates.
 */
export function readRootFile({ path, partitions }: AttestationRootFile, now: Date | null): OperatorRoot {
  const content = readBounded(path)
  if (content.toString('latin1').split('-----BEGIN ').length > 2) {
    throw refuse(
      'CONFIG_ATTESTATION_ROOT_INVALID',
      `${path} holds several certificates; name a file for each`,
    )
  }
  try {
    const certificate = parseRootCertificate(content, path)
    const anchor = toTrustAnchor(certificate, { name: path, partitions, source: path })
    checkRoot(certificate, path)
    if (now && anchor.notAfter && anchor.notAfter < now) {
      const end = anchor.notAfter.toISOString()
      throw refuse('CONFIG_ATTESTATION_ROOT_EXPIRED', `${path} expired at ${end}`)
    }
    return { anchor, isLabRoot: certificate.subjectText === LAB_ROOT_SUBJECT }
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause
    throw refuse('CONFIG_ATTESTATION_ROOT_INVALID', cause.message, cause)
  }
}

function readBounded(path: string): Buffer {
  const unreadable = (reason: string, cause?: unknown): ConfigError =>
    refuse('CONFIG_ATTESTATION_ROOT_UNREADABLE', `${path} ${reason}`, cause)
  try {
    const stat = statSync(path)
    if (!stat.isFile()) throw unreadable('is no file')
    if (stat.size > FILE_LIMIT_BYTES) throw unreadable(`has ${stat.size} bytes, more than a certificate`)
    return readFileSync(path)
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw unreadable(`cannot be read${reason}`, cause)
  }
}

/**
 * What the verifier would refuse every document for is told at start. A certificate that another one issued is no root:
 * documents carry the root first, and an anchor has to be that one.
 */
function checkRoot({ der, extensions }: Certificate, path: string): void {
  const root = new X509Certificate(der)
  const reason = [
    { holds: extensions.basicConstraints?.isCa === true, otherwise: 'is no CA' },
    { holds: extensions.keyUsage?.keyCertSign === true, otherwise: 'may not sign certificates' },
    {
      holds: root.checkIssued(root) && root.verify(root.publicKey),
      otherwise: 'is not signed by its own key',
    },
  ].find(({ holds }) => !holds)?.otherwise
  if (reason) throw refuse('CONFIG_ATTESTATION_ROOT_NOT_A_ROOT', `${path} is no root: it ${reason}`)
}

function refuse(code: ConfigErrorCode, message: string, cause?: unknown): ConfigError {
  return new ConfigError(code, `--attestation-root: ${message}`, { cause })
}
