/** Checks that belong together, and what it means that a verifier of others does not make one of them. */
export interface CheckGroup {
  readonly name: string
  /** Codes of our verifier, or the beginning that all codes of a family share. */
  readonly codes: readonly string[]
  /** Why we make them. */
  readonly why: string
}

/** Every code of the catalogue falls into exactly one group: the first that names it or its beginning. */
export const CHECK_GROUPS: readonly CheckGroup[] = [
  {
    name: 'signatures',
    codes: ['COSE_SIGNATURE_', 'CHAIN_SIGNATURE_INVALID'],
    why: 'What is read must be what was signed.',
  },
  {
    name: 'windows',
    codes: ['CHAIN_NOT_YET_VALID', 'CHAIN_EXPIRED'],
    why: 'Certificates are held against the present time. Against the time that the document itself names, a stolen document never grows old.',
  },
  {
    name: 'roles',
    codes: [
      'CHAIN_NOT_A_CA',
      'CHAIN_LEAF_IS_CA',
      'CHAIN_KEY_USAGE_INVALID',
      'CHAIN_LEAF_KEY_USAGE_INVALID',
      'CHAIN_PATH_TOO_LONG',
      'CHAIN_UNKNOWN_CRITICAL',
      'CERT_EXTENSION_',
    ],
    why: 'An authority is one only if its certificate says so, for as many levels as it says; a leaf must be no authority and may sign; a critical extension that is not understood means no (RFC 5280, section 6.1).',
  },
  {
    name: 'path',
    codes: [
      'CHAIN_UNTRUSTED_ROOT',
      'CHAIN_ORDER_INVALID',
      'CHAIN_DUPLICATE_CERTIFICATE',
      'CHAIN_NAME_MISMATCH',
    ],
    why: "The bundle is AWS's root, byte for byte, then each issuer before what it issued, and nothing else. A path builder finds its way through bundles in any order and skips what does not belong; it trusts a name and a key where we trust a certificate. No forgery follows from that, but two verifiers may then see two different chains in one document.",
  },
  {
    name: 'certificates',
    codes: ['CERT_'],
    why: 'AWS issues X.509 version 3, P-384 and SHA-384 only. What else a library can read is not needed.',
  },
  {
    name: 'time of the document',
    codes: [
      'DOCUMENT_FROM_FUTURE',
      'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
      'DOCUMENT_TIMESTAMP_INVALID',
      'DOCUMENT_TOO_OLD',
    ],
    why: 'A timestamp that lies outside the life of the key that signed it is wrong, and whoever bounds the age of documents relies on it.',
  },
  {
    name: 'measurements',
    codes: ['DOCUMENT_PCR_'],
    why: 'Callers compare registers; one that is missing, too short, or there twice must not reach them.',
  },
  {
    name: 'fields',
    codes: ['DOCUMENT_'],
    why: "Types and sizes of AWS's specification. Unsigned nonsense cannot get in this way, signed nonsense can.",
  },
  {
    name: 'COSE headers',
    codes: ['COSE_'],
    why: 'The algorithm is ES384 and stands in the protected header, which holds nothing else; `crit` must be understood (RFC 9052, section 3.1); the unprotected header is empty.',
  },
  {
    name: 'CBOR form',
    codes: ['CBOR_', 'INPUT_'],
    why: 'One document has one encoding: shortest form, no doubled keys, no stray tags, nothing behind it. Else two readers may see two documents in the same bytes.',
  },
  { name: 'anchors', codes: ['CHAIN_NO_ANCHORS'], why: 'Without a root nothing is trusted.' },
  { name: 'recipient key', codes: ['RECIPIENT_'], why: 'An answer is encrypted to it.' },
]

/** The group of a code. Throws for a code that is in none, so that the table stays whole. */
export function groupOf(code: string): CheckGroup {
  const group = CHECK_GROUPS.find(({ codes }) => codes.some((name) => code.startsWith(name)))
  if (!group) throw new Error(`no group has the code ${code}`)
  return group
}
