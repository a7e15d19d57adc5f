import type { KeyObject } from 'node:crypto'
import { equalBytes } from '../core/bytes.ts'
import type { Certificate } from './certificate.ts'
import type { Chain, ChainMember } from './chain.ts'
import { findMember, toPath } from './chain.ts'
import { ALGORITHM_ECDSA_SHA384 } from './constants.ts'
import { AttestationError } from './errors.ts'
import type { Validity } from './validity.ts'

/** A certificate that passed all checks that need no other certificate. */
export interface SoundCertificate extends Certificate {
  readonly validity: Validity
  readonly publicKey: KeyObject
}

/**
 * What every certificate has to be on its own, whatever it stands for in the chain. Each check looks at all certificates
 * from root to leaf before the next begins. Throws `AttestationError` with the `CERT_…` codes except `CERT_NOT_DER`.
 */
export function checkCertificates(chain: Chain): asserts chain is Chain<SoundCertificate> {
  const path = toPath(chain)
  checkVersions(path)
  checkAlgorithms(path)
  checkValidities(path)
  checkKeys(path)
  checkExtensions(path)
}

/** Version 1 cannot say who is a CA (RFC 5280 §4.1.2.1, §6.1.4 (k)). */
function checkVersions(path: readonly ChainMember[]): void {
  const found = findMember(path, ({ version }) => version !== 3)
  if (found) throw new AttestationError('CERT_VERSION_UNSUPPORTED', `${found.place} is not of version 3`)
}

/** RFC 5280 §4.1.1.2, RFC 5758 §3.2. */
function checkAlgorithms(path: readonly ChainMember[]): void {
  const split = findMember(path, (one) => !equalBytes(one.signedAlgorithm, one.outerAlgorithm))
  if (split) {
    throw new AttestationError('CERT_ALGORITHM_MISMATCH', `${split.place} names two signature algorithms`)
  }
  const foreign = findMember(
    path,
    ({ outerAlgorithm }) => !equalBytes(outerAlgorithm, ALGORITHM_ECDSA_SHA384),
  )
  if (foreign) {
    throw new AttestationError(
      'CERT_ALGORITHM_UNSUPPORTED',
      `${foreign.place} is not signed by ecdsa-with-SHA384`,
    )
  }
}

/** RFC 5280 §4.1.2.5. */
function checkValidities(path: readonly ChainMember[]): void {
  const found = findMember(path, ({ validity }) => validity === null)
  if (found) throw new AttestationError('CERT_VALIDITY_INVALID', `${found.place} has no proper validity`)
}

/** RFC 5480 §2.1.1 and §2.2. */
function checkKeys(path: readonly ChainMember[]): void {
  const foreign = findMember(path, ({ isP384 }) => !isP384)
  if (foreign) {
    throw new AttestationError('CERT_KEY_UNSUPPORTED', `the key of ${foreign.place} is not on P-384`)
  }
  const offCurve = findMember(path, ({ publicKey }) => publicKey === null)
  if (offCurve) {
    throw new AttestationError(
      'CERT_KEY_POINT_INVALID',
      `the key of ${offCurve.place} is no uncompressed point of P-384`,
    )
  }
}

/** RFC 5280 §4.2. */
function checkExtensions(path: readonly ChainMember[]): void {
  const repeated = findMember(path, ({ extensions }) => extensions.hasDuplicate)
  if (repeated) {
    throw new AttestationError('CERT_EXTENSION_DUPLICATE', `${repeated.place} has an extension twice`)
  }
  const unreadable = findMember(path, ({ extensions }) => extensions.fault !== null)
  if (unreadable) {
    const fault = unreadable.certificate.extensions.fault ?? ''
    throw new AttestationError('CERT_EXTENSION_INVALID', `extensions of ${unreadable.place}: ${fault}`)
  }
}
