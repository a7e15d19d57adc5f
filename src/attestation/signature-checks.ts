import type { SoundCertificate } from './certificate-checks.ts'
import type { Chain } from './chain.ts'
import { toPath } from './chain.ts'
import type { CoseSign1 } from './cose-sign1.ts'
import { AttestationError } from './errors.ts'
import { holdsP384 } from './p384-verify.ts'
import type { VerificationCache } from './verification-cache.ts'

/** What is signed in a document. */
export interface SignedParts {
  readonly chain: Chain<SoundCertificate>
  readonly sign1: CoseSign1
  /** SHA-256 of the whole input, lower-case hexadecimal digits. */
  readonly inputSha256: string
}

/**
 * Verifies the signature of each certificate under the key above it (RFC 5280 §6.1.3 (a)(1)), then the document's under
 * the leaf's key (RFC 9052 §4.4). The root's own signature proves nothing, since its bytes are pinned. All run side by
 * side, on as many processors as there are: whoever has seen a genuine document can put its chain above a forgery, so
 * waiting for each before the next would save nothing from those who mean harm.
 * Throws `AttestationError` with `CHAIN_SIGNATURE_INVALID` or `COSE_SIGNATURE_INVALID`.
 */
export async function checkSignatures(
  { chain, sign1, inputSha256 }: SignedParts,
  cache: VerificationCache | undefined,
): Promise<void> {
  const path = toPath(chain)
  const links = path.slice(1).map(({ place, certificate }, index) => {
    const issuer = path[index]?.certificate
    return { place, holds: issuer ? holdsCertificate(certificate, issuer, cache) : Promise.resolve(false) }
  })
  const documentHolds = holdsDocument(sign1, chain.leaf.certificate, cache?.hasDocument(inputSha256) === true)
  for (const { place, holds } of links) {
    if (!(await holds)) {
      throw new AttestationError(
        'CHAIN_SIGNATURE_INVALID',
        `the signature of ${place} does not hold under the key above it`,
      )
    }
  }
  if (!(await documentHolds)) {
    throw new AttestationError('COSE_SIGNATURE_INVALID', 'the signature of the document does not hold')
  }
}

async function holdsCertificate(
  certificate: SoundCertificate,
  issuer: SoundCertificate,
  cache: VerificationCache | undefined,
): Promise<boolean> {
  const { tbs: data, signature } = certificate
  if (signature === null) return false
  if (cache?.hasSignature(certificate, issuer)) return true
  return holdsP384({ key: issuer.publicKey, data, signature, encoding: 'der' })
}

async function holdsDocument(
  { signedBytes: data, signature }: CoseSign1,
  leaf: SoundCertificate,
  isKnown: boolean,
): Promise<boolean> {
  return isKnown || holdsP384({ key: leaf.publicKey, data, signature, encoding: 'ieee-p1363' })
}
