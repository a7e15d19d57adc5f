import { signatureStructure } from '../../src/simulator/build-document.ts'
import { CBOR_CHANGES } from '../support/attestation/cbor-changes.ts'
import { array, bytes, text } from '../support/attestation/cbor-bytes.ts'
import type { CborEntryNode, CborNode } from '../support/attestation/cbor-tree.ts'
import { encodeTree, nodesOf, replaceNode } from '../support/attestation/cbor-tree.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose, once } from './choose.ts'
import type { Change, Outcome, SigningState } from './change.ts'
import { drawTree, textNode, unsignedNode } from './draw-payload.ts'

const negative = (argument: number): CborNode => ({ type: 'negative', argument: BigInt(argument) })
const ALG: CborEntryNode = [unsignedNode(1), negative(34)]
const mapOf = (open: boolean, ...entries: readonly CborEntryNode[]): CborNode => ({
  type: 'map',
  open,
  entries,
})

/** Labels that mean nothing, each its own. */
function drawLabels(dice: Dice): readonly CborEntryNode[] {
  const labels = [
    unsignedNode(3),
    unsignedNode(4),
    negative(70_000),
    textNode('alg'),
    textNode('crit'),
    unsignedNode(2n ** 64n - 1n),
  ]
  return labels.slice(dice(6)).map((label): CborEntryNode => [label, drawTree(dice, 3)])
}

/** Another protected header, signed like any other. */
function headerOf(
  name: string,
  outcome: Outcome,
  draw: (dice: Dice) => Uint8Array | null,
): Change<SigningState> {
  return {
    name,
    apply(state, dice) {
      const header = draw(dice)
      return header && { state: { ...state, header }, outcome }
    },
  }
}

const OTHER_ALGORITHMS: readonly CborNode[] = [
  ...[6, 35, 36, 50, 0, 2 ** 20].map(negative),
  ...[0, 5, 6, 35].map(unsignedNode),
  ...['ES384', '-35', ''].map(textNode),
  { type: 'simple', value: null },
  { type: 'bytes', content: hex('3822') },
  { type: 'array', open: false, items: [negative(34)] },
]

export const SIGNING_CHANGES: readonly Change<SigningState>[] = [
  headerOf('labels without meaning', 'accepted', (dice) => {
    const labels = drawLabels(dice)
    return encodeTree(mapOf(once(dice, 2), ...labels.toSpliced(dice(labels.length + 1), 0, ALG)))
  }),
  headerOf('another algorithm', ['COSE_ALGORITHM_UNSUPPORTED'], (dice) =>
    encodeTree(mapOf(once(dice, 2), [unsignedNode(1), choose(dice, OTHER_ALGORITHMS)], ...drawLabels(dice))),
  ),
  headerOf('no algorithm', ['COSE_ALGORITHM_MISSING'], (dice) =>
    choose(dice, [hex(''), encodeTree(mapOf(once(dice, 2), ...drawLabels(dice)))]),
  ),
  headerOf('critical labels', ['COSE_CRITICAL_UNSUPPORTED'], (dice) =>
    encodeTree(
      mapOf(false, ...drawLabels(dice), ...choose(dice, [[], [ALG]]), [unsignedNode(2), drawTree(dice, 2)]),
    ),
  ),
  headerOf('a header that is no map of labels', ['COSE_PROTECTED_INVALID'], (dice) => {
    const odd: CborNode = choose(dice, [
      { type: 'bytes', content: hex('01') },
      { type: 'simple', value: null },
      { type: 'array', open: false, items: [] },
    ])
    return encodeTree(choose(dice, [odd, unsignedNode(1), mapOf(false, ALG, [odd, unsignedNode(1)])]))
  }),
  headerOf('bytes behind the header', ['CBOR_TRAILING_BYTES'], (dice) =>
    Uint8Array.from([...hex('a1013822'), dice(256)]),
  ),
  ...CBOR_CHANGES.map(({ name, code, apply }) =>
    headerOf(`${name} in the header`, [code], (dice) => {
      const header = mapOf(once(dice, 2), ALG, ...drawLabels(dice))
      const how = dice(2 ** 16)
      const candidates = nodesOf(header).filter((one) => apply(one, how) !== null)
      if (candidates.length === 0) return null
      const target = choose(dice, candidates)
      return encodeTree(replaceNode(header, target, apply(target, how) ?? target))
    }),
  ),
  {
    name: 'a document signed with another key',
    apply(state, dice, { lab, foreign }) {
      const others = [
        ...lab.keys,
        ...foreign.keys,
        lab.root.key,
        foreign.root.key,
        ...state.plans.map(({ key }) => key),
      ]
      const key = choose(
        dice,
        others.filter((one) => one !== state.key),
      )
      return { state: { ...state, key }, outcome: ['COSE_SIGNATURE_INVALID'] }
    },
  },
  {
    name: 'a signature over something else',
    apply(state, dice) {
      const { header, payload } = state
      const structure = choose(dice, [
        () => payload,
        () => signatureStructure(header, payload, Uint8Array.of(dice(256))),
        () => signatureStructure(new Uint8Array(), payload),
        () => array(text('Signature'), bytes(header), bytes(hex('')), bytes(payload)),
        () => array(text('Signature1'), bytes(header), bytes(payload)),
        () => array(text('MAC0'), bytes(header), bytes(hex('')), bytes(payload)),
        () => signatureStructure(header, payload).subarray(1),
        () => signatureStructure(payload, header),
      ])()
      return { state: { ...state, structure }, outcome: ['COSE_SIGNATURE_INVALID'] }
    },
  },
  {
    name: 'a payload changed after it was signed',
    apply(state, dice) {
      const { payload, header } = state
      const at = dice(payload.length)
      const changed = choose(dice, [
        () => payload.with(at, (payload[at] ?? 0) ^ (1 << dice(8))),
        () => payload.subarray(0, at),
        () => Uint8Array.from([...payload, dice(256)]),
        () => Uint8Array.from([...payload.subarray(0, at), ...payload.subarray(at + between(dice, 1, 50))]),
      ])()
      return {
        state: { ...state, payload: changed, structure: signatureStructure(header, payload) },
        outcome: 'refused',
      }
    },
  },
]
