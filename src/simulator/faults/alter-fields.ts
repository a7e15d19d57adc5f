import type { AlterationContext } from '../alterations.ts'
import type { CborEntry } from '../cbor-writer.ts'
import { cborBytes, cborInteger } from '../cbor-writer.ts'
import type { DocumentContent, DocumentField } from '../document-content.ts'
import { documentField } from '../document-content.ts'

/** A change to the fields of a document. */
export type AlterContent = (content: DocumentContent, context: AlterationContext) => DocumentContent

/** The encoding of a value, or how it is made for the document at hand. */
export type FieldValue = Uint8Array | ((context: AlterationContext) => Uint8Array)

/** The PCR field goes by one name here, whatever the kind of the document. */
const PCR_FIELD = /^(?:nitrotpm_)?pcrs$/

/** Gives a field another value. */
export function setField(name: string, value: FieldValue): AlterContent {
  return alterField(name, (field, context) => [{ ...field, value: encodingOf(value, context) }])
}

/** Gives a field another key; its value stays. */
export function renameField(name: string, key: Uint8Array): AlterContent {
  return alterField(name, (field) => [{ ...field, key }])
}

/** Leaves a field out. */
export function dropField(name: string): AlterContent {
  return alterField(name, () => [])
}

/** Adds a field at the end, whether there is one of its name already or not. */
export function appendField(name: string, value: FieldValue): AlterContent {
  return (content, context) => ({
    ...content,
    fields: [...content.fields, documentField(name, encodingOf(value, context))],
  })
}

/** Adds an entry at the front. */
export function prependEntry(entry: CborEntry): AlterContent {
  return (content) => ({ ...content, fields: [{ ...entry, name: '' }, ...content.fields] })
}

/** Adds an entry at the end. */
export function appendEntry(entry: CborEntry): AlterContent {
  return (content) => ({ ...content, fields: [...content.fields, { ...entry, name: '' }] })
}

/** The entry of one measurement. */
export function pcrEntry(index: number, value: Uint8Array): CborEntry {
  return { key: cborInteger(index), value: cborBytes(value) }
}

/** Gives one measurement another encoded value; the first entry where no index is named. */
export function setPcr(
  encoded: Uint8Array,
  index = 0,
): (entries: readonly CborEntry[]) => readonly CborEntry[] {
  return (entries) => entries.map((entry, at) => (at === index ? { ...entry, value: encoded } : entry))
}

function alterField(
  name: string,
  alter: (field: DocumentField, context: AlterationContext) => readonly DocumentField[],
): AlterContent {
  const isMeant = (field: DocumentField): boolean =>
    name === 'pcrs' ? PCR_FIELD.test(field.name) : field.name === name
  return (content, context) => ({
    ...content,
    fields: content.fields.flatMap((field) => (isMeant(field) ? alter(field, context) : [field])),
  })
}

function encodingOf(value: FieldValue, context: AlterationContext): Uint8Array {
  return typeof value === 'function' ? value(context) : value
}
