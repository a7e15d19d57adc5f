import { encodeToBeSigned, signCertificate } from '../../src/simulator/certificate-plan.ts'
import { derBitString, derSequence } from '../../src/simulator/der-writer.ts'
import { DER_CHANGES } from '../support/attestation/der-changes.ts'
import { tlv } from '../support/attestation/der-bytes.ts'
import type { DerNode } from '../support/attestation/der-tree.ts'
import { derNodesOf, encodeDerTree, replaceDerNode, toDerTree } from '../support/attestation/der-tree.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { choose, drawBytes } from './choose.ts'
import type { CertificateState, Change, Changed, Outcome } from './change.ts'
import type { World } from './world.ts'

const SIZE = 'DOCUMENT_CERTIFICATE_SIZE_INVALID'

/** A change to the bytes of one certificate. */
function bytesOf(
  name: string,
  outcome: Outcome,
  alter: (target: {
    readonly state: CertificateState
    readonly index: number
    readonly dice: Dice
    readonly world: World
  }) => Uint8Array | null,
): Change<CertificateState> {
  return {
    name,
    apply(state, dice, world) {
      const index = choose(dice, [...state.certificates.keys()])
      const changed = alter({ state, index, dice, world })
      if (!changed || Buffer.compare(changed, state.certificates[index] ?? changed) === 0) return null
      const certificates = state.certificates.with(index, changed)
      const pinned = changed.length > 1024 || changed.length === 0 ? [SIZE] : ['CHAIN_UNTRUSTED_ROOT']
      return { state: { ...state, certificates }, outcome: index === 0 ? pinned : outcome }
    },
  }
}

/** Elements dropped, doubled, exchanged, given other tags, filled with anything. */
function mutateTree(tree: DerNode, donor: DerNode, dice: Dice): DerNode {
  const [own, foreign] = [derNodesOf(tree), derNodesOf(donor)]
  const target = choose(dice, own)
  const encoded = encodeDerTree(target)
  const at = dice(Math.max(encoded.length, 1))
  const replacement = choose<() => readonly DerNode[]>(dice, [
    () => [],
    () => [target, target],
    () => [choose(dice, own)],
    () => [choose(dice, foreign)],
    () => [{ raw: Buffer.of(dice(256), ...encoded.subarray(1)) }],
    () => [{ raw: encoded.map((octet, index) => (index === at ? octet ^ (1 << dice(8)) : octet)) }],
    () => [
      'children' in target
        ? { ...target, children: target.children.toReversed() }
        : { raw: tlv(encoded[0] ?? 0, drawBytes(dice, dice(40))) },
    ],
  ])()
  return replaceDerNode(tree, target, replacement)
}

const treeOf = (bytes: Uint8Array | undefined): DerNode => toDerTree(bytes ?? new Uint8Array())

const STRUCTURAL: readonly Change<CertificateState>[] = [
  { name: 'one certificate fewer', apply: drop },
  { name: 'one certificate twice', apply: double },
  { name: 'two certificates exchanged', apply: exchange },
  { name: 'the bundle turned round', apply: turn },
  { name: 'a certificate of another chain', apply: adopt },
  { name: 'another root in front', apply: replaceRoot },
]

const COUNT = 'DOCUMENT_CABUNDLE_COUNT_INVALID'

type Apply = (state: CertificateState, dice: Dice, world: World) => Changed<CertificateState> | null

function drop(...[state, dice]: Parameters<Apply>): ReturnType<Apply> {
  const { certificates } = state
  const index = dice(certificates.length - 1)
  const codes =
    certificates.length === 2 ? [COUNT] : [index === 0 ? 'CHAIN_UNTRUSTED_ROOT' : 'CHAIN_NAME_MISMATCH']
  return { state: { ...state, certificates: certificates.toSpliced(index, 1) }, outcome: codes }
}

function double(...[state, dice]: Parameters<Apply>): ReturnType<Apply> {
  const { certificates } = state
  const one = choose(dice, certificates)
  const into = 1 + dice(certificates.length - 1)
  const outcome = [certificates.length === 9 ? COUNT : 'CHAIN_DUPLICATE_CERTIFICATE']
  return { state: { ...state, certificates: certificates.toSpliced(into, 0, one) }, outcome }
}

function exchange(...[state, dice]: Parameters<Apply>): ReturnType<Apply> {
  const { certificates } = state
  if (certificates.length < 4) return null
  const index = 1 + dice(certificates.length - 2)
  const [one, other] = [certificates[index], certificates[index + 1]]
  if (!one || !other) return null
  return {
    state: { ...state, certificates: certificates.with(index, other).with(index + 1, one) },
    outcome: ['CHAIN_NAME_MISMATCH'],
  }
}

function turn(...[state]: Parameters<Apply>): ReturnType<Apply> {
  const { certificates } = state
  if (certificates.length < 3) return null
  const turned = [...certificates.slice(0, -1).toReversed(), ...certificates.slice(-1)]
  return { state: { ...state, certificates: turned }, outcome: ['CHAIN_ORDER_INVALID'] }
}

function adopt(...[state, dice, world]: Parameters<Apply>): ReturnType<Apply> {
  const other = choose(dice, world.chains)
  if (other.plans.some((plan) => plan !== world.lab.root && state.plans.includes(plan))) return null
  // Of another leaf below the root the key may be the same, and then nothing is wrong.
  const donor = choose(dice, other.plans.slice(1))
  const index = 1 + dice(state.certificates.length - 1)
  return {
    state: { ...state, certificates: state.certificates.with(index, world.encode(donor)) },
    outcome: 'judged',
  }
}

function replaceRoot(...[state, , { foreign }]: Parameters<Apply>): ReturnType<Apply> {
  return {
    state: { ...state, certificates: state.certificates.with(0, foreign.der) },
    outcome: ['CHAIN_UNTRUSTED_ROOT'],
  }
}

export const CERTIFICATE_CHANGES: readonly Change<CertificateState>[] = [
  ...STRUCTURAL,
  ...DER_CHANGES.map((change) =>
    bytesOf(change.name, ['CERT_NOT_DER', SIZE], ({ state, index, dice }) => {
      const tree = treeOf(state.certificates[index])
      const how = dice(2 ** 16)
      const candidates = derNodesOf(tree).filter((one) => change.apply(one, how) !== null)
      if (candidates.length === 0) return null
      const target = choose(dice, candidates)
      return encodeDerTree(replaceDerNode(tree, target, [change.apply(target, how) ?? target]))
    }),
  ),
  bytesOf('a changed certificate, not signed again', 'refused', ({ state, index, dice, world }) => {
    const donor = treeOf(world.encode(choose(dice, choose(dice, world.chains).plans)))
    return encodeDerTree(mutateTree(treeOf(state.certificates[index]), donor, dice))
  }),
  bytesOf('a bit of a certificate', 'refused', ({ state, index, dice }) => {
    const der = state.certificates[index] ?? new Uint8Array()
    const at = dice(der.length)
    return der.with(at, (der[at] ?? 0) ^ (1 << dice(8)))
  }),
  ...[1, 2].map((times) =>
    bytesOf(
      `${times} changes to what is signed in a certificate, signed again`,
      'judged',
      ({ state, index, dice, world }) => {
        const plan = state.plans[index]
        if (!plan || state.plans.length !== state.certificates.length) return null
        const donor = treeOf(world.encode(choose(dice, choose(dice, world.chains).plans)))
        let tree = toDerTree(encodeToBeSigned(plan))
        for (let done = 0; done < times; done++) tree = mutateTree(tree, donor, dice)
        const toBeSigned = encodeDerTree(tree)
        return derSequence(toBeSigned, plan.outerAlgorithm, derBitString(signCertificate(plan, toBeSigned)))
      },
    ),
  ),
]
