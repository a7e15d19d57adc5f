import { hash } from 'node:crypto'
import { join } from 'node:path'
import { readSecretFile, replaceSecretFile } from '../core/secret-file.ts'

/**
 * The root certificate (DER) of the lab of a seed. It follows from the seed, but finding it out takes the simulator and
 * a tenth of a second, so it is kept in the data directory, under a name that goes with the seed.
 * Rejects with `SimulatorError` as `createLabPki` does, and with `SecretFileError`.
 */
export async function openLabRoot(dataDirectory: string, seed: string): Promise<Uint8Array> {
  const file = join(dataDirectory, `lab-root-${hash('sha256', seed, 'hex').slice(0, 16)}.der`)
  const kept = readSecretFile(file)
  if (kept) return kept
  const { createLabPki } = await import('../simulator/lab-pki.ts')
  const { rootCertificate } = createLabPki({ seed })
  replaceSecretFile(file, rootCertificate)
  return rootCertificate
}
