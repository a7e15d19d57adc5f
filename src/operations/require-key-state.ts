import { checkKeyState } from '../keys/key-state.ts'
import type { KeyRecord } from '../store/key-store.ts'
import { KmsError } from './errors.ts'

/** Throws `DisabledException` or `KMSInvalidStateException` where the state of a key does not permit an operation. */
export function requireKeyState(operation: string, key: KeyRecord): void {
  const refusal = checkKeyState(operation, key)
  if (refusal) throw new KmsError(refusal.error, refusal.text)
}
