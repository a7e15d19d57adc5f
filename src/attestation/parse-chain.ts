import { parseCertificate } from './certificate.ts'
import type { Chain, ChainMember } from './chain.ts'
import type { VerificationCache } from './verification-cache.ts'

/** A certificate of a document before it is read. */
export interface EncodedChainMember {
  readonly place: string
  readonly der: Uint8Array
  /** Of the DER, lower-case hexadecimal digits. */
  readonly sha256: string
}

/** The certificates of a document before they are read; root first. */
export interface EncodedChain {
  readonly bundle: readonly EncodedChainMember[]
  readonly leaf: EncodedChainMember
}

/** Reads the certificates from root to leaf. Throws `AttestationError` with `CERT_NOT_DER`. */
export function parseChain({ bundle, leaf }: EncodedChain, cache: VerificationCache | undefined): Chain {
  const parse = ({ place, der, sha256 }: EncodedChainMember): ChainMember => ({
    place,
    certificate: cache?.findCertificate(sha256) ?? parseCertificate(der, place, sha256),
  })
  return { bundle: bundle.map(parse), leaf: parse(leaf) }
}
