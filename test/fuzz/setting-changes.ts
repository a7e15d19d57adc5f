import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose } from './choose.ts'
import type { Change, Outcome, SettingState } from './change.ts'

/** Judges by the present time, moved there. */
const clockAt = (options: VerifyOptions, milliseconds: number): VerifyOptions => {
  const { [unsafeEvaluationTime]: _, ...rest } = options
  return { ...rest, clock: { now: () => new Date(milliseconds) } }
}

function clockOf(
  name: string,
  outcome: Outcome,
  move: (state: SettingState, dice: Dice) => number,
): Change<SettingState> {
  return {
    name,
    apply: (state, dice) => ({
      state: { ...state, options: clockAt(state.options, move(state, dice)) },
      outcome,
    }),
  }
}

const ends = ({ plans }: SettingState): number => Math.min(...plans.map(({ notAfter }) => notAfter.getTime()))
const starts = ({ plans }: SettingState): number =>
  Math.max(...plans.map(({ notBefore }) => notBefore.getTime()))

export const SETTING_CHANGES: readonly Change<SettingState>[] = [
  {
    name: 'no roots',
    apply: (state) => ({
      state: { ...state, options: { ...state.options, anchors: [] } },
      outcome: ['CHAIN_NO_ANCHORS'],
    }),
  },
  {
    name: 'other roots',
    apply: (state, dice, { foreign }) => {
      const anchors = choose(dice, [[foreign.anchor], [AWS_NITRO_ROOT], [AWS_NITRO_ROOT, foreign.anchor]])
      return {
        state: { ...state, options: { ...state.options, anchors } },
        outcome: ['CHAIN_UNTRUSTED_ROOT'],
      }
    },
  },
  {
    name: 'more roots',
    apply: (state, dice, { lab, foreign }) => {
      const anchors = choose(dice, [
        [AWS_NITRO_ROOT, lab.anchor],
        [foreign.anchor, lab.anchor],
        [lab.anchor, lab.anchor],
      ])
      // Whoever trusts the other root takes documents of its chains.
      return { state: { ...state, options: { ...state.options, anchors } }, outcome: 'judged' }
    },
  },
  clockOf(
    'a clock behind the end of the chain',
    ['CHAIN_EXPIRED'],
    (state, dice) => ends(state) + 1000 * between(dice, 1, 2 ** 30),
  ),
  clockOf(
    'a clock before the beginning of the chain',
    ['CHAIN_NOT_YET_VALID'],
    (state, dice) =>
      starts(state) - 1000 * ((state.options.futureSkewSeconds ?? 300) + between(dice, 1, 2 ** 20)),
  ),
  clockOf(
    'a clock that is far behind the document',
    'judged',
    (state, dice) => state.timestamp - between(dice, 0, 400_000),
  ),
  {
    name: 'a maximum age that is over',
    apply(state, dice) {
      const age = between(dice, 1, 5000)
      const options = clockAt(state.options, Math.floor(state.timestamp) + age)
      return {
        state: { ...state, options: { ...options, maxAgeSeconds: (age - 1) / 1000 } },
        outcome: ['DOCUMENT_TOO_OLD', 'CHAIN_EXPIRED', 'CHAIN_NOT_YET_VALID'],
      }
    },
  },
  {
    name: 'a maximum age that is not over',
    apply(state, dice) {
      const maxAgeSeconds = choose(dice, [0, 1, 2 ** 31])
      return { state: { ...state, options: { ...state.options, maxAgeSeconds } }, outcome: 'judged' }
    },
  },
]
