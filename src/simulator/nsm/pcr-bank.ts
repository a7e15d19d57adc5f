import { createHash } from 'node:crypto'
import type { PcrValues } from '../pcr.ts'

/** A platform configuration register: what it holds, 48 bytes, and whether that is final. */
export interface PcrRegister {
  readonly value: Uint8Array
  readonly locked: boolean
}

/** All registers of a module, by their number. */
export type PcrBank = readonly PcrRegister[]

/** How many registers a module has (aws-nitro-enclaves-nsm-api, `docs/attestation_process.md`). */
const PCR_COUNT = 32

/** How many of them are measured before the enclave starts, and locked from then on; the others belong to the program. */
export const BOOT_PCR_COUNT = 16

/** The registers of an enclave that has just started: what was measured is locked, the others are zero and open. */
export function startBank(measured: PcrValues): PcrBank {
  return Array.from({ length: PCR_COUNT }, (_, index) => {
    const value = index < BOOT_PCR_COUNT ? measured.get(index) : undefined
    return { value: value ? new Uint8Array(value) : new Uint8Array(48), locked: value !== undefined }
  })
}

/** A register after one extension: SHA-384 over its value and the data. */
export function extendRegister({ value, locked }: PcrRegister, data: Uint8Array): PcrRegister {
  return { value: new Uint8Array(createHash('sha384').update(value).update(data).digest()), locked }
}

/** A register after it was locked, which may have happened before. */
export function lockRegister({ value }: PcrRegister): PcrRegister {
  return { value, locked: true }
}

/** What the locked registers hold; a document shows these and no others. */
export function lockedValues(bank: PcrBank): PcrValues {
  return new Map(
    [...bank.entries()].filter(([, { locked }]) => locked).map(([index, { value }]) => [index, value]),
  )
}
