import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A genuine `CiphertextForRecipient` of AWS KMS that a public project keeps as test data. */
export interface CmsSample {
  readonly file: string
  readonly path: string
  readonly bytes: Uint8Array
  /** PEM, where the private key is public. */
  readonly keyPath: string | null
  readonly key: Uint8Array | null
  /** Lower-case hex, where it is known. */
  readonly plaintext: string | null
  readonly contentKey: string | null
  readonly subjectKeyIdentifier: string
  readonly iv: string
  readonly chunks: readonly number[]
}

const folder = process.env['ATTESTATION_SAMPLES']
  ? join(process.env['ATTESTATION_SAMPLES'], '..', 'cms')
  : new URL('../../../shared/samples/cms', import.meta.url).pathname

/** Empty where the folder of samples is absent. */
export const CMS_SAMPLES: readonly CmsSample[] = existsSync(join(folder, 'index.json')) ? readSamples() : []

/** What the names of tests end with that need the samples. */
export const NEEDS_CMS_SAMPLES = CMS_SAMPLES.length > 0 ? '' : ' [skipped: no folder of genuine envelopes]'

interface SampleRow {
  readonly file: string
  readonly key_file: string | null
  readonly expected_plaintext_hex?: string
  readonly content_encryption_key_hex?: string
  readonly subject_key_identifier_hex: string
  readonly iv_hex: string
  readonly encoding: { readonly chunk_lengths: readonly number[] }
}

function readSamples(): readonly CmsSample[] {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  return index.vectors.map((vector: SampleRow): CmsSample => {
    const keyPath = vector.key_file ? join(folder, vector.key_file) : null
    return {
      file: vector.file,
      path: join(folder, vector.file),
      bytes: new Uint8Array(readFileSync(join(folder, vector.file))),
      keyPath,
      key: keyPath ? new Uint8Array(readFileSync(keyPath)) : null,
      plaintext: vector.expected_plaintext_hex ?? null,
      contentKey: vector.content_encryption_key_hex ?? null,
      subjectKeyIdentifier: vector.subject_key_identifier_hex,
      iv: vector.iv_hex,
      chunks: vector.encoding.chunk_lengths,
    }
  })
}
