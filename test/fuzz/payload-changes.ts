import { CBOR_CHANGES } from '../support/attestation/cbor-changes.ts'
import type { CborEntryNode, CborNode } from '../support/attestation/cbor-tree.ts'
import { nodesOf, replaceNode, turnForms } from '../support/attestation/cbor-tree.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose, drawBytes, shuffle } from './choose.ts'
import type { Change, Outcome, PayloadState } from './change.ts'
import { drawTree, drawUnknownName, textNode, unsignedNode } from './draw-payload.ts'

type Entries = readonly CborEntryNode[]

/** A change to the entries of the payload map. */
function entriesOf(
  name: string,
  outcome: Outcome,
  alter: (entries: Entries, dice: Dice) => Entries | null,
): Change<PayloadState> {
  return {
    name,
    apply(state, dice) {
      const { payload } = state
      const entries = payload.type === 'map' ? alter(payload.entries, dice) : null
      return entries && payload.type === 'map'
        ? { state: { ...state, payload: { ...payload, entries } }, outcome }
        : null
    },
  }
}

const nameOf = ([key]: CborEntryNode): string => (key.type === 'text' ? key.content : '')
const isPcrs = (entry: CborEntryNode): boolean => /^(?:nitrotpm_)?pcrs$/.test(nameOf(entry))

/** A field with another value. */
function fieldWith(
  name: string,
  code: string,
  draw: (dice: Dice, old: CborNode) => readonly [field: string, value: CborNode],
): Change<PayloadState> {
  return entriesOf(name, [code], (entries, dice) => {
    const index = entries.findIndex(isPcrs)
    const old = entries[index]
    if (!old) return null
    const [field, value] = draw(dice, old[1])
    const at = field === 'pcrs' ? index : entries.findIndex((entry) => nameOf(entry) === field)
    const key = field === 'pcrs' ? old[0] : textNode(field)
    return at < 0 ? [...entries, [key, value]] : entries.with(at, [key, value])
  })
}

const bytesNode = (length: number): CborNode => ({ type: 'bytes', content: new Uint8Array(length) })
const mapOf = (...entries: Entries): CborNode => ({ type: 'map', open: false, entries })
const arrayOf = (...items: readonly CborNode[]): CborNode => ({ type: 'array', open: false, items })
const register = (index: CborNode, value = bytesNode(48)): CborNode => mapOf([index, value])
const OPTIONAL = ['public_key', 'user_data', 'nonce'] as const
const FIELD_TYPE = 'DOCUMENT_FIELD_TYPE_INVALID'

const FIELD_FAULTS: readonly Change<PayloadState>[] = [
  fieldWith('a module id of other characters', 'DOCUMENT_MODULE_ID_INVALID', (dice) => [
    'module_id',
    textNode(choose(dice, ['', 'a b', 'a\n', 'é', '\0', 'x'.repeat(257)])),
  ]),
  fieldWith('another digest', 'DOCUMENT_DIGEST_UNSUPPORTED', (dice) => [
    'digest',
    textNode(choose(dice, ['SHA256', 'sha384', '', 'SHA384 '])),
  ]),
  fieldWith('a timestamp that is no time', 'DOCUMENT_TIMESTAMP_INVALID', (dice) => [
    'timestamp',
    unsignedNode(choose(dice, [0n, 2n ** 53n, 2n ** 64n - 1n])),
  ]),
  fieldWith('no PCR, or too many', 'DOCUMENT_PCR_COUNT_INVALID', (dice) => [
    'pcrs',
    choose(dice, [
      mapOf(),
      mapOf(
        ...Array.from({ length: between(dice, 33, 60) }, (_, index): CborEntryNode => [
          unsignedNode(index),
          bytesNode(48),
        ]),
      ),
    ]),
  ]),
  fieldWith('a PCR of no index', 'DOCUMENT_PCR_INDEX_INVALID', (dice) => [
    'pcrs',
    register(
      choose(dice, [
        unsignedNode(32),
        unsignedNode(2n ** 63n),
        { type: 'negative', argument: 0n },
        textNode('0'),
        bytesNode(1),
        arrayOf(),
        mapOf(),
      ]),
    ),
  ]),
  fieldWith('a PCR of another size or type', 'DOCUMENT_PCR_VALUE_INVALID', (dice) => [
    'pcrs',
    register(
      unsignedNode(dice(32)),
      choose(dice, [
        bytesNode(0),
        bytesNode(47),
        bytesNode(64),
        textNode('x'.repeat(48)),
        arrayOf(),
        mapOf(),
      ]),
    ),
  ]),
  fieldWith('no certificates, or too many', 'DOCUMENT_CABUNDLE_COUNT_INVALID', (dice) => [
    'cabundle',
    choose(dice, [arrayOf(), arrayOf(...Array.from({ length: between(dice, 9, 30) }, () => bytesNode(9)))]),
  ]),
  fieldWith('a certificate of no size', 'DOCUMENT_CERTIFICATE_SIZE_INVALID', (dice) =>
    choose(dice, [
      ['certificate', bytesNode(0)],
      ['certificate', bytesNode(1025)],
      ['cabundle', arrayOf(bytesNode(9), bytesNode(choose(dice, [0, 1025])))],
    ] as const),
  ),
  fieldWith('an optional field that is too long', 'DOCUMENT_OPTIONAL_SIZE_INVALID', (dice) => [
    choose(dice, OPTIONAL),
    bytesNode(between(dice, 1025, 1100)),
  ]),
  fieldWith('an optional field of another type', FIELD_TYPE, (dice) => [
    choose(dice, OPTIONAL),
    choose(dice, [textNode(''), unsignedNode(0), arrayOf(), mapOf(), { type: 'simple', value: false }]),
  ]),
  fieldWith('a mandatory field that is null', FIELD_TYPE, (dice) => [
    choose(dice, ['module_id', 'digest', 'timestamp', 'certificate', 'cabundle', 'pcrs']),
    { type: 'simple', value: null },
  ]),
  fieldWith('a number below zero', FIELD_TYPE, (dice) => [
    'timestamp',
    { type: 'negative', argument: BigInt(dice(2 ** 30)) },
  ]),
]

const withoutField =
  (...names: readonly string[]) =>
  (entries: Entries, dice: Dice): Entries => {
    const name = choose(dice, names)
    return entries.filter((entry) => nameOf(entry) !== name)
  }

export const PAYLOAD_CHANGES: readonly Change<PayloadState>[] = [
  ...FIELD_FAULTS,
  ...CBOR_CHANGES.map(({ name, code, apply }): Change<PayloadState> => ({
    name: `${name} in the payload`,
    apply(state, dice) {
      const { payload } = state
      const how = dice(2 ** 16)
      const candidates = nodesOf(payload).filter((one) => apply(one, how) !== null)
      if (candidates.length === 0) return null
      const target = choose(dice, candidates)
      const changed = replaceNode(payload, target, apply(target, how) ?? target)
      return { state: { ...state, payload: changed }, outcome: [code] }
    },
  })),
  entriesOf(
    'a mandatory field missing',
    ['DOCUMENT_FIELD_MISSING'],
    withoutField('module_id', 'digest', 'timestamp', 'certificate', 'cabundle'),
  ),
  entriesOf('an optional field missing', 'accepted', withoutField('user_data', 'nonce')),
  entriesOf('no PCR map', ['DOCUMENT_KIND_UNKNOWN'], (entries) => entries.filter((entry) => !isPcrs(entry))),
  entriesOf('both PCR maps', ['DOCUMENT_KIND_AMBIGUOUS'], (entries) => {
    const own = entries.find(isPcrs)
    return own ? [...entries, [textNode(nameOf(own) === 'pcrs' ? 'nitrotpm_pcrs' : 'pcrs'), own[1]]] : null
  }),
  entriesOf('the other name for the PCR map', 'accepted', (entries) =>
    entries.map((entry) =>
      isPcrs(entry) ? [textNode(nameOf(entry) === 'pcrs' ? 'nitrotpm_pcrs' : 'pcrs'), entry[1]] : entry,
    ),
  ),
  entriesOf('a key that is no text', ['DOCUMENT_KEY_INVALID'], (entries, dice) =>
    entries.toSpliced(dice(entries.length + 1), 0, [
      choose(dice, [
        unsignedNode(dice(40)),
        bytesNode(3),
        arrayOf(),
        mapOf(),
        { type: 'simple', value: null },
      ]),
      unsignedNode(1),
    ]),
  ),
  entriesOf('an unknown field', 'accepted', (entries, dice) =>
    entries.toSpliced(dice(entries.length + 1), 0, [
      textNode(`${drawUnknownName(dice)}+`),
      drawTree(dice, 5),
    ]),
  ),
  entriesOf('the fields in another order', 'accepted', (entries, dice) => shuffle(dice, entries)),
  entriesOf('a field with any value', 'judged', (entries, dice) => {
    const index = dice(entries.length)
    const key = entries[index]?.[0]
    return key ? entries.with(index, [key, drawTree(dice, 5)]) : null
  }),
  entriesOf('a number of the map anywhere else', 'judged', (entries, dice) => {
    const [one, other] = [dice(entries.length), dice(entries.length)]
    const [from, to] = [entries[one], entries[other]]
    return from && to && one !== other
      ? entries.with(one, [from[0], to[1]]).with(other, [to[0], from[1]])
      : null
  }),
  entriesOf('bytes of a field changed', 'judged', (entries, dice) => {
    const index = dice(entries.length)
    const entry = entries[index]
    if (entry?.[1].type !== 'bytes') return null
    return entries.with(index, [entry[0], { type: 'bytes', content: drawBytes(dice, dice(60)) }])
  }),
  {
    name: 'containers of the other form',
    apply: (state) => ({ state: { ...state, payload: turnForms(state.payload) }, outcome: 'accepted' }),
  },
  {
    name: 'no map',
    apply(state, dice) {
      const node = choose(dice, [drawTree(dice, 3), arrayOf(state.payload), textNode(''), unsignedNode(1)])
      return node.type === 'map'
        ? null
        : { state: { ...state, payload: node }, outcome: ['DOCUMENT_NOT_A_MAP'] }
    },
  },
  {
    name: 'a timestamp outside the life of the leaf',
    apply(state, dice) {
      const { payload, timestamp } = state
      if (payload.type !== 'map') return null
      const earlier = timestamp - 86_400_000 * between(dice, 40, 300)
      const entries = payload.entries.map((entry): CborEntryNode =>
        nameOf(entry) === 'timestamp' ? [entry[0], unsignedNode(earlier)] : entry,
      )
      // Under its own clock the certificates are judged at that time. A window of a large tolerance may hold it.
      const outcome = ['DOCUMENT_OUTSIDE_LEAF_VALIDITY', 'CHAIN_NOT_YET_VALID']
      return { state: { ...state, payload: { ...payload, entries } }, outcome }
    },
  },
]
