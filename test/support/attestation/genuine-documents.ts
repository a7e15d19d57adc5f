import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder =
  process.env['ATTESTATION_SAMPLES'] ??
  new URL('../../../../shared/samples/attestation', import.meta.url).pathname

/** What the index of the samples says of a genuine document, found out by another program. */
export interface GenuineDocument {
  readonly file: string
  readonly path: string
  readonly bytes: Uint8Array
  readonly index: GenuineRow
}

interface GenuineRow {
  readonly file: string
  readonly kind: 'nitro-enclave' | 'nitrotpm' | 'negative'
  readonly timestamp: string
  readonly module_id: string
  readonly region: string
  readonly pcr_indexes: readonly number[]
  readonly nonzero_pcrs: readonly number[]
  readonly debug_mode: boolean | null
  readonly payload_map: string
  readonly payload_bytes: number
  readonly cose_signature_high_s: boolean
  readonly public_key: { readonly kms_recipient_key?: boolean }
  readonly chain: readonly {
    readonly subject: string
    readonly not_before: string
    readonly not_after: string
    readonly sha256: string
  }[]
}

const rows: readonly GenuineRow[] = existsSync(join(folder, 'index.json'))
  ? JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')).samples
  : []

const read = (index: GenuineRow): GenuineDocument => {
  const path = join(folder, index.file)
  return { file: index.file, path, bytes: new Uint8Array(readFileSync(path)), index }
}

/** Documents made by AWS; empty where the folder of samples is absent. */
export const GENUINE_DOCUMENTS = rows.filter(({ kind }) => kind !== 'negative').map(read)

/** Broken and foreign documents that public projects keep as test data. */
export const BAD_DOCUMENTS = rows.filter(({ kind }) => kind === 'negative').map(read)

export const haveGenuineDocuments = rows.length > 0

/** What titles end with where the folder is absent. */
export const NEEDS_GENUINE_DOCUMENTS = haveGenuineDocuments
  ? ''
  : ' [skipped: no folder of genuine documents]'
