import { hash } from 'node:crypto'
import { concatBytes, toHex, utf8 } from '../core/bytes.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import { DIGEST_BYTES } from './constants.ts'
import { toDiagnosticNotation } from './diagnostic-notation.ts'
import type { DocumentKind } from './document.ts'
import type { InspectedModule } from './inspected-module.ts'
import type { LooseItem } from './loose-cbor.ts'
import { entriesOf } from './loose-cbor.ts'

/** A PCR as it stands in a document. */
export interface InspectedPcr {
  /** The key as written, such as `0`. */
  readonly index: string
  /** Lower-case hexadecimal digits. */
  readonly value: string
  /** All zeros, all ones, 48 bytes of something, or no value that a PCR can have. */
  readonly state: 'zero' | 'ones' | 'value' | 'odd'
  /** What it measures, in a few words; `null` where nothing is known. */
  readonly meaning: string | null
  /** What its value says, in a few words; `null` where there is nothing to add. */
  readonly note: string | null
}

/** What the PCRs of a document are read with. */
export interface PcrSurroundings {
  readonly kind: DocumentKind
  /** Lets PCR4 of an enclave be compared with its instance. */
  readonly module: InspectedModule | null
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

/** PCRs from here on belong to the program in the enclave, and are attested once it has locked them (NSM API). */
const FIRST_OPEN_INDEX = 16

/** What stands in PCR0 to PCR2 of an enclave in debug mode: nothing. */
const DEBUG_INDEXES: readonly string[] = ['0', '1', '2']

/** A separator alone, as firmware measures it where a phase of the boot had nothing else (TCG PFP §3.3.4.1). */
const SEPARATOR = extend(hash('sha384', new Uint8Array(4), 'buffer'))

/** Describes the PCRs of a map, whatever it holds. */
export function inspectPcrs(map: LooseItem | null, around: PcrSurroundings): readonly InspectedPcr[] {
  const pcrs = (map ? entriesOf(map) : []).map(([key, value]) => readPcr(key, value))
  const isDebug = isDebugMode(around.kind, pcrs)
  return pcrs.map((pcr) => {
    const { index, value, state } = pcr
    const meaning = meaningOf(around.kind, index)
    return { index, value, state, meaning, note: pcr.note ?? noteOn(pcr, { ...around, isDebug }) }
  })
}

/** An enclave in debug mode attests PCR0, PCR1 and PCR2 as zero, all of them (Nitro Enclaves user guide). */
export function isDebugMode(
  kind: DocumentKind,
  pcrs: readonly Pick<InspectedPcr, 'index' | 'state'>[],
): boolean {
  const isZero = (index: string): boolean => pcrs.some((pcr) => pcr.index === index && pcr.state === 'zero')
  return kind === 'nitro-enclave' && DEBUG_INDEXES.every(isZero)
}

function meaningOf(kind: DocumentKind, index: string): string | null {
  if (kind === 'nitrotpm') return TPM_MEANINGS.get(index) ?? null
  const isOpen = Number(index) >= FIRST_OPEN_INDEX
  return ENCLAVE_MEANINGS.get(index) ?? (isOpen ? "the application's own" : null)
}

type ReadPcr = Omit<InspectedPcr, 'meaning'>

function readPcr(key: LooseItem, value: LooseItem): ReadPcr {
  // A key that is no plain number stands as it is written, so that it is not taken for one.
  const index = toDiagnosticNotation(key)
  const { major, content } = value
  if (major !== CBOR_MAJOR.bytes || value.tags.length > 0) {
    return { index, value: '', state: 'odd', note: `no byte string: ${toDiagnosticNotation(value)}` }
  }
  const digits = toHex(content)
  if (content.length !== DIGEST_BYTES) {
    return { index, value: digits, state: 'odd', note: `${content.length} bytes instead of ${DIGEST_BYTES}` }
  }
  return { index, value: digits, state: stateOf(content), note: null }
}

function stateOf(content: Uint8Array): InspectedPcr['state'] {
  if (content.every((octet) => octet === 0)) return 'zero'
  return content.every((octet) => octet === 0xff) ? 'ones' : 'value'
}

function noteOn(
  { index, value, state }: ReadPcr,
  { kind, module, isDebug }: PcrSurroundings & { readonly isDebug: boolean },
): string | null {
  if (kind === 'nitrotpm') {
    if (state === 'zero') return 'not used'
    if (state === 'ones') return 'not used: as a TPM starts them'
    return value === SEPARATOR ? 'separator alone: nothing was measured' : null
  }
  if (state === 'zero') return noteOnZero(index, isDebug)
  if (index !== '4' || !module || state !== 'value') return null
  const isOwn = value === extend(utf8(module.instanceId))
  return isOwn ? `that of ${module.instanceId}` : `not that of ${module.instanceId}`
}

function noteOnZero(index: string, isDebug: boolean): string | null {
  if (DEBUG_INDEXES.includes(index))
    return isDebug ? 'debug mode' : 'zero, though not all of PCR0 to PCR2 are'
  if (index === '3') return 'no IAM role'
  if (index === '8') return isDebug ? 'debug mode, or not signed' : 'not signed'
  return index === '4' ? 'zero' : 'not used'
}

/** A zero PCR after one measurement: SHA-384 of the old value and the new data (NSM API, ExtendPCR). */
function extend(data: Uint8Array): string {
  return hash('sha384', concatBytes(new Uint8Array(DIGEST_BYTES), data), 'hex')
}
