import type { Certificate } from './certificate.ts'
import type { SoundCertificate } from './certificate-checks.ts'
import type { Chain } from './chain.ts'
import { toPath } from './chain.ts'
import type { FactStore } from './fact-store.ts'
import { createFactStore } from './fact-store.ts'

/** What is known once a document has passed every check. */
interface PassedDocument {
  readonly chain: Chain<SoundCertificate>
  /** SHA-256 of the whole input, lower-case hexadecimal digits. */
  readonly inputSha256: string
}

/**
 * Facts about exact bytes, so that they need not be found out again: how a certificate reads, that a certificate's
 * signature holds under a key, that the signature of a whole document holds. Never a verdict: every other check is made
 * each time. Nothing enters but from documents that passed, so nobody without a trusted chain can fill it, and no
 * failure is kept. Anchors and clocks are no part of a fact; the cache may be shared between settings. Users make one,
 * pass it on, `clear()` it and look at its `size`; the other members are called by the verifier alone.
 */
export interface VerificationCache {
  /** A certificate by the SHA-256 of its DER in lower-case hexadecimal digits. */
  findCertificate(sha256: string): SoundCertificate | undefined
  /** Whether the certificate's signature is known to hold under the issuer's key. */
  hasSignature(certificate: Certificate, issuer: Certificate): boolean
  /** Whether the document's signature is known to hold, by the SHA-256 of the whole input. */
  hasDocument(inputSha256: string): boolean
  /** Keeps what a document has proved. `seconds` is the time at which it was judged. */
  remember(passed: PassedDocument, seconds: number): void
  /** Forgets everything. */
  clear(): void
  /** How many facts are held, of all three kinds. */
  readonly size: number
}

/**
 * Makes an empty cache that holds at most `limit` facts of each of its three kinds. Past the limit the one that was
 * not used for the longest time goes. A fact goes too once the certificate it is about has expired.
 */
export function createVerificationCache(limit = 4096): VerificationCache {
  const certificates: FactStore<SoundCertificate> = createFactStore(limit)
  const signatures: FactStore<true> = createFactStore(limit)
  const documents: FactStore<true> = createFactStore(limit)
  const stores = [certificates, signatures, documents]
  const cache: VerificationCache = {
    findCertificate: (sha256) => certificates.find(sha256),
    hasSignature: (certificate, issuer) => signatures.find(signatureKey(certificate, issuer)) === true,
    hasDocument: (inputSha256) => documents.find(inputSha256) === true,
    remember({ chain, inputSha256 }, seconds) {
      const path = toPath(chain)
      for (const store of stores) store.forgetExpired(seconds)
      for (const [index, { certificate }] of path.entries()) {
        const until = lastSecond(certificate)
        certificates.keep(certificate.sha256, certificate, until)
        const issuer = path[index - 1]?.certificate
        if (issuer) signatures.keep(signatureKey(certificate, issuer), true, until)
      }
      documents.keep(inputSha256, true, lastSecond(chain.leaf.certificate))
    },
    clear() {
      for (const store of stores) store.clear()
    },
    get size() {
      return stores.reduce((total, store) => total + store.size, 0)
    },
  }
  MADE_HERE.add(cache)
  return cache
}

/** Caches of this module: another object of the same shape could claim that any signature holds. */
const MADE_HERE = new WeakSet<VerificationCache>()

/** Whether `createVerificationCache` made it. */
export function isVerificationCache(cache: VerificationCache): boolean {
  return MADE_HERE.has(cache)
}

function signatureKey(certificate: Certificate, issuer: Certificate): string {
  return certificate.sha256 + issuer.spkiSha256
}

function lastSecond({ validity }: SoundCertificate): number {
  return validity.notAfter.getTime() / 1000
}
