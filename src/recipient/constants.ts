// Object identifiers, in dotted form, and sizes of the envelope that AWS KMS writes.

/** id-envelopedData; RFC 5652 §6.1. */
export const ID_ENVELOPED_DATA = '1.2.840.113549.1.7.3'

/** id-data; RFC 5652 §4. */
export const ID_DATA = '1.2.840.113549.1.7.1'

/** id-RSAES-OAEP; RFC 8017 appendix A.2.1. */
export const ID_RSAES_OAEP = '1.2.840.113549.1.1.7'

/** id-mgf1; RFC 8017 appendix A.2.1. */
export const ID_MGF1 = '1.2.840.113549.1.1.8'

/** id-sha256; RFC 8017 appendix B.1. */
export const ID_SHA256 = '2.16.840.1.101.3.4.2.1'

/** id-aes256-CBC; RFC 3565 §4.1. Its parameter is the initialisation vector as an OCTET STRING. */
export const ID_AES256_CBC = '2.16.840.1.101.3.4.1.42'

/** CMSVersion of EnvelopedData and of its recipient, both 2 because a key identifier names the key; RFC 5652 §6.1, §6.2.1. */
export const CMS_VERSION = 2

/** Length of the content key in bytes: AES-256. */
export const CONTENT_KEY_LENGTH = 32

/** Length of the initialisation vector in bytes: one AES block. */
export const IV_LENGTH = 16

/** Bytes of encrypted content in one OCTET STRING at most, as seen in every answer of AWS KMS that was published. */
export const CHUNK_LENGTH = 1000

/** Sizes of a recipient's RSA modulus in bits. */
export const MODULUS_BITS: readonly number[] = [2048, 3072, 4096]

/** Longest plaintext in bytes (KMS model, PlaintextType): its envelope keeps below the 6144 of CiphertextType. */
export const PLAINTEXT_LENGTH_LIMIT = 4096
