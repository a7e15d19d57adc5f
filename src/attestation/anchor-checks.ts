import { hash } from 'node:crypto'
import type { EncodedChain, EncodedChainMember } from './parse-chain.ts'
import type { AttestationDocument } from './document.ts'
import { AttestationError } from './errors.ts'
import type { TrustAnchor } from './trust-anchor.ts'

/** The certificates of a document that begins with a trusted root, and that root. */
export interface AnchoredChain {
  readonly anchor: TrustAnchor
  readonly chain: EncodedChain
}

/**
 * Finds the trust anchor that the bundle begins with, by comparing hashes before anything in a certificate is read.
 * Of two anchors with the same certificate the first in the list counts. Throws `AttestationError` with
 * `CHAIN_NO_ANCHORS`, `CHAIN_ORDER_INVALID`, `CHAIN_UNTRUSTED_ROOT` or `CHAIN_DUPLICATE_CERTIFICATE`.
 */
export function findAnchor(document: AttestationDocument, anchors: readonly TrustAnchor[]): AnchoredChain {
  if (anchors.length === 0) throw new AttestationError('CHAIN_NO_ANCHORS', 'there is no trust anchor')
  const chain = encodedChain(document)
  const { bundle, leaf } = chain
  const anchorOf = (member: EncodedChainMember | undefined): TrustAnchor | undefined =>
    anchors.find(({ sha256 }) => sha256 === member?.sha256)
  const anchor = anchorOf(bundle[0])
  if (!anchor && bundle.some((member) => anchorOf(member))) {
    throw new AttestationError('CHAIN_ORDER_INVALID', 'the root is not the first certificate of the bundle')
  }
  if (!anchor) {
    throw new AttestationError(
      'CHAIN_UNTRUSTED_ROOT',
      `the first certificate of the bundle is no trust anchor: SHA-256 ${bundle[0]?.sha256 ?? 'missing'}`,
    )
  }
  // RFC 5280 §6.1: a certificate must not appear more than once in a path.
  if (new Set([...bundle, leaf].map(({ sha256 }) => sha256)).size <= bundle.length) {
    throw new AttestationError('CHAIN_DUPLICATE_CERTIFICATE', 'a certificate comes twice')
  }
  return { anchor, chain }
}

/** The certificates of a document with their hashes, root first as AWS orders them. */
function encodedChain({ cabundle, certificate }: AttestationDocument): EncodedChain {
  return {
    bundle: cabundle.map((der, index) => encode(`cabundle[${index}]`, der)),
    leaf: encode('certificate', certificate),
  }
}

function encode(place: string, der: Uint8Array): EncodedChainMember {
  return { place, der, sha256: hash('sha256', der, 'hex') }
}
