import type { CertificatePlan } from '../../src/simulator/certificate-plan.ts'
import { SIGNATURE_ALGORITHM, signCertificate } from '../../src/simulator/certificate-plan.ts'
import {
  derExplicit,
  derObjectIdentifier,
  derSequence,
  derTime,
  derUnsigned,
} from '../../src/simulator/der-writer.ts'
import type { Extension } from '../../src/simulator/extension.ts'
import {
  authorityConstraints,
  END_ENTITY_CONSTRAINTS,
  EXTENSION_ID,
  keyUsage,
} from '../../src/simulator/extension.ts'
import { authorityName, derName } from '../../src/simulator/name.ts'
import { ecPublicKeyInfo, P384_ORDER, toDerSignature } from '../../src/simulator/signing-key.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose, drawBytes } from './choose.ts'
import type { Change, PlanState } from './change.ts'
import { drawChain, unknownExtension } from './draw-chain.ts'
import type { World } from './world.ts'

/** A certificate that is to be changed, and where it stands. */
interface Target {
  readonly plan: CertificatePlan
  readonly isLeaf: boolean
  /** How many certificate authorities follow it. */
  readonly below: number
  readonly state: PlanState
  readonly dice: Dice
  readonly world: World
}

type Made = readonly [fields: Partial<CertificatePlan>, codes: readonly string[] | 'accepted']

/** A change to one certificate, which its issuer signs as it then is. */
function oneOf(name: string, make: (target: Target) => Made | null): Change<PlanState> {
  return {
    name,
    apply(state, dice, world) {
      const { plans } = state
      const index = choose(dice, [...plans.keys(), plans.length - 1])
      const plan = plans[index]
      if (!plan) return null
      const below = Math.max(plans.length - 2 - index, 0)
      const made = make({ plan, isLeaf: index === plans.length - 1, below, state, dice, world })
      if (!made) return null
      const [fields, outcome] = made
      const changed = plans.with(index, { ...plan, ...fields })
      // The bytes of the root are pinned, so whatever else is wrong with another one does not matter.
      return {
        state: { ...state, plans: changed },
        outcome: index === 0 ? ['CHAIN_UNTRUSTED_ROOT'] : outcome,
      }
    },
  }
}

const without = ({ extensions }: CertificatePlan, id: string): readonly Extension[] =>
  extensions.filter((extension) => extension.id !== id)

const constrained = (
  plan: CertificatePlan,
  ...constraints: readonly Extension[]
): Partial<CertificatePlan> => ({
  extensions: [...without(plan, EXTENSION_ID.basicConstraints), ...constraints],
})

const secondsAt = ({ at }: PlanState): number => Math.floor(at / 1000)
const second = (seconds: number): Date => new Date(seconds * 1000)
const P384 = derObjectIdentifier('1.3.132.0.34')

/** Bytes in the place of a signature, made from the right one. */
const signed = (plan: CertificatePlan, alter: (der: Uint8Array) => Uint8Array): Partial<CertificatePlan> => ({
  signature: (toBeSigned) => alter(signCertificate(plan, toBeSigned)),
})

/** The other valid signature: n - s in the place of s. */
export function turnSignature(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(48)).toString('hex')}`)
  return Uint8Array.from([
    ...signature.subarray(0, 48),
    ...hex((P384_ORDER - s).toString(16).padStart(96, '0')),
  ])
}

export const PLAN_CHANGES: readonly Change<PlanState>[] = [
  oneOf('not a CA', ({ plan, isLeaf, dice }) =>
    isLeaf ? null : [constrained(plan, ...choose(dice, [[], [END_ENTITY_CONSTRAINTS]])), ['CHAIN_NOT_A_CA']],
  ),
  oneOf('a leaf that is a CA', ({ plan, isLeaf, dice }) => {
    const pathOnly = { ...END_ENTITY_CONSTRAINTS, value: derSequence(derUnsigned(Uint8Array.of(dice(3)))) }
    const constraints = choose(dice, [authorityConstraints(), authorityConstraints(0), pathOnly])
    return isLeaf ? [constrained(plan, constraints), ['CHAIN_LEAF_IS_CA']] : null
  }),
  oneOf('no right to sign', ({ plan, isLeaf, dice }) => {
    const other = isLeaf
      ? keyUsage(true, 'keyCertSign', 'nonRepudiation')
      : keyUsage(true, 'digitalSignature', 'cRLSign')
    const extensions = [...without(plan, EXTENSION_ID.keyUsage), ...choose(dice, [[], [other]])]
    return [{ extensions }, [isLeaf ? 'CHAIN_LEAF_KEY_USAGE_INVALID' : 'CHAIN_KEY_USAGE_INVALID']]
  }),
  oneOf('a path length that is too short', ({ plan, below, dice }) =>
    below === 0 ? null : [constrained(plan, authorityConstraints(dice(below))), ['CHAIN_PATH_TOO_LONG']],
  ),
  oneOf('an unknown critical extension', ({ plan, dice }) => [
    { extensions: [...plan.extensions, unknownExtension(dice, true)] },
    ['CHAIN_UNKNOWN_CRITICAL'],
  ]),
  oneOf('another unknown extension', ({ plan, dice }) => [
    { extensions: [...plan.extensions, { ...unknownExtension(dice), id: `1.2.840.${dice(2 ** 28)}` }] },
    'accepted',
  ]),
  oneOf('an extension twice', ({ plan, dice }) => [
    { extensions: [...plan.extensions, choose(dice, plan.extensions)] },
    ['CERT_EXTENSION_DUPLICATE'],
  ]),
  oneOf('a known extension that cannot be read', ({ plan, dice }) => {
    const value = choose(dice, [
      '',
      '3001',
      '0500',
      '30030101fe',
      '30060101ff0201ff',
      '0300',
      '03020980',
      '300000',
    ]).trim()
    const id = choose(dice, [EXTENSION_ID.basicConstraints, EXTENSION_ID.keyUsage])
    return [
      { extensions: [...without(plan, id), { id, critical: true, value: hex(value) }] },
      ['CERT_EXTENSION_INVALID'],
    ]
  }),
  oneOf('an issuer of another name', ({ dice }) => [
    { issuer: derName(authorityName(`other-${dice(1000)}`)) },
    ['CHAIN_NAME_MISMATCH'],
  ]),
  oneOf('a subject of another name', ({ dice, isLeaf }) =>
    isLeaf ? null : [{ subject: derName(authorityName(`other-${dice(1000)}`)) }, ['CHAIN_NAME_MISMATCH']],
  ),
  oneOf('a window that is over', ({ plan, state, dice }) => {
    const notAfter = second(secondsAt(state) - between(dice, 1, 10_000))
    const notBefore = new Date(Math.min(plan.notBefore.getTime(), notAfter.getTime() - 1000))
    // The document says when it was made, and its own clock may be what counts.
    return [{ notBefore, notAfter }, ['CHAIN_EXPIRED', 'DOCUMENT_OUTSIDE_LEAF_VALIDITY']]
  }),
  oneOf('a window that has not begun', ({ plan, state, dice }) => {
    const notBefore = second(secondsAt(state) + between(dice, 200_000, 300_000))
    const notAfter = new Date(Math.max(plan.notAfter.getTime(), notBefore.getTime()))
    return [{ notBefore, notAfter }, ['CHAIN_NOT_YET_VALID']]
  }),
  oneOf('a window that cannot be read', ({ plan, dice }) => {
    const time = derTime(plan.notBefore)
    const odd = choose(
      dice,
      ['170b32363031303130303030', '170d3236313330313030303030305a', '1801', '0500'].map(hex),
    )
    const whole = odd.length > 2 ? odd : hex('1700')
    return [
      {
        validity: derSequence(
          ...choose(dice, [
            [time, whole],
            [whole, time],
          ]),
        ),
      },
      ['CERT_VALIDITY_INVALID', 'CERT_NOT_DER'],
    ]
  }),
  oneOf('a reversed window', ({ plan, dice }) => {
    const later = new Date(plan.notAfter.getTime() + 1000 * between(dice, 1, 1000))
    return [{ validity: derSequence(derTime(later), derTime(plan.notAfter)) }, ['CERT_VALIDITY_INVALID']]
  }),
  oneOf('another version', ({ dice }) => [
    {
      version: choose(dice, [
        hex(''),
        ...[0, 1, 3, 127].map((number) => derExplicit(0, derUnsigned(Uint8Array.of(number)))),
      ]),
    },
    ['CERT_VERSION_UNSUPPORTED'],
  ]),
  oneOf('two algorithms', ({ dice }) => [
    choose(dice, [
      { innerAlgorithm: SIGNATURE_ALGORITHM.sha256 },
      { outerAlgorithm: SIGNATURE_ALGORITHM.sha512 },
    ]),
    ['CERT_ALGORITHM_MISMATCH'],
  ]),
  oneOf('another algorithm', ({ dice }) => {
    const hash = choose(dice, ['sha256', 'sha512'] as const)
    const algorithm = SIGNATURE_ALGORITHM[hash]
    return [{ innerAlgorithm: algorithm, outerAlgorithm: algorithm, hash }, ['CERT_ALGORITHM_UNSUPPORTED']]
  }),
  oneOf('a key on another curve', ({ dice, world }) => [
    { publicKeyInfo: choose(dice, world.oddKeys).publicKeyInfo },
    ['CERT_KEY_UNSUPPORTED'],
  ]),
  oneOf('a key that is no point', ({ plan, dice }) => {
    const { point } = plan.key
    const at = dice(point.length)
    const off = choose(dice, [
      point.with(at, (point[at] ?? 0) ^ (1 << dice(8))),
      point.subarray(0, 49),
      hex('00'),
    ])
    return [{ publicKeyInfo: ecPublicKeyInfo(P384, off) }, ['CERT_KEY_POINT_INVALID']]
  }),
  oneOf('another key than signs what follows', ({ isLeaf, plan, dice, world }) => {
    const key = choose(
      dice,
      [...world.lab.keys, ...world.foreign.keys].filter((one) => one !== plan.key),
    )
    return [
      { publicKeyInfo: key.publicKeyInfo },
      [isLeaf ? 'COSE_SIGNATURE_INVALID' : 'CHAIN_SIGNATURE_INVALID'],
    ]
  }),
  oneOf('another signer', ({ plan, dice, world }) => {
    const others = [...world.lab.keys, ...world.foreign.keys, world.foreign.root.key, plan.key]
    const issuerKey = choose(
      dice,
      others.filter((one) => one !== plan.issuerKey),
    )
    return [{ issuerKey }, ['CHAIN_SIGNATURE_INVALID']]
  }),
  oneOf('a signature with another hash', ({ dice }) => [
    { hash: choose(dice, ['sha256', 'sha512'] as const) },
    ['CHAIN_SIGNATURE_INVALID'],
  ]),
  oneOf('no signature of DER', ({ plan, dice }) => [
    signed(plan, (der) =>
      choose(dice, [
        der.subarray(0, -1),
        Uint8Array.from([...der, 0]),
        hex(''),
        hex('3006020100020100'),
        drawBytes(dice, 96),
      ]),
    ),
    ['CHAIN_SIGNATURE_INVALID'],
  ]),
  oneOf('the other signature of the two that hold', ({ plan }) => [
    {
      signature: (toBeSigned) =>
        toDerSignature(turnSignature(plan.issuerKey.sign(toBeSigned, { hash: plan.hash }))),
    },
    'accepted',
  ]),
  {
    name: 'a chain under another root',
    apply: (state, dice, { foreign }) => ({
      state: { ...state, plans: drawChain(dice, foreign, state.at).plans },
      outcome: ['CHAIN_UNTRUSTED_ROOT'],
    }),
  },
  {
    name: 'a chain of another root, which has the same name, below the trusted one',
    apply(state, dice, { foreign, lab }) {
      const [root, ...rest] = drawChain(dice, foreign, state.at).plans
      const plans = choose(dice, [
        [lab.root, ...rest],
        [lab.root, root ?? lab.root, ...rest],
      ])
      if (plans.length > 9) return null
      return { state: { ...state, plans }, outcome: ['CHAIN_SIGNATURE_INVALID', 'CHAIN_PATH_TOO_LONG'] }
    },
  },
]
