import { KmsError } from './errors.ts'

/** Throws `UnsupportedOperationException` where a request names a custom key store, by its id or by a key in it. */
export function refuseCustomKeyStore(...names: readonly (string | undefined)[]): void {
  if (names.every((name) => name === undefined)) return
  throw new KmsError('UnsupportedOperationException', 'Custom key stores are not supported by this service.')
}
