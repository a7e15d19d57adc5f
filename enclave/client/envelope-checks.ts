import { isOaepWithSha256 } from './cms.ts'
import type { CmsEnvelopedData, CmsRecipient } from './cms.ts'
import { AES256_CBC, AES_BLOCK_LENGTH, CMS_VERSION, DATA, RSAES_OAEP } from './constants.ts'
import { EnclaveError } from './errors.ts'
import type { EnclaveErrorCode } from './errors.ts'

/** EnvelopedData of the kind that KMS writes, with what is known to be there. */
export interface KmsEnvelope {
  readonly data: CmsEnvelopedData
  readonly recipient: CmsRecipient & { readonly keyIdentifier: Uint8Array }
  /** 16 bytes. */
  readonly iv: Uint8Array
}

interface Check {
  readonly code: EnclaveErrorCode
  readonly passes: (data: CmsEnvelopedData, recipient: CmsRecipient | undefined) => boolean
  readonly expected: string
}

/** In this order. */
const CHECKS: readonly Check[] = [
  {
    code: 'ENVELOPE_VERSION_UNSUPPORTED',
    passes: (data) => data.version === CMS_VERSION,
    expected: 'version 2',
  },
  {
    code: 'ENVELOPE_RECIPIENT_COUNT',
    passes: (data) => data.recipients.length === 1,
    expected: 'one recipient',
  },
  {
    code: 'ENVELOPE_RECIPIENT_VERSION_UNSUPPORTED',
    passes: (_, recipient) => recipient?.version === CMS_VERSION,
    expected: 'a recipient of version 2',
  },
  {
    code: 'ENVELOPE_RECIPIENT_NOT_KEY_IDENTIFIER',
    passes: (_, recipient) => recipient?.keyIdentifier !== undefined,
    expected: 'a recipient named by a key identifier',
  },
  {
    code: 'ENVELOPE_KEY_ENCRYPTION_UNSUPPORTED',
    passes: (_, recipient) => recipient?.keyEncryption === RSAES_OAEP,
    expected: 'a content key under RSAES-OAEP',
  },
  {
    code: 'ENVELOPE_OAEP_PARAMETERS_UNSUPPORTED',
    passes: (_, recipient) => recipient !== undefined && isOaepWithSha256(recipient.keyEncryptionParameters),
    expected: 'RSAES-OAEP with SHA-256, MGF1 with SHA-256 and no label',
  },
  {
    code: 'ENVELOPE_CONTENT_TYPE_UNSUPPORTED',
    passes: (data) => data.contentType === DATA,
    expected: 'content of type id-data',
  },
  {
    code: 'ENVELOPE_CONTENT_ENCRYPTION_UNSUPPORTED',
    passes: (data) => data.contentEncryption === AES256_CBC,
    expected: 'content under AES-256-CBC',
  },
  {
    code: 'ENVELOPE_IV_INVALID',
    passes: (data) => data.iv?.length === AES_BLOCK_LENGTH,
    expected: 'an initialisation vector of 16 bytes',
  },
  {
    code: 'ENVELOPE_CONTENT_LENGTH_INVALID',
    passes: (data) => isWholeBlocks(data.chunks.reduce((total, chunk) => total + chunk.length, 0)),
    expected: 'encrypted content of whole blocks, one at least',
  },
]

/** Checks that EnvelopedData is of the kind that KMS writes. Throws `EnclaveError` with the code of the first check that fails. */
export function requireKmsEnvelope(data: CmsEnvelopedData): KmsEnvelope {
  const [recipient] = data.recipients
  const failed = CHECKS.find((check) => !check.passes(data, recipient))
  if (failed) throw new EnclaveError(failed.code, `The envelope must have ${failed.expected}`)
  // The checks above have seen that both are there.
  return { data, recipient, iv: data.iv } as KmsEnvelope
}

function isWholeBlocks(length: number): boolean {
  return length > 0 && length % AES_BLOCK_LENGTH === 0
}
