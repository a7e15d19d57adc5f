import { hash } from 'node:crypto'
import { concatBytes, toHex, utf8 } from '../core/bytes.ts'
import type { CborValue } from './cbor.ts'
import { isCborMap } from './cbor.ts'
import { DIGEST_BYTES } from './constants.ts'
import type { DocumentKind } from './document.ts'
import { asBytes } from './document-fields.ts'
import { toPrintable } from './printable.ts'

/** A PCR as it stands in a document. */
export interface InspectedPcr {
  /** The key as written, such as `0`. */
  readonly index: string
  /** Lower-case hexadecimal digits. */
  readonly value: string
  /** What it measures, in a few words; `null` where nothing is known. */
  readonly meaning: string | null
}

/** AWS Nitro Enclaves user guide, "Cryptographic attestation". */
const ENCLAVE_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['0', 'enclave image'],
  ['1', 'kernel and boot'],
  ['2', 'application'],
  ['3', 'IAM role of the parent instance'],
  ['4', 'id of the parent instance'],
  ['8', 'certificate that signed the image'],
])

/** TCG PC Client Platform Firmware Profile §3.3.4, and the registry of the Linux userspace API group. */
const TPM_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['0', 'firmware code'],
  ['1', 'firmware configuration'],
  ['2', 'option code'],
  ['3', 'option configuration'],
  ['4', 'boot loader'],
  ['5', 'boot configuration'],
  ['6', 'platform'],
  ['7', 'Secure Boot state'],
  ['8', 'boot loader commands'],
  ['9', 'kernel and initial file system'],
  ['10', 'files, by the kernel'],
  ['11', 'unified kernel image'],
  ['12', 'kernel command line'],
  ['13', 'system extensions'],
  ['14', 'shim'],
])

/** Describes a PCR map, whatever it holds. `moduleId` lets PCR4 of an enclave be compared with its instance. */
export function inspectPcrs(
  kind: DocumentKind,
  map: CborValue | undefined,
  moduleId: string | null,
): readonly InspectedPcr[] {
  if (!isCborMap(map)) return []
  return Array.from(map, ([key, value]) => {
    const index = typeof key === 'number' ? String(key) : toIndexText(key)
    const bytes = asBytes(value)
    const meaning = (kind === 'nitrotpm' ? TPM_MEANINGS : ENCLAVE_MEANINGS).get(index) ?? null
    const notes = bytes ? [meaning, noteOn({ kind, index, bytes, moduleId })] : ['no byte string']
    const words = notes.filter((note) => note !== null)
    return { index, value: bytes ? toHex(bytes) : '', meaning: words.length > 0 ? words.join(', ') : null }
  })
}

/** A key that is no number, in quotes so that it is not taken for one. */
function toIndexText(key: CborValue): string {
  return typeof key === 'string' ? `"${toPrintable(key)}"` : `(a ${typeof key})`
}

interface PcrNote {
  readonly kind: DocumentKind
  readonly index: string
  readonly bytes: Uint8Array
  readonly moduleId: string | null
}

function noteOn({ kind, index, bytes, moduleId }: PcrNote): string | null {
  if (bytes.every((octet) => octet === 0)) {
    const isDebug = kind === 'nitro-enclave' && ['0', '1', '2'].includes(index)
    return isDebug ? 'zero: debug mode' : 'zero'
  }
  const instanceId = /^i-[0-9a-f]+(?=-enc)/.exec(moduleId ?? '')?.[0]
  if (kind !== 'nitro-enclave' || index !== '4' || !instanceId) return null
  // Extending a zero PCR: SHA-384 of the old value and the new data.
  const expected = hash('sha384', concatBytes(new Uint8Array(DIGEST_BYTES), utf8(instanceId)), 'hex')
  return toHex(bytes) === expected ? `that is ${instanceId}` : `not that of ${instanceId}`
}
