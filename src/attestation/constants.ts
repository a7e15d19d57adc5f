import { parseHex } from '../core/bytes.ts'

/** Longest payload of an attestation document in bytes (AWS Nitro Enclaves user guide, COSE object details). */
export const PAYLOAD_LIMIT_BYTES = 16_384

/** Longest input in bytes: the longest payload, and room for headers, signature and lengths around it. */
export const INPUT_LIMIT_BYTES = 16_640

/** How many CBOR items may lie in one another; genuine documents have three (RFC 8949 §10 asks for a bound). */
export const CBOR_DEPTH_LIMIT = 8

/** COSE header labels `alg` and `crit` (RFC 9052 §3.1, table 3). */
export const COSE_HEADER_ALG = 1
export const COSE_HEADER_CRIT = 2

/** COSE algorithm ES384, ECDSA with SHA-384 (RFC 9053 §2.1). */
export const COSE_ES384 = -35

/** Bytes of an ES384 signature on P-384: r and s, 48 bytes each (RFC 9053 §2.1). */
export const COSE_SIGNATURE_BYTES = 96

/** Bytes of a coordinate or a scalar of P-384. */
export const P384_FIELD_BYTES = 48

/** Bytes of a SHA-384 digest, and so of a PCR. */
export const DIGEST_BYTES = 48

/** How many points the curve P-384 has (SP 800-186 §3.2.1.4), the most significant byte first. */
export const P384_N = parseHex(
  'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
)

/** Limits of the document's fields (AWS Nitro Enclaves user guide and NSM API, attestation process). */
export const LAST_TIMESTAMP = Number.MAX_SAFE_INTEGER
export const MODULE_ID_LIMIT_CHARACTERS = 256
export const PCR_COUNT_LIMIT = 32
export const CABUNDLE_COUNT_LIMIT = 8
export const CERTIFICATE_LIMIT_BYTES = 1024
export const OPTIONAL_FIELD_LIMIT_BYTES = 1024

/** How far ahead of the verifier's clock certificates and documents may begin, in seconds. */
export const DEFAULT_FUTURE_SKEW_SECONDS = 300

/** Content octets of OBJECT IDENTIFIERs in hexadecimal digits. */
export const OID_BASIC_CONSTRAINTS = '551d13' // 2.5.29.19, RFC 5280 §4.2.1.9
export const OID_KEY_USAGE = '551d0f' // 2.5.29.15, RFC 5280 §4.2.1.3
export const OID_RSA_ENCRYPTION = '2a864886f70d010101' // 1.2.840.113549.1.1.1, RFC 8017 appendix A.1

/** AlgorithmIdentifiers in full. */
export const ALGORITHM_ECDSA_SHA384 = parseHex('300a06082a8648ce3d040303') // RFC 5758 §3.2: no parameters
export const ALGORITHM_P384_KEY = parseHex('301006072a8648ce3d020106052b81040022') // RFC 5480 §2.1.1: secp384r1
