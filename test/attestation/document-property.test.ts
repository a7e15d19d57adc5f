import { decode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/attestation/document.ts'
import type { AttestationDocument } from '../../src/attestation/document.ts'
import { withField } from '../support/attestation/an-attestation.ts'
import type { Entry } from '../support/attestation/cbor-bytes.ts'
import { array, bytes, map, NULL, openMap, text, uint } from '../support/attestation/cbor-bytes.ts'
import { CBOR_CHANGES, dice } from '../support/attestation/cbor-changes.ts'
import type { CborNode } from '../support/attestation/cbor-tree.ts'
import { cborTree, encodeTree, nodesOf, replaceNode, STRICT_CBORG } from '../support/attestation/cbor-tree.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import type { DocumentRecipe } from '../support/attestation/document-fields.ts'
import { documentRecipe, encodeRecipe } from '../support/attestation/document-fields.ts'
import { runs } from '../support/property-runs.ts'

/** What is read, byte strings as hexadecimal digits. */
function toPlain(document: AttestationDocument): object {
  const { pcrs, certificate, cabundle, publicKey, userData, nonce, ...rest } = document
  return {
    ...rest,
    pcrs: Array.from(pcrs, ([index, value]) => [index, toText(value)]),
    ...Object.fromEntries(
      Object.entries({ certificate, publicKey, userData, nonce }).map(([name, value]) => [
        name,
        toText(value),
      ]),
    ),
    cabundle: cabundle.map(toText),
  }
}

const toText = (value: unknown): string | null =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : null

/** The same from cborg's reading of the payload. */
function readByCborg(payload: Uint8Array): object {
  const fields: unknown = decode(payload, STRICT_CBORG)
  if (!(fields instanceof Map)) throw new TypeError('no map')
  const isEnclave = fields.has('pcrs')
  const [registers, bundle]: unknown[] = [
    fields.get(isEnclave ? 'pcrs' : 'nitrotpm_pcrs'),
    fields.get('cabundle'),
  ]
  if (!(registers instanceof Map) || !Array.isArray(bundle)) throw new TypeError('no document')
  return {
    kind: isEnclave ? 'nitro-enclave' : 'nitrotpm',
    moduleId: fields.get('module_id'),
    timestampMilliseconds: Number(fields.get('timestamp')),
    pcrs: Array.from(registers, ([index, value]) => [index, toText(value)]),
    certificate: toText(fields.get('certificate')),
    cabundle: bundle.map(toText),
    publicKey: toText(fields.get('public_key')),
    userData: toText(fields.get('user_data')),
    nonce: toText(fields.get('nonce')),
  }
}

describe('parseDocument, given a payload that it must take', () => {
  it('answers what the fields say, as cborg reads them', () => {
    fc.assert(
      fc.property(documentRecipe, (recipe) => {
        const payload = encodeRecipe(recipe)
        const read = toPlain(parseDocument(payload))
        expect(read).toEqual(readByCborg(payload))
        expect(read).toMatchObject({
          moduleId: recipe.moduleId,
          timestampMilliseconds: recipe.timestamp,
          pcrs: recipe.pcrs.map(([index, value]) => [index, toText(value)]),
          publicKey: toText(recipe.publicKey),
        })
      }),
      runs(100),
    )
  })
})

/** One fault in the fields, and the code for it. */
type FieldFault = readonly [
  name: string,
  code: string,
  change: (entries: readonly Entry[], recipe: DocumentRecipe, how: number) => readonly Entry[],
]

const MANDATORY = ['module_id', 'digest', 'timestamp', 'certificate', 'cabundle'] as const
const OPTIONAL = ['public_key', 'user_data', 'nonce'] as const
const pick = (choices: readonly string[], how: number): string => choices[how % choices.length] ?? ''
const set =
  (name: string, value: Uint8Array) =>
  (entries: readonly Entry[]): readonly Entry[] => [...withField(name, null)(entries), [text(name), value]]
const long = (length: number): Uint8Array => bytes(new Uint8Array(length))

/** Registers of a recipe, one of them changed. */
const registers = (recipe: DocumentRecipe, odd: Entry): Uint8Array =>
  map([
    ...recipe.pcrs
      .slice(0, 31)
      .map(([index, value]): Entry => [uint(index), bytes(value)])
      .slice(1),
    odd,
  ])
/** An item of any major type but one. */
const wrongType = (allowed: number, how: number): Uint8Array =>
  [uint(how), hex('20'), bytes(hex('00')), text('a'), array(), map([]), hex('f5'), NULL].filter(
    (_, major) => major !== allowed,
  )[how % 7] ?? NULL

const FAULTS: readonly FieldFault[] = [
  [
    'a mandatory field missing',
    'DOCUMENT_FIELD_MISSING',
    (e, _, how) => withField(pick(MANDATORY, how), null)(e),
  ],
  ['no PCRs', 'DOCUMENT_KIND_UNKNOWN', (e, { pcrsName }) => withField(pcrsName, null)(e)],
  [
    'both PCR maps',
    'DOCUMENT_KIND_AMBIGUOUS',
    (e, { pcrsName }) => [...e, [text(pcrsName === 'pcrs' ? 'nitrotpm_pcrs' : 'pcrs'), map([])]],
  ],
  [
    'a key that is no text',
    'DOCUMENT_KEY_INVALID',
    (e, _, how) => [...e, [[uint(how), NULL, bytes(hex('00')), array()][how % 4] ?? NULL, NULL]],
  ],
  [
    'module_id of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) => set('module_id', wrongType(3, how))(e),
  ],
  [
    'digest of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) => set('digest', wrongType(3, how))(e),
  ],
  [
    'timestamp of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) => set('timestamp', wrongType(0, how))(e),
  ],
  [
    'PCRs of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, { pcrsName }, how) => set(pcrsName, wrongType(5, how))(e),
  ],
  [
    'certificate of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) => set('certificate', wrongType(2, how))(e),
  ],
  [
    'cabundle of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) => set('cabundle', wrongType(4, how))(e),
  ],
  [
    'an item of cabundle of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) => set('cabundle', array(bytes(hex('00')), wrongType(2, how)))(e),
  ],
  [
    'an optional field of another type',
    'DOCUMENT_FIELD_TYPE_INVALID',
    (e, _, how) =>
      set(pick(OPTIONAL, how), [uint(how), text('a'), array(), map([]), hex('f4')][how % 5] ?? NULL)(e),
  ],
  ['an empty module_id', 'DOCUMENT_MODULE_ID_INVALID', (e) => set('module_id', text(''))(e)],
  [
    'a module_id of 257 characters',
    'DOCUMENT_MODULE_ID_INVALID',
    (e) => set('module_id', text('a'.repeat(257)))(e),
  ],
  [
    'a module_id with another character',
    'DOCUMENT_MODULE_ID_INVALID',
    (e, _, how) =>
      set(
        'module_id',
        text(`a${pick([' ', '\n', '\u{7f}', '\0', 'é', '\u{85}', '\u{2028}', '\u{202e}'], how)}b`),
      )(e),
  ],
  [
    'another digest',
    'DOCUMENT_DIGEST_UNSUPPORTED',
    (e, _, how) =>
      set('digest', text(pick(['SHA256', 'sha384', 'SHA384 ', '', 'SHA384\0', 'ЅHA384'], how)))(e),
  ],
  [
    'a timestamp that is 0 or not exact',
    'DOCUMENT_TIMESTAMP_INVALID',
    (e, _, how) => set('timestamp', uint([0n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n][how % 4] ?? 0n))(e),
  ],
  [
    'no PCR',
    'DOCUMENT_PCR_COUNT_INVALID',
    (e, { pcrsName }, how) => set(pcrsName, how % 2 ? map([]) : openMap([]))(e),
  ],
  [
    '33 PCRs',
    'DOCUMENT_PCR_COUNT_INVALID',
    (e, { pcrsName }) => set(pcrsName, map(Array.from({ length: 33 }, (_, at) => [uint(at), long(48)])))(e),
  ],
  [
    'a PCR of another index',
    'DOCUMENT_PCR_INDEX_INVALID',
    (e, recipe, how) =>
      set(
        recipe.pcrsName,
        registers(recipe, [
          [
            uint(32),
            uint(2n ** 32n),
            uint(2n ** 64n - 1n),
            hex('20'),
            text('0'),
            bytes(hex('00')),
            NULL,
            hex('f4'),
          ][how % 8] ?? NULL,
          long(48),
        ]),
      )(e),
  ],
  [
    'a PCR of another length',
    'DOCUMENT_PCR_VALUE_INVALID',
    (e, recipe, how) =>
      set(recipe.pcrsName, map([[uint(how % 32), long([0, 32, 47, 49, 64][how % 5] ?? 0)]]))(e),
  ],
  [
    'a PCR of another type',
    'DOCUMENT_PCR_VALUE_INVALID',
    (e, recipe, how) => set(recipe.pcrsName, map([[uint(how % 32), wrongType(2, how)]]))(e),
  ],
  ['an empty cabundle', 'DOCUMENT_CABUNDLE_COUNT_INVALID', (e) => set('cabundle', array())(e)],
  [
    'a cabundle of nine',
    'DOCUMENT_CABUNDLE_COUNT_INVALID',
    (e) => set('cabundle', array(...Array.from({ length: 9 }, () => long(1))))(e),
  ],
  [
    'a certificate of 0 or 1,025 bytes',
    'DOCUMENT_CERTIFICATE_SIZE_INVALID',
    (e, _, how) => set('certificate', long(how % 2 ? 0 : 1025))(e),
  ],
  [
    'a bundle item of 0 or 1,025 bytes',
    'DOCUMENT_CERTIFICATE_SIZE_INVALID',
    (e, _, how) => set('cabundle', array(long(1), long(how % 2 ? 0 : 1025)))(e),
  ],
  [
    'an optional field of 1,025 bytes',
    'DOCUMENT_OPTIONAL_SIZE_INVALID',
    (e, _, how) => set(pick(OPTIONAL, how), long(1025))(e),
  ],
]

describe('parseDocument, given fields with one fault', () => {
  it.each(FAULTS)('refuses %s with %s', (_, code, change) => {
    fc.assert(
      fc.property(documentRecipe, dice, (recipe, how) => {
        const payload = encodeRecipe(recipe, (entries) => change(entries, recipe, how))
        expect(codeOf(() => parseDocument(payload))).toBe(code)
      }),
      runs(15),
    )
  })

  it('refuses any item but a map with DOCUMENT_NOT_A_MAP', () => {
    fc.assert(
      fc.property(cborTree(4), (node) => {
        fc.pre(node.type !== 'map')
        expect(codeOf(() => parseDocument(encodeTree(node)))).toBe('DOCUMENT_NOT_A_MAP')
      }),
      runs(80),
    )
  })

  it('answers a document or one of its codes for any map', () => {
    const names = fc.constantFrom(
      'module_id',
      'digest',
      'timestamp',
      'pcrs',
      'certificate',
      'cabundle',
      'nonce',
    )
    const entries = fc.uniqueArray(fc.tuple(names, cborTree(3)), { maxLength: 7, selector: ([name]) => name })
    fc.assert(
      fc.property(entries, (fields) => {
        const payload = openMap(fields.map(([name, value]) => [text(name), encodeTree(value)]))
        expect(codeOf(() => parseDocument(payload))).toMatch(/^DOCUMENT_/)
      }),
      runs(150),
    )
  })

  it.each(CBOR_CHANGES)('refuses $name in an unknown field with $code', ({ code, apply }) => {
    fc.assert(
      fc.property(documentRecipe, cborTree(4), dice, dice, (recipe, value, place, how) => {
        const candidates = nodesOf(value).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target: CborNode = candidates[place % candidates.length] ?? value
        const changed = replaceNode(value, target, apply(target, how) ?? target)
        const payload = encodeRecipe({ ...recipe, unknown: [] }, (entries) => [
          ...entries,
          [text('future'), encodeTree(changed)],
        ])
        expect(codeOf(() => parseDocument(payload))).toBe(code)
      }),
      runs(10),
    )
  })
})
