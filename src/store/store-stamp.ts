import { StoreError } from './errors.ts'

/** What a store is born with and keeps: it is never opened with another stamp. */
export interface StoreStamp {
  /** In lab mode a test root releases keys; so a lab store never becomes a production store, nor the reverse. */
  readonly mode: 'production' | 'lab'
  /** The id of the root key that its material is wrapped under. */
  readonly rootKeyId: string
}

/**
 * Compares the stamp that a store bears with the one it is opened with. Throws `StoreError` `STORE_MODE_MISMATCH` or
 * `STORE_ROOT_KEY_MISMATCH`.
 */
export function checkStamp(
  borne: { readonly mode: string; readonly rootKeyId: string },
  wanted: StoreStamp,
): void {
  if (borne.mode !== wanted.mode) {
    throw new StoreError('STORE_MODE_MISMATCH', `the store was not made in ${wanted.mode} mode`)
  }
  if (borne.rootKeyId !== wanted.rootKeyId) {
    throw new StoreError('STORE_ROOT_KEY_MISMATCH', 'the store was made with another root key')
  }
}
