import { constants, createDecipheriv, createPublicKey, hash, privateDecrypt } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concatBytes, equalBytes, toHex } from '../../src/core/bytes.ts'
import { parseBer, toDer } from './ber.ts'
import { parseEnvelopedData } from './cms.ts'
import type { CmsEnvelopedData } from './cms.ts'
import { ENVELOPE_LENGTH_LIMIT } from './constants.ts'
import { requireKmsEnvelope } from './envelope-checks.ts'
import { EnclaveError } from './errors.ts'
import { requireRsaPrivateKey } from './recipient-key-pair.ts'

/** What an envelope tells without the key. */
export interface EnvelopeDescription {
  readonly bytes: number
  /** Whether the outermost length is of indefinite form, as KMS writes it. */
  readonly indefiniteLength: boolean
  readonly version: number
  readonly recipients: readonly {
    readonly version: number
    /** Lower-case hex of the key identifier; `null` where issuer and serial number name the key. */
    readonly subjectKeyIdentifier: string | null
    /** Dotted object identifier. */
    readonly keyEncryptionAlgorithm: string
    readonly encryptedKeyBytes: number
  }[]
  /** Dotted object identifiers of what the content is and how it is encrypted. */
  readonly contentType: string
  readonly contentEncryptionAlgorithm: string
  /** Lower-case hex of the initialisation vector; `null` where there is none. */
  readonly iv: string | null
  readonly ciphertextBytes: number
  /** Lengths of the pieces that the encrypted content is cut into. */
  readonly chunks: readonly number[]
}

/**
 * Opens a `CiphertextForRecipient` and returns its plaintext. Read are the layout of AWS KMS (BER with indefinite
 * lengths, the content in chunks), the same with an uncut content, DER, and what BER allows between them.
 * `privateKey` is the RSA key whose public half stood in the attestation document.
 *
 * The envelope carries no authentication: whoever has the document can make one. That it comes from KMS has to be known
 * from the connection it came by.
 *
 * Throws `EnclaveError`: an `ENVELOPE_…` code, or `PRIVATE_KEY_UNUSABLE`.
 */
export function openEnvelope(envelope: Uint8Array, privateKey: KeyObject): Uint8Array {
  requireRsaPrivateKey(privateKey)
  const { recipient, data, iv } = requireKmsEnvelope(parseEnvelope(envelope).data)
  if (!equalBytes(recipient.keyIdentifier, keyIdentifierOf(privateKey))) {
    throw new EnclaveError(
      'ENVELOPE_FOR_ANOTHER_KEY',
      `The envelope is for the key ${toHex(recipient.keyIdentifier)}, which is not the one given`,
    )
  }
  const plaintext = decrypt(privateKey, { encryptedKey: recipient.encryptedKey, iv, chunks: data.chunks })
  if (plaintext !== undefined) return plaintext
  // One error for a wrong key, a wrong length and a wrong padding, without a cause: telling them apart would let
  // somebody who sends in changed envelopes decrypt the content block by block.
  throw new EnclaveError('ENVELOPE_NOT_OPENED', 'The envelope cannot be decrypted')
}

/** Tells what can be told without a key. Throws `EnclaveError` where the bytes are no EnvelopedData. */
export function describeEnvelope(envelope: Uint8Array): EnvelopeDescription {
  const { indefiniteLength, data } = parseEnvelope(envelope)
  const chunks = data.chunks.map((chunk) => chunk.length)
  return {
    bytes: envelope.length,
    indefiniteLength,
    version: data.version,
    recipients: data.recipients.map((recipient) => ({
      version: recipient.version,
      subjectKeyIdentifier: recipient.keyIdentifier ? toHex(recipient.keyIdentifier) : null,
      keyEncryptionAlgorithm: recipient.keyEncryption,
      encryptedKeyBytes: recipient.encryptedKey.length,
    })),
    contentType: data.contentType,
    contentEncryptionAlgorithm: data.contentEncryption,
    iv: data.iv ? toHex(data.iv) : null,
    ciphertextBytes: chunks.reduce((total, length) => total + length, 0),
    chunks,
  }
}

interface ParsedEnvelope {
  readonly indefiniteLength: boolean
  readonly data: CmsEnvelopedData
}

function parseEnvelope(envelope: Uint8Array): ParsedEnvelope {
  if (envelope.length > ENVELOPE_LENGTH_LIMIT) {
    throw new EnclaveError('ENVELOPE_TOO_LONG', `The envelope is longer than ${ENVELOPE_LENGTH_LIMIT} bytes`)
  }
  const element = parseBer(envelope)
  return { indefiniteLength: element.indefinite, data: parseEnvelopedData(toDer(element)) }
}

/** SHA-256 of the DER SubjectPublicKeyInfo: how KMS names a recipient's key. */
function keyIdentifierOf(privateKey: KeyObject): Uint8Array {
  return hash('sha256', createPublicKey(privateKey).export({ type: 'spki', format: 'der' }), 'buffer')
}

interface Sealed {
  readonly encryptedKey: Uint8Array
  readonly iv: Uint8Array
  readonly chunks: readonly Uint8Array[]
}

/** The plaintext; `undefined` where any step fails. */
function decrypt(privateKey: KeyObject, { encryptedKey, iv, chunks }: Sealed): Uint8Array | undefined {
  let contentKey: Uint8Array | undefined
  try {
    contentKey = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      encryptedKey,
    )
    // Takes a key of 32 bytes and no other.
    const decipher = createDecipheriv('aes-256-cbc', contentKey, iv)
    // The borders of chunks are not borders of blocks.
    return concatBytes(...chunks.map((chunk) => decipher.update(chunk)), decipher.final())
  } catch {
    return undefined
  } finally {
    contentKey?.fill(0)
  }
}
