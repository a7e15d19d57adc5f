// Object identifiers, in dotted form, and sizes of the envelopes that are read here.

/** id-envelopedData; RFC 5652 §6.1. */
export const ENVELOPED_DATA = '1.2.840.113549.1.7.3'

/** id-data; RFC 5652 §4. */
export const DATA = '1.2.840.113549.1.7.1'

/** id-RSAES-OAEP; RFC 4055 §4.1. */
export const RSAES_OAEP = '1.2.840.113549.1.1.7'

/** id-mgf1; RFC 4055 §2.1. */
export const MGF1 = '1.2.840.113549.1.1.8'

/** id-pSpecified; RFC 4055 §4.1. */
export const P_SPECIFIED = '1.2.840.113549.1.1.9'

/** id-sha256; RFC 4055 §2.1. */
export const SHA256 = '2.16.840.1.101.3.4.2.1'

/** id-aes256-CBC; RFC 3565 §4.1. */
export const AES256_CBC = '2.16.840.1.101.3.4.1.42'

/** Block of AES in bytes; the initialisation vector of CBC has this length too. */
export const AES_BLOCK_LENGTH = 16

/** CMSVersion where the recipient is named by a key identifier; RFC 5652 §6.1 and §6.2.1. */
export const CMS_VERSION = 2

/** Longest envelope that is looked at, in bytes. KMS sends 6144 at most (KMS model, CiphertextType); BER may cut finer. */
export const ENVELOPE_LENGTH_LIMIT = 16_384

/** Deepest nesting of elements; an envelope with every optional layer needs 11. */
export const BER_DEPTH_LIMIT = 16

/** Most elements that an envelope may have; the longest of KMS has 33. */
export const BER_ELEMENT_LIMIT = 1024
