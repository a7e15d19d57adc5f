/** What a value that a measurement is compared with is. */
export type ValueJudgement = 'whole' | 'zero' | 'length' | 'not-hex'

/** Hexadecimal digits of a SHA-384 value, which every register holds. */
export const MEASUREMENT_DIGITS = 96

/** Judges a value without wildcards and variables; upper case does not count here. */
export function judgeValue(value: string): ValueJudgement {
  if (!/^[\da-fA-F]+$/.test(value)) return 'not-hex'
  if (value.length !== MEASUREMENT_DIGITS) return 'length'
  return /^0+$/.test(value) ? 'zero' : 'whole'
}

const BASE64_CHARACTERS = 64

/** What a value seems to be instead, in words. */
export function describeWrongValue(value: string): string {
  const lengths: ReadonlyMap<number, string> = new Map([
    [40, 'a SHA-1 value'],
    [64, 'a SHA-256 value'],
    [128, 'a SHA-512 value'],
  ])
  if (value === '') return 'it is empty'
  if (judgeValue(value) === 'length') {
    const known = lengths.get(value.length)
    return `it has ${value.length} digits${known === undefined ? '' : `, as ${known} has`}`
  }
  if (/^0x/i.test(value)) return 'it begins with 0x'
  if (/^sha-?(?:256|384|512)[:-]/i.test(value)) return 'it begins with the name of a hash'
  if (/\s/.test(value)) return 'it holds white space'
  if (/[*?]/.test(value)) return 'wildcards count under StringLike only'
  if (value.length === BASE64_CHARACTERS && /^[\w+/-]+$/.test(value)) return 'it seems to be base64'
  return 'it holds other characters'
}
