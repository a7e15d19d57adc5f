import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DocumentKind } from '../../src/simulator/module-id.ts'
import type { ProfileName } from '../../src/simulator/profile.ts'

const FOLDER =
  process.env['ATTESTATION_SAMPLES'] ??
  fileURLToPath(new URL('../../../shared/samples/attestation', import.meta.url))

/** Whether the folder of genuine documents is there. */
export const haveSamples = existsSync(FOLDER)

/** What a title says where it is not. */
export const SKIPPED = haveSamples ? '' : ' (skipped: no folder of genuine documents)'

/** Kind, shape and file of a genuine document. */
export type SampleOfShape = readonly [kind: DocumentKind, profile: ProfileName, file: string]

/** A genuine document of each shape that the issuer knows, by kind and profile. */
export const SAMPLE_OF_SHAPE: readonly SampleOfShape[] = [
  ['nitro-enclave', '2021', '2021-03-24_us-east-2_nitro-enclave_b9db8022.bin'],
  ['nitro-enclave', '2022', '2023-06-22_us-west-2_nitro-enclave_90c8f0d4.bin'],
  ['nitro-enclave', '2024', '2024-07-16_us-east-1_nitro-enclave_1269f0fe.bin'],
  ['nitro-enclave', '2025', '2026-04-21_us-east-1_nitro-enclave_f1f05745.bin'],
  ['nitrotpm', '2025', '2026-06-18_us-east-2_nitrotpm_020ed8bb.bin'],
]

/** Reads a genuine document. */
export function readSample(file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, file)))
}
