import { ContentInfo, EnvelopedData } from '@peculiar/asn1-cms'
import type { RecipientInfo } from '@peculiar/asn1-cms'
import { RsaEsOaepParams } from '@peculiar/asn1-rsa'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { equalBytes, toHex } from '../../src/core/bytes.ts'
import { ENVELOPED_DATA, MGF1, P_SPECIFIED, SHA256 } from './constants.ts'
import { EnclaveError } from './errors.ts'

// What is relied on of the @peculiar packages: they parse DER of known length and depth into the named fields of RFC
// 5652, and write the fields back. They skip elements that they do not expect, so a parse counts only if writing it
// back gives the same bytes: then nothing was skipped and nothing was bent.

/** A key transport recipient (RFC 5652 §6.2.1). */
export interface CmsRecipient {
  readonly version: number
  /** `undefined` where the recipient is named by issuer and serial number. */
  readonly keyIdentifier: Uint8Array | undefined
  /** Dotted object identifier. */
  readonly keyEncryption: string
  /** Parameters of the key encryption algorithm, DER; empty where there are none. */
  readonly keyEncryptionParameters: Uint8Array
  readonly encryptedKey: Uint8Array
}

/** The fields of EnvelopedData (RFC 5652 §6.1). */
export interface CmsEnvelopedData {
  readonly version: number
  readonly recipients: readonly CmsRecipient[]
  /** Dotted object identifier of what the content is. */
  readonly contentType: string
  /** Dotted object identifier. */
  readonly contentEncryption: string
  /** The initialisation vector; `undefined` where the algorithm's parameter is no OCTET STRING. */
  readonly iv: Uint8Array | undefined
  /** The encrypted content as it is cut; one chunk where it is not cut, none where it is absent. */
  readonly chunks: readonly Uint8Array[]
}

/**
 * Reads a ContentInfo that holds EnvelopedData, from DER; encryptedContent may be cut into OCTET STRINGs.
 * Throws `EnclaveError` with `ENVELOPE_STRUCTURE_INVALID` or `ENVELOPE_NOT_ENVELOPED_DATA`.
 */
export function parseEnvelopedData(der: Uint8Array): CmsEnvelopedData {
  const { contentType, content } = parseExactly(der, ContentInfo)
  if (contentType !== ENVELOPED_DATA) {
    throw new EnclaveError(
      'ENVELOPE_NOT_ENVELOPED_DATA',
      `The content is of type ${contentType}, not EnvelopedData`,
    )
  }
  const data = parseExactly(new Uint8Array(content), EnvelopedData)
  // KMS sends neither; attributes that nothing authenticates must not be mistaken for something said by KMS.
  if (data.originatorInfo !== undefined || data.unprotectedAttrs !== undefined) refuse()
  const { contentEncryptionAlgorithm, encryptedContent, contentType: inner } = data.encryptedContentInfo
  return {
    version: toVersion(data.version),
    recipients: Array.from(data.recipientInfos, toRecipient),
    contentType: inner,
    contentEncryption: contentEncryptionAlgorithm.algorithm,
    iv: parseOctets(contentEncryptionAlgorithm.parameters),
    chunks: [encryptedContent?.value ?? [], encryptedContent?.constructedValue ?? []]
      .flat()
      .map((chunk) => new Uint8Array(chunk.buffer)),
  }
}

/**
 * Whether parameters of RSAES-OAEP name SHA-256, MGF1 with SHA-256 and the empty label. Compared byte for byte with
 * every encoding in use: NULL behind a hash or not (RFC 4055 §2.1), the default label written out or not (§4.1).
 */
export function isOaepWithSha256(parameters: Uint8Array): boolean {
  return OAEP_SHA256_ENCODINGS.has(toHex(parameters))
}

const EMPTY_LABEL = new AlgorithmIdentifier({
  algorithm: P_SPECIFIED,
  parameters: AsnConvert.serialize(new OctetString(0)),
})

const OAEP_SHA256_ENCODINGS: ReadonlySet<string> = new Set(
  [
    new AlgorithmIdentifier({ algorithm: SHA256, parameters: null }),
    new AlgorithmIdentifier({ algorithm: SHA256 }),
  ].flatMap((hashAlgorithm) => {
    const maskGenAlgorithm = new AlgorithmIdentifier({
      algorithm: MGF1,
      parameters: AsnConvert.serialize(hashAlgorithm),
    })
    return [{}, { pSourceAlgorithm: EMPTY_LABEL }].map((label) =>
      toHex(
        new Uint8Array(
          AsnConvert.serialize(new RsaEsOaepParams({ hashAlgorithm, maskGenAlgorithm, ...label })),
        ),
      ),
    )
  }),
)

function toRecipient({ ktri }: RecipientInfo): CmsRecipient {
  if (ktri === undefined) refuse()
  return {
    version: toVersion(ktri.version),
    keyIdentifier: ktri.rid.subjectKeyIdentifier && new Uint8Array(ktri.rid.subjectKeyIdentifier.buffer),
    keyEncryption: ktri.keyEncryptionAlgorithm.algorithm,
    keyEncryptionParameters: new Uint8Array(ktri.keyEncryptionAlgorithm.parameters ?? new ArrayBuffer(0)),
    encryptedKey: new Uint8Array(ktri.encryptedKey.buffer),
  }
}

/** An INTEGER beyond 32 bits comes as a text, whatever the type says. */
function toVersion(version: unknown): number {
  return Number(version)
}

function parseOctets(der: ArrayBuffer | null | undefined): Uint8Array | undefined {
  const isOctetString = der instanceof ArrayBuffer && new Uint8Array(der)[0] === 0x04
  return isOctetString ? new Uint8Array(parseExactly(new Uint8Array(der), OctetString).buffer) : undefined
}

function parseExactly<Structure>(der: Uint8Array, structure: new () => Structure): Structure {
  try {
    const parsed = AsnConvert.parse(der, structure)
    if (equalBytes(new Uint8Array(AsnConvert.serialize(parsed)), der)) return parsed
  } catch (cause) {
    refuse(cause)
  }
  return refuse()
}

function refuse(cause?: unknown): never {
  const message = 'The envelope is not CMS EnvelopedData as KMS writes it'
  throw new EnclaveError('ENVELOPE_STRUCTURE_INVALID', message, { cause })
}
