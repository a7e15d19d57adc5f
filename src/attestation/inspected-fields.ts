import { CBOR_MAJOR } from './cbor-head.ts'
import { shorten, toDiagnosticNotation } from './diagnostic-notation.ts'
import type { DocumentKind } from './document.ts'
import type { LooseItem } from './loose-cbor.ts'
import { entriesOf } from './loose-cbor.ts'
import { toPrintable } from './printable.ts'

/** The fields that the verifier knows; a document has one of the PCR maps. */
export type FieldName = (typeof FIELD_TYPES)[number][0]

/** A field that is shown as it is written, since the verifier passes it over or refuses it. */
export interface OtherField {
  /** Its key as it is written: text as it is, anything else in diagnostic notation; shortened. */
  readonly name: string
  /** Its value in diagnostic notation, shortened. */
  readonly value: string
  readonly why: 'unknown' | 'repeated' | 'of another type' | 'of another kind of document' | 'not shown'
}

/** The fields of a payload, as far as they have the types that they should have; `null` where they have not. */
export interface InspectedFields {
  readonly kind: DocumentKind | null
  /** Texts are printable ASCII; whatever else they hold is escaped. */
  readonly moduleId: string | null
  readonly digest: string | null
  readonly timestamp: Date | null
  readonly pcrs: LooseItem | null
  readonly certificate: LooseItem | null
  /** The items of the bundle, as far as they are shown. */
  readonly cabundle: readonly LooseItem[]
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly absentFields: readonly FieldName[]
  readonly otherFields: readonly OtherField[]
}

/** The major type of each field. */
const FIELD_TYPES = [
  ['module_id', CBOR_MAJOR.text],
  ['digest', CBOR_MAJOR.text],
  ['timestamp', CBOR_MAJOR.unsigned],
  ['pcrs', CBOR_MAJOR.map],
  ['nitrotpm_pcrs', CBOR_MAJOR.map],
  ['certificate', CBOR_MAJOR.bytes],
  ['cabundle', CBOR_MAJOR.array],
  ['public_key', CBOR_MAJOR.bytes],
  ['user_data', CBOR_MAJOR.bytes],
  ['nonce', CBOR_MAJOR.bytes],
] as const

/** Twice as many as a verifier takes. */
const CERTIFICATES_SHOWN = 16

const OPTIONAL: ReadonlySet<string> = new Set(['public_key', 'user_data', 'nonce'])

/** The low bits of null, a simple value (RFC 8949 §3.3). */
const NULL_INFORMATION = 22

/** Sorts what a payload holds. Of a field that comes twice the first counts here, and the others are named. */
export function inspectFields(payload: LooseItem | null): InspectedFields {
  const entries = payload ? entriesOf(payload).map(([key, value]) => ({ name: nameOf(key), value })) : []
  const firsts = new Map(entries.toReversed().map(({ name, value }) => [name, value]))
  const kind = kindOf(firsts)
  const fitting = new Map<string, LooseItem>(
    FIELD_TYPES.flatMap(([name, major]) => {
      const value = firsts.get(name)
      return value?.major === major && value.tags.length === 0 ? [[name, value] as const] : []
    }),
  )
  const take = (name: FieldName): LooseItem | null => fitting.get(name) ?? null
  const text = (name: FieldName): string | null => {
    const item = take(name)
    return item && toPrintable(Buffer.from(item.content).toString())
  }
  const otherFields = entries.flatMap(({ name, value }): readonly OtherField[] => {
    const why = whyOther(name, value, { kind, isFirst: firsts.get(name) === value, fits: fitting.has(name) })
    return why ? [{ name: shorten(toPrintable(name)), value: toDiagnosticNotation(value), why }] : []
  })
  const cabundle = take('cabundle')?.items ?? []
  return {
    kind,
    moduleId: text('module_id'),
    digest: text('digest'),
    timestamp: toDate(take('timestamp')),
    pcrs: take(kind === 'nitrotpm' ? 'nitrotpm_pcrs' : 'pcrs'),
    certificate: take('certificate'),
    cabundle: cabundle.slice(0, CERTIFICATES_SHOWN),
    publicKey: take('public_key')?.content ?? null,
    userData: take('user_data')?.content ?? null,
    nonce: take('nonce')?.content ?? null,
    absentFields: FIELD_TYPES.map(([name]) => name).filter((name) => !firsts.has(name)),
    otherFields: [...otherFields, ...oddItems(cabundle)],
  }
}

/** What of a bundle is no certificate, or is one too many to be shown. */
function oddItems(cabundle: readonly LooseItem[]): readonly OtherField[] {
  const odd = cabundle
    .slice(0, CERTIFICATES_SHOWN)
    .flatMap((item, index): readonly OtherField[] =>
      item.major === CBOR_MAJOR.bytes
        ? []
        : [{ name: `cabundle[${index}]`, value: toDiagnosticNotation(item), why: 'of another type' }],
    )
  const more = cabundle.length - CERTIFICATES_SHOWN
  return more > 0 ? [...odd, { name: 'cabundle', value: `${more} more items`, why: 'not shown' }] : odd
}

function nameOf(key: LooseItem): string {
  return key.major === CBOR_MAJOR.text ? Buffer.from(key.content).toString() : toDiagnosticNotation(key)
}

function kindOf(fields: ReadonlyMap<string, LooseItem>): DocumentKind | null {
  const [isEnclave, isTpm] = [fields.has('pcrs'), fields.has('nitrotpm_pcrs')]
  if (isEnclave === isTpm) return null
  return isTpm ? 'nitrotpm' : 'nitro-enclave'
}

function whyOther(
  name: string,
  value: LooseItem,
  {
    kind,
    isFirst,
    fits,
  }: { readonly kind: DocumentKind | null; readonly isFirst: boolean; readonly fits: boolean },
): OtherField['why'] | null {
  if (!FIELD_TYPES.some(([known]) => known === name)) return 'unknown'
  if (!isFirst) return 'repeated'
  // With a PCR map of each kind, neither is shown as that of the document.
  if (name.endsWith('pcrs') && kind === null) return 'of another kind of document'
  const isNull = value.major === CBOR_MAJOR.simple && value.information === NULL_INFORMATION
  return fits || (isNull && OPTIONAL.has(name)) ? null : 'of another type'
}

function toDate(item: LooseItem | null): Date | null {
  const date = new Date(item ? Number(item.argument) : NaN)
  return Number.isNaN(date.getTime()) ? null : date
}
