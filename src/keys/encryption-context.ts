import { concatBytes, utf8 } from '../core/bytes.ts'
import { KeysError } from './errors.ts'

/** The pairs that a caller binds to a ciphertext. The order of the pairs has no meaning; no pairs means none was given. */
export type EncryptionContext = ReadonlyMap<string, string>

/** Total size of keys and values in UTF-8. AWS documents no limit; this one bounds what a request can make us hash. */
const ENCRYPTION_CONTEXT_LIMIT_BYTES = 8192

/**
 * The one byte string that stands for an encryption context in the associated data of a ciphertext: for each pair,
 * sorted by key, the length of the key (4 bytes, big-endian), the key, the length of the value, the value, in UTF-8.
 * Lengths in front keep `{ab: c}` and `{a: bc}` apart. An empty context gives no bytes at all.
 *
 * Keys and values are compared exactly (AWS KMS Developer Guide, Encryption context), so a text that UTF-8 cannot
 * hold is refused rather than changed: `KeysError` `CONTEXT_NOT_UNICODE` for a lone surrogate. `CONTEXT_TOO_LARGE`
 * over 8192 bytes.
 */
export function encodeEncryptionContext(context: EncryptionContext): Uint8Array {
  const parts = [...context].sort(byKey).flat().map(wellFormed).map(utf8)
  if (isContextTooLarge(context)) {
    throw new KeysError(
      'CONTEXT_TOO_LARGE',
      `The encryption context is larger than ${ENCRYPTION_CONTEXT_LIMIT_BYTES} bytes.`,
    )
  }
  return concatBytes(...parts.flatMap((part) => [uint32(part.length), part]))
}

/** Whether a context is one that `encodeEncryptionContext` refuses for its size. */
export function isContextTooLarge(context: EncryptionContext): boolean {
  let size = 0
  for (const [key, value] of context) size += Buffer.byteLength(key) + Buffer.byteLength(value)
  return size > ENCRYPTION_CONTEXT_LIMIT_BYTES
}

/** Keys of a map differ, so there is no tie. */
function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

function wellFormed(text: string): string {
  if (!text.isWellFormed())
    throw new KeysError('CONTEXT_NOT_UNICODE', 'The encryption context is not Unicode text.')
  return text
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
