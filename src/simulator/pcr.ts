import { createHash } from 'node:crypto'
import { concatBytes, utf8 } from '../core/bytes.ts'
import type { Derive } from './derive.ts'
import { SimulatorError } from './errors.ts'
import type { DocumentKind } from './module-id.ts'

/** Measurements by the number of their register, in ascending order; 48 bytes each. */
export type PcrValues = ReadonlyMap<number, Uint8Array>

/** What the default measurements follow from. */
export interface PcrSource {
  readonly instanceId: string
  readonly debug: boolean
  /** ARN of the instance's role, if it has one. */
  readonly roleArn: string | undefined
  /** DER of the certificate that the enclave image is signed with, if it is. */
  readonly signingCertificate: Uint8Array | undefined
}

/** Length of a SHA-384 measurement in bytes. */
const PCR_LENGTH = 48

/** The highest register that a document can name. */
const PCR_INDEX_MAX = 31

const ZERO = new Uint8Array(PCR_LENGTH)

/** The registers of a TPM that dynamic launch would use; they start as all ones. */
const TPM_DYNAMIC_LAUNCH = new Set([17, 18, 19, 20, 21, 22])

/** The registers of a TPM that hold nothing but the separator event of the firmware. */
const TPM_SEPARATOR_ONLY = new Set([2, 3, 6])

/** A register that was zero, after one extension by `data`. */
export function extendZero(data: Uint8Array): Uint8Array {
  return sha384(concatBytes(ZERO, data))
}

/**
 * The measurements of a document: the defaults of its kind, and `overrides` in their place. Registers above those that
 * a kind always shows appear if they are given.
 * Throws `SimulatorError` `SIMULATOR_PCR_INVALID` for an index over 31 or a value that is not 48 bytes.
 */
export function measure(
  derive: Derive,
  kind: DocumentKind,
  { source, overrides }: { readonly source: PcrSource; readonly overrides: PcrValues },
): PcrValues {
  for (const [index, value] of overrides) {
    if (!Number.isInteger(index) || index < 0 || index > PCR_INDEX_MAX || value.length !== PCR_LENGTH) {
      throw new SimulatorError(
        'SIMULATOR_PCR_INVALID',
        'a PCR has a number from 0 to 31 and a value of 48 bytes',
      )
    }
  }
  const defaults = kind === 'nitrotpm' ? tpmDefaults(derive) : enclaveDefaults(derive, source)
  return new Map([...defaults, ...overrides].sort(([a], [b]) => a - b))
}

/**
 * PCR0 to PCR2 measure the image, and are zero in debug mode; PCR3 is the role and PCR4 the instance, both as text;
 * PCR8 is the fingerprint of the certificate that signed the image (AWS Nitro Enclaves user guide, "Where to get an
 * enclave's measurements"; image format, `EifMeasurements`). Registers 0 to 15 are always locked and so always shown.
 */
function enclaveDefaults(derive: Derive, source: PcrSource): PcrValues {
  const values = new Map<number, Uint8Array>(Array.from({ length: 16 }, (_, index) => [index, ZERO]))
  if (!source.debug) for (const index of [0, 1, 2]) values.set(index, seeded(derive, 'nitro-enclave', index))
  if (source.roleArn !== undefined) values.set(3, extendZero(utf8(source.roleArn)))
  values.set(4, extendZero(utf8(source.instanceId)))
  if (source.signingCertificate && !source.debug) values.set(8, extendZero(sha384(source.signingCertificate)))
  return values
}

/** Registers 0 to 23 as a freshly started instance has them. */
function tpmDefaults(derive: Derive): PcrValues {
  return new Map(Array.from({ length: 24 }, (_, index) => [index, tpmDefault(derive, index)]))
}

function tpmDefault(derive: Derive, index: number): Uint8Array {
  // EV_SEPARATOR is four zero bytes (TCG PC Client Platform Firmware Profile).
  if (TPM_SEPARATOR_ONLY.has(index)) return extendZero(sha384(new Uint8Array(4)))
  if (TPM_DYNAMIC_LAUNCH.has(index)) return new Uint8Array(PCR_LENGTH).fill(0xff)
  return index <= 10 ? seeded(derive, 'nitrotpm', index) : ZERO
}

function seeded(derive: Derive, kind: DocumentKind, index: number): Uint8Array {
  return derive(PCR_LENGTH, 'pcr', kind, String(index))
}

function sha384(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha384').update(data).digest())
}
