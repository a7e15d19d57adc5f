import { AttestationError } from '../../../src/attestation/errors.ts'
import type { TrustAnchor } from '../../../src/attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../../../src/attestation/trust-anchor.ts'
import { createVerificationCache } from '../../../src/attestation/verification-cache.ts'
import { verifyAttestation } from '../../../src/attestation/verify.ts'
import { serve } from './protocol.ts'

// Our own verifier behind the same protocol; without a cache, unless the argument is `cache`, so that every document is
// met for the first time.

const cache = process.argv[2] === 'cache' ? { cache: createVerificationCache() } : {}

const anchors = new Map<string, TrustAnchor>()

function anchorOf(root: Uint8Array): TrustAnchor {
  const name = Buffer.from(root).toString('latin1')
  const known = anchors.get(name)
  if (known) return known
  const anchor = parseTrustAnchor(root, { name: 'root', partitions: ['aws'], source: 'the question' })
  anchors.set(name, anchor)
  return anchor
}

await serve(async ({ seconds, root, document }) => {
  try {
    const clock = { now: () => new Date(seconds * 1000) }
    await verifyAttestation(document, { anchors: [anchorOf(root)], clock, ...cache })
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
})
