import { concat } from '../support/attestation/cbor-bytes.ts'
import { encodeTree } from '../support/attestation/cbor-tree.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { mutate } from '../support/attestation/mutations.ts'
import { between, choose, drawBytes } from './choose.ts'
import type { Change, InputState, Outcome } from './change.ts'
import { drawTree } from './draw-payload.ts'

const inputOf = (
  name: string,
  outcome: Outcome,
  alter: (input: Uint8Array, dice: Dice) => Uint8Array,
): Change<InputState> => ({
  name,
  apply: ({ input }, dice) => ({ state: { input: alter(input, dice) }, outcome }),
})

export const INPUT_CHANGES: readonly Change<InputState>[] = [
  inputOf('the tag of COSE_Sign1', 'judged', (input) => concat(hex('d2'), input)),
  inputOf('another tag', ['CBOR_TAG_UNEXPECTED'], (input, dice) =>
    concat(hex(choose(dice, ['d2d2', 'd1', 'd3', 'd862', 'd9d9f7', 'd9d9f7d2'])), input),
  ),
  inputOf('bytes behind it', ['CBOR_TRAILING_BYTES'], (input, dice) =>
    concat(input, drawBytes(dice, between(dice, 1, 20))),
  ),
  inputOf('its end missing', ['CBOR_TRUNCATED'], (input, dice) =>
    input.subarray(0, Math.max(1, dice(input.length))),
  ),
  inputOf('nothing', ['INPUT_EMPTY'], () => new Uint8Array()),
  inputOf('too much', ['INPUT_TOO_LARGE'], (input, dice) =>
    concat(input, new Uint8Array(between(dice, 16_641 - Math.min(input.length, 16_640), 300_000))),
  ),
  inputOf('a document twice', ['CBOR_TRAILING_BYTES', 'INPUT_TOO_LARGE'], (input) => concat(input, input)),
  inputOf('base64', 'refused', (input) => Buffer.from(Buffer.from(input).toString('base64'))),
  inputOf('a bit', 'judged', (input, dice) => {
    const at = dice(Math.max(input.length, 1))
    return input.map((octet, index) => (index === at ? octet ^ (1 << dice(8)) : octet))
  }),
  inputOf('bytes put in, taken out, moved', 'judged', (input, dice) => {
    const [from, to] = [dice(input.length + 1), dice(input.length + 1)]
    const part = input.subarray(from, from + dice(60))
    return choose(dice, [
      () => concat(input.subarray(0, to), part, input.subarray(to)),
      () => concat(input.subarray(0, to), drawBytes(dice, dice(6)), input.subarray(to + dice(6))),
      () => concat(input.subarray(0, to), input.subarray(to + dice(60))),
    ])()
  }),
  inputOf('any CBOR', 'refused', (_, dice) => encodeTree(drawTree(dice, 7))),
  inputOf('any bytes', 'refused', (_, dice) => drawBytes(dice, between(dice, 1, 60))),
  {
    name: 'parts of another document',
    apply({ input }, dice, { genuine }) {
      if (genuine.length === 0) return null
      try {
        return { state: { input: mutate(input, choose(dice, genuine), dice) }, outcome: 'judged' }
      } catch {
        // Only documents that can be read have parts.
        return null
      }
    },
  },
]
