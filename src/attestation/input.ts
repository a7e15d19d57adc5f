import { INPUT_LIMIT_BYTES } from './constants.ts'
import { AttestationError } from './errors.ts'

/**
 * Copies the input, so that nobody can change it while signatures are verified elsewhere.
 * Throws `AttestationError` with `INPUT_EMPTY` or `INPUT_TOO_LARGE`.
 */
export function takeInput(bytes: Uint8Array): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('the input is no Uint8Array')
  if (bytes.length === 0) throw new AttestationError('INPUT_EMPTY', 'the input is empty')
  if (bytes.length > INPUT_LIMIT_BYTES) {
    throw new AttestationError('INPUT_TOO_LARGE', `the input has ${bytes.length} bytes`)
  }
  return new Uint8Array(bytes)
}
