import type { VerificationCache } from '../../src/attestation/verification-cache.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { DocumentSource } from './documents.ts'

/** What is known beforehand; it decides how many P-384 signatures of a document are left to verify. */
export interface VerificationCase {
  readonly name: string
  readonly signatures: number
  /** All different. */
  readonly documents: readonly Uint8Array[]
  /** Makes caches anew, one for each document; `verify` fills one. */
  readonly caches: (
    verify: (document: Uint8Array, cache: VerificationCache) => Promise<void>,
  ) => Promise<readonly VerificationCache[]>
}

/** The chain has five certificates, of which the root's own signature is not verified, and the document has one. */
export function makeVerificationCases(source: DocumentSource, count: number): readonly VerificationCase[] {
  const underOneLeaf = source.underOneLeaf(count)
  return [
    {
      name: 'cold: nothing is known',
      signatures: 5,
      documents: underOneLeaf,
      caches: async () => underOneLeaf.map(() => createVerificationCache()),
    },
    warm('warm: a leaf of its own under a known instance certificate', {
      signatures: 2,
      documents: source.underLeafsOfTheirOwn(count),
      known: source.underLeafsOfTheirOwn(1),
    }),
    warm('warm: a new document under a known leaf', {
      signatures: 1,
      documents: underOneLeaf,
      known: source.underOneLeaf(1),
    }),
  ]
}

/** One cache for all documents, filled by one that is not among them. */
function warm(
  name: string,
  { known, ...rest }: Pick<VerificationCase, 'signatures' | 'documents'> & { known: readonly Uint8Array[] },
): VerificationCase {
  return {
    name,
    ...rest,
    caches: async (verify) => {
      const cache = createVerificationCache()
      for (const document of known) await verify(document, cache)
      return rest.documents.map(() => cache)
    },
  }
}
