import type { Verdict } from './compare.ts'

/** Why some verifiers refuse what is to be accepted. */
interface Explanation {
  readonly reason: string
  /** The documents that it explains: ids of oddities, or names of captured documents' files. */
  readonly documents: RegExp
  /** The verifiers that it holds for; all where it is not given. */
  readonly peers?: RegExp
  /** What the verifier said; anything where it is not given. */
  readonly message?: RegExp
}

const ENCLAVE_FILE = /_nitro-enclave/

/** The first that fits counts. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    reason:
      'A NitroTPM document: they know those of enclaves only, whose measurements stand in `pcrs` and not in `nitrotpm_pcrs`.',
    documents: /^nitrotpm-|_nitrotpm_/,
  },
  {
    reason:
      "A captured document: the clock is the machine's, so all have expired; besides, the user data has to be the public key of a certificate that the caller holds.",
    documents: ENCLAVE_FILE,
    peers: /^@?evervault(\/attestation|-attestation)-bindings$/,
  },
  {
    reason:
      'Other user data than ours: it has to be the public key of a certificate that the caller holds, which is how an enclave of that vendor is bound to its TLS connection.',
    documents: /^optional-fields-|^user-data-/,
    peers: /^@?evervault(\/attestation|-attestation)-bindings$/,
  },
  {
    reason:
      'User data of more than 512 bytes, the limit of an older specification. The present one says 1,024, and a genuine document has 746.',
    documents: /^optional-fields-1024$|^user-data-746$|_95058b6c/,
    peers: /evervault|epsilon|fastcrypto/,
  },
  {
    reason:
      'A field that is there and empty: they demand a byte at least. The specification starts at 0, and genuine documents have such fields.',
    documents: /^optional-fields-empty$|_6c096a02|_90c8f0d4|_7b0ca130/,
    peers: /evervault/,
  },
  {
    reason: 'A verifier whose clock is slow: they have no tolerance; ours is 300 seconds.',
    documents: /^verifier-clock-4-min-behind$/,
  },
  {
    reason:
      'A document with tag 18: they read it untagged only. AWS writes no tag, and RFC 9052 (section 2) allows both.',
    documents: /^tagged-18$/,
  },
  {
    reason: 'The key `public_key` is left out: they want it there, if only with null.',
    documents: /^optional-fields-absent$/,
  },
  {
    reason:
      'A protected header in another encoding than the usual four bytes: the signature is held against an encoding of their own, or against a length that is written into the program. This is also why pycape accepts a header that was encoded anew after signing.',
    documents: /^protected-(indefinite-map|header-extra-label)$/,
    peers: /pycape|-attestation-verifier/,
  },
  {
    reason: 'A further label in the protected header: the algorithm alone may stand there.',
    documents: /^protected-header-extra-label$/,
    peers: /fastcrypto/,
  },
  {
    reason: 'All 32 registers: it counts from 1 to 31.',
    documents: /^thirty-two-pcrs$/,
    peers: /^aws-nitro-enclaves-attestation$/,
  },
  {
    reason:
      'A payload that is shorter than 4,352 or longer than 4,607 bytes: all but the last byte of the length that is signed is written into the program.',
    documents: /./,
    peers: /^(tee|remote)-attestation-verifier$/,
    message: /Payload length bytes conversion failed/,
  },
]

/** Why a verifier refuses a good document; null where nobody has found out. */
export function explain(peer: string, { id, message }: Verdict): string | null {
  const found = EXPLANATIONS.find(
    (one) =>
      one.documents.test(id) && (one.peers?.test(peer) ?? true) && (one.message?.test(message) ?? true),
  )
  return found?.reason ?? null
}
