import { concatBytes, equalBytes, parseHex, toHex } from '../core/bytes.ts'
import { KeysError } from './errors.ts'
import { parseKeyId, toKeyId } from './key-id.ts'

// A blob, with offsets in bytes; all of the first 88 are associated data of the encryption:
//
//     0   5  01 02 03 00 78      how AWS's own begin, so that base64 begins with AQIDAH and scanners know it
//     5  32  material id
//    37   1  01
//    38  16  nonce               random; the encryption key of this blob is derived with it
//    54   4  length of the rest, big-endian
//    58   1  01                  version of what follows; another layout gets another number
//    59   1  00, or 01 where the key id is that of a multi-Region key
//    60  16  key id
//    76  12  initialization vector of AES-256-GCM, random
//    88   n  ciphertext, as long as the plaintext
//  88+n  16  authentication tag
//
// No Region: relatives of a multi-Region key read each other's ciphertext.
const MAGIC = Uint8Array.of(1, 2, 3, 0, 0x78)
const FIELD_MARK = 1
const VERSION = 1
const [MATERIAL_ID_AT, MARK_AT, NONCE_AT, LENGTH_AT, BODY_AT] = [5, 37, 38, 54, 58]
const [MULTI_REGION_AT, KEY_ID_AT, IV_AT, HEADER_LENGTH] = [59, 60, 76, 88]

/** Length of the AES-GCM tag in bytes (NIST SP 800-38D §5.2.1.2, the full length). */
export const TAG_LENGTH = 16
/** Length of the nonce in bytes. */
export const NONCE_LENGTH = 16
/** Length of the AES-GCM initialization vector in bytes (NIST SP 800-38D §8.2.2). */
export const IV_LENGTH = 12
/** The longest blob that the API carries (KMS model, CiphertextType). */
const BLOB_LIMIT = 6144

/** What stands in front of the ciphertext. */
export interface CiphertextHeader {
  readonly keyId: string
  /** 64 lower-case hexadecimal digits. */
  readonly materialId: string
  readonly nonce: Uint8Array
  readonly iv: Uint8Array
}

/** A ciphertext blob taken apart. Nothing in it is authenticated before it has been opened. */
export interface CiphertextBlob extends CiphertextHeader {
  /** The bytes in front of the ciphertext, as they came. */
  readonly header: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

/** The bytes of a header in front of `plaintextLength` bytes of ciphertext and a tag. */
export function encodeCiphertextHeader(header: CiphertextHeader, plaintextLength: number): Uint8Array {
  const { bytes, multiRegion } = parseKeyId(header.keyId)
  const encoded = concatBytes(
    MAGIC,
    parseHex(header.materialId),
    Uint8Array.of(FIELD_MARK),
    header.nonce,
    new Uint8Array(4),
    Uint8Array.of(VERSION, multiRegion ? 1 : 0),
    bytes,
    header.iv,
  )
  if (encoded.length !== HEADER_LENGTH)
    throw new TypeError('a field of the ciphertext header has a wrong length')
  new DataView(encoded.buffer).setUint32(LENGTH_AT, HEADER_LENGTH - BODY_AT + plaintextLength + TAG_LENGTH)
  return encoded
}

/** Takes a ciphertext blob apart. Throws `KeysError` `CIPHERTEXT_INVALID` for bytes that are none, whole and exact. */
export function parseCiphertextBlob(bytes: Uint8Array): CiphertextBlob {
  if (bytes.length < HEADER_LENGTH + TAG_LENGTH || bytes.length > BLOB_LIMIT) refuseCiphertext('length')
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) refuseCiphertext('magic')
  if (bytes[MARK_AT] !== FIELD_MARK) refuseCiphertext('mark')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(LENGTH_AT) !== bytes.length - BODY_AT) refuseCiphertext('length of the body')
  if (bytes[BODY_AT] !== VERSION) refuseCiphertext('version')
  const multiRegion = bytes[MULTI_REGION_AT]
  if (multiRegion !== 0 && multiRegion !== 1) refuseCiphertext('kind of key id')
  return {
    keyId: toKeyId({ bytes: bytes.subarray(KEY_ID_AT, IV_AT), multiRegion: multiRegion === 1 }),
    materialId: toHex(bytes.subarray(MATERIAL_ID_AT, MARK_AT)),
    nonce: bytes.subarray(NONCE_AT, LENGTH_AT),
    iv: bytes.subarray(IV_AT, HEADER_LENGTH),
    header: bytes.subarray(0, HEADER_LENGTH),
    ciphertext: bytes.subarray(HEADER_LENGTH, bytes.length - TAG_LENGTH),
    tag: bytes.subarray(bytes.length - TAG_LENGTH),
  }
}

/**
 * Throws `KeysError` `CIPHERTEXT_INVALID`. One code for every reason: which byte of a ciphertext was wrong is
 * nobody's business. `what` goes to the log.
 */
export function refuseCiphertext(what: string, cause?: unknown): never {
  throw new KeysError('CIPHERTEXT_INVALID', `the ciphertext is not valid: ${what}`, { cause })
}
