import type { Dice } from '../support/attestation/mutations.ts'

/** One of several, each as likely as the others. */
export function choose<Choice>(dice: Dice, choices: readonly Choice[]): Choice {
  if (choices.length === 0) throw new RangeError('nothing to choose from')
  // Dice fall below their limit, so there is one; it may be `undefined`.
  return choices[dice(choices.length)] as Choice
}

/** Whether something happens that does so once in `times`. */
export const once = (dice: Dice, times: number): boolean => dice(times) === 0

/** A number from `least` to `most`, both included. */
export const between = (dice: Dice, least: number, most: number): number => least + dice(most - least + 1)

/** Bytes of a length. */
export const drawBytes = (dice: Dice, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => dice(256))

/** A length from 0 to `most`, its borders more often than by chance. */
export function drawLength(dice: Dice, most: number): number {
  return choose(dice, [0, 1, most, most, dice(most + 1), dice(Math.min(most, 64) + 1), 32, 48])
}

/** The same in another order. */
export function shuffle<Item>(dice: Dice, items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, rank: dice(2 ** 30) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}
