import { definite, indefinite, objectIdentifier, smallInteger, TAG } from './asn1.ts'
import {
  CHUNK_LENGTH,
  CMS_VERSION,
  ID_AES256_CBC,
  ID_DATA,
  ID_ENVELOPED_DATA,
  ID_MGF1,
  ID_RSAES_OAEP,
  ID_SHA256,
} from './constants.ts'

/** What differs from one envelope to the next. */
export interface EnvelopeParts {
  /** SHA-256 of the recipient's DER SubjectPublicKeyInfo, 32 bytes. */
  readonly keyIdentifier: Uint8Array
  /** The content key under the recipient's key: as many bytes as the modulus has. */
  readonly encryptedKey: Uint8Array
  /** Initialisation vector, 16 bytes. */
  readonly iv: Uint8Array
  /** The content under AES-256-CBC. */
  readonly ciphertext: Uint8Array
}

const SHA256 = definite(TAG.sequence, objectIdentifier(ID_SHA256), definite(TAG.null))
const MGF1_SHA256 = definite(TAG.sequence, objectIdentifier(ID_MGF1), SHA256)

/** RSAES-OAEP-params with the default, empty label left out; RFC 8017 appendix A.2.1. */
const RSAES_OAEP_SHA256 = definite(
  TAG.sequence,
  objectIdentifier(ID_RSAES_OAEP),
  definite(TAG.sequence, definite(TAG.context0, SHA256), definite(TAG.context1, MGF1_SHA256)),
)

const ENVELOPED_DATA_TYPE = objectIdentifier(ID_ENVELOPED_DATA)
const DATA_TYPE = objectIdentifier(ID_DATA)
const AES256_CBC = objectIdentifier(ID_AES256_CBC)
const VERSION = smallInteger(CMS_VERSION)

/**
 * Writes a ContentInfo with EnvelopedData (RFC 5652 §6.1) in the encoding of AWS KMS. Which lengths are indefinite is
 * part of the contract: the AWS Nitro Enclaves SDK for C steps into indefinite elements and over definite ones, so the
 * wrappers must be the former and the recipient the latter. DER throughout would be refused by it.
 */
export function encodeEnvelope(parts: EnvelopeParts): Uint8Array {
  return indefinite(
    TAG.sequence,
    ENVELOPED_DATA_TYPE,
    indefinite(
      TAG.context0,
      indefinite(TAG.sequence, VERSION, definite(TAG.set, recipientInfo(parts)), encryptedContentInfo(parts)),
    ),
  )
}

/** KeyTransRecipientInfo, the key named by its identifier; RFC 5652 §6.2.1. */
function recipientInfo({ keyIdentifier, encryptedKey }: EnvelopeParts): Uint8Array {
  return definite(
    TAG.sequence,
    VERSION,
    definite(TAG.context0Primitive, keyIdentifier),
    RSAES_OAEP_SHA256,
    definite(TAG.octetString, encryptedKey),
  )
}

/** EncryptedContentInfo, the content cut into chunks; RFC 5652 §6.1. */
function encryptedContentInfo({ iv, ciphertext }: EnvelopeParts): Uint8Array {
  return indefinite(
    TAG.sequence,
    DATA_TYPE,
    definite(TAG.sequence, AES256_CBC, definite(TAG.octetString, iv)),
    indefinite(TAG.context0, ...chunksOf(ciphertext)),
  )
}

function chunksOf(ciphertext: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < ciphertext.length; at += CHUNK_LENGTH) {
    chunks.push(definite(TAG.octetString, ciphertext.subarray(at, at + CHUNK_LENGTH)))
  }
  return chunks
}
