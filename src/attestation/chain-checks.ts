import { equalBytes } from '../core/bytes.ts'
import type { SoundCertificate } from './certificate-checks.ts'
import type { Chain, ChainMember } from './chain.ts'
import { findMember, toPath } from './chain.ts'
import { OID_BASIC_CONSTRAINTS, OID_KEY_USAGE } from './constants.ts'
import { AttestationError } from './errors.ts'
import type { EvaluationTime } from './evaluation-time.ts'

const UNDERSTOOD_EXTENSIONS: ReadonlySet<string> = new Set([OID_BASIC_CONSTRAINTS, OID_KEY_USAGE])

/** When the chain is judged. */
export interface ChainTime {
  readonly time: EvaluationTime
  readonly futureSkewSeconds: number
}

/**
 * Path validation (RFC 5280 §6.1) but for the signatures: names, windows, extensions, path lengths. Each check looks at
 * all certificates from root to leaf before the next begins. Not looked at, on purpose: revocation, which AWS says to
 * switch off, key identifiers, which only help to find a path, and serial numbers.
 * Throws `AttestationError` with the `CHAIN_…` codes from `CHAIN_NAME_MISMATCH` to `CHAIN_PATH_TOO_LONG`.
 */
export function checkChain(chain: Chain<SoundCertificate>, time: ChainTime): void {
  const { bundle, leaf } = chain
  const path = toPath(chain)
  checkNames(path)
  checkWindows(path, time)
  checkCriticalExtensions(path)
  checkAuthorities(bundle, leaf)
  checkKeyUsages(bundle, leaf)
  checkPathLengths(bundle)
}

/** RFC 5280 §6.1.3 (a)(4); compared as bytes, which every certificate of AWS satisfies, and no looser. */
function checkNames(path: readonly ChainMember[]): void {
  const found = path.find(({ certificate }, index) => {
    const above = path[index - 1]
    return above !== undefined && !equalBytes(certificate.issuer, above.certificate.subject)
  })
  if (found) {
    throw new AttestationError(
      'CHAIN_NAME_MISMATCH',
      `the issuer of ${found.place} is not the subject above it`,
    )
  }
}

/**
 * RFC 5280 §6.1.3 (a)(2), to the second, for the root too. Leaves are made together with documents, so a clock that runs
 * a little late must not refuse them; after the end there is no grace.
 */
function checkWindows(
  path: readonly ChainMember<SoundCertificate>[],
  { time, futureSkewSeconds }: ChainTime,
): void {
  const latestStart = (time.seconds + futureSkewSeconds) * 1000
  const early = findMember(path, ({ validity }) => validity.notBefore.getTime() > latestStart)
  if (early) {
    const start = early.certificate.validity.notBefore.toISOString()
    throw new AttestationError('CHAIN_NOT_YET_VALID', `${early.place} is not valid before ${start}`)
  }
  const earliestEnd = time.seconds * 1000
  const late = findMember(path, ({ validity }) => validity.notAfter.getTime() < earliestEnd)
  if (late) {
    const end = late.certificate.validity.notAfter.toISOString()
    throw new AttestationError('CHAIN_EXPIRED', `${late.place} was valid until ${end}`)
  }
}

/** RFC 5280 §4.2, §6.1.4 (o): whoever does not understand a critical extension refuses. */
function checkCriticalExtensions(path: readonly ChainMember[]): void {
  const found = findMember(path, ({ extensions }) =>
    extensions.critical.some((oid) => !UNDERSTOOD_EXTENSIONS.has(oid)),
  )
  if (found) {
    throw new AttestationError('CHAIN_UNKNOWN_CRITICAL', `${found.place} has an unknown critical extension`)
  }
}

/** RFC 5280 §6.1.4 (k). An intermediate that signed a document would be no leaf. */
function checkAuthorities(bundle: readonly ChainMember[], leaf: ChainMember): void {
  const found = findMember(bundle, ({ extensions }) => extensions.basicConstraints?.isCa !== true)
  if (found) throw new AttestationError('CHAIN_NOT_A_CA', `${found.place} is no CA`)
  const constraints = leaf.certificate.extensions.basicConstraints
  if (constraints && (constraints.isCa || constraints.pathLength !== null)) {
    throw new AttestationError('CHAIN_LEAF_IS_CA', `${leaf.place} is a CA`)
  }
}

/** RFC 5280 §4.2.1.3, §6.1.4 (n); AWS asks for both bits, so without keyUsage there is neither. */
function checkKeyUsages(bundle: readonly ChainMember[], leaf: ChainMember): void {
  const found = findMember(bundle, ({ extensions }) => extensions.keyUsage?.keyCertSign !== true)
  if (found) {
    throw new AttestationError('CHAIN_KEY_USAGE_INVALID', `${found.place} may not sign certificates`)
  }
  if (leaf.certificate.extensions.keyUsage?.digitalSignature !== true) {
    throw new AttestationError('CHAIN_LEAF_KEY_USAGE_INVALID', `${leaf.place} may not sign documents`)
  }
}

/** RFC 5280 §4.2.1.9: how many CA certificates may stand between a CA and the leaf. */
function checkPathLengths(bundle: readonly ChainMember[]): void {
  const found = bundle.find(({ certificate }, index) => {
    const allowed = certificate.extensions.basicConstraints?.pathLength ?? Infinity
    return bundle.length - 1 - index > allowed
  })
  if (found) {
    throw new AttestationError('CHAIN_PATH_TOO_LONG', `more CAs follow ${found.place} than it allows`)
  }
}
