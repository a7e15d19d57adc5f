import type { Condition } from '../policy/condition.ts'
import type { ConditionContext } from '../policy/condition-context.ts'
import type { Register } from './attestation-key.ts'
import { registerOf, SPELLINGS } from './attestation-key.ts'

/** What a call brings in the way of attestation. */
export interface TriedDocument {
  /** For people. */
  readonly words: string
  /** The condition keys it gives, folded. */
  readonly keys: ConditionContext
}

export const NO_DOCUMENT: TriedDocument = { words: 'no attestation document', keys: new Map() }

const ZEROS = '0'.repeat(96)
const ONES = 'f'.repeat(96)

/** Measurements of somebody else's image; of two, one is named by no policy that was not made for it. */
const FOREIGN = ['e0', 'd1'] as const

/** What a register holds, by its kind and number; `undefined` where the document does not have it. */
type Content = (register: Register) => string | undefined

/** Registers of an enclave that image, role, instance and signer are measured into; 5 to 7 and 9 to 15 stay zero. */
const ENCLAVE_MEASURED: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 8])
/** Registers that are zero in debug mode. */
const ENCLAVE_DEBUG: ReadonlySet<number> = new Set([0, 1, 2, 8])

/** The document of somebody else's enclave. Registers above 15 are there only where the program puts something in. */
export function foreignEnclave(digits: string): TriedDocument {
  return {
    words: 'a genuine document of another enclave, with an image of the caller’s own',
    keys: toKeys(({ kind, index }) => {
      if (kind !== 'enclave' || index > 15) return undefined
      return ENCLAVE_MEASURED.has(index) ? digits : ZEROS
    }),
  }
}

/** The document of somebody else's instance with a NitroTPM: firmware to kernel measured, 17 to 22 as a TPM starts. */
export function foreignNitroTpm(digits: string): TriedDocument {
  return {
    words: 'a genuine document of another NitroTPM instance, with an image of the caller’s own',
    keys: toKeys(({ kind, index }) => {
      if (kind !== 'nitrotpm') return undefined
      if (index <= 10) return digits
      return index >= 17 && index <= 22 ? ONES : ZEROS
    }),
  }
}

/** The document of an enclave in debug mode; registers that it does not zero are as the policy wants them. */
export function debugEnclave(wanted: Wanted, digits: string): TriedDocument {
  const foreign = foreignEnclave(digits)
  const keys = toKeys((register) => {
    if (register.kind !== 'enclave') return undefined
    if (ENCLAVE_DEBUG.has(register.index)) return ZEROS
    return (
      wanted.get(nameOf(register)) ?? foreign.keys.get(`kms:recipientattestation:pcr${register.index}`)?.[0]
    )
  })
  return { words: 'a genuine document of an enclave in debug mode', keys }
}

/** The values that conditions want registers to have, by kind and number. */
export type Wanted = ReadonlyMap<string, string>

/** A foreign document in which some registers are as the policy wants them. */
export function partlyRight(
  document: TriedDocument,
  wanted: Wanted,
  { right, words }: { readonly right: (register: Register) => boolean; readonly words: string },
): TriedDocument {
  const keys = new Map(document.keys)
  for (const [folded] of SPELLINGS) {
    const register = registerOf(folded)
    const value = register && right(register) ? wanted.get(nameOf(register)) : undefined
    if (value !== undefined) keys.set(folded, [value])
  }
  return { words, keys }
}

/** A name for a register; the image of an enclave is its register 0. */
export function nameOf({ kind, index }: Register): string {
  return `${kind}:${index}`
}

/** The first value that each register is compared with; one of several conditions on a register gives it. */
export function wantedBy(conditions: readonly Condition[]): Wanted {
  const wanted = new Map<string, string>()
  for (const { foldedKey, expected, variables, test } of conditions) {
    const register = registerOf(foldedKey)
    const [value] = expected
    if (!register || value === undefined || variables.length > 0 || test.kind === 'presence') continue
    const name = nameOf(register)
    if (!wanted.has(name)) wanted.set(name, value.replaceAll('*', '').replaceAll('?', '0').toLowerCase())
  }
  return wanted
}

/** Digits of a foreign measurement that no condition names. */
export function foreignDigits(conditions: readonly Condition[]): string {
  const named = new Set(conditions.flatMap(({ expected }) => expected.map((text) => text.toLowerCase())))
  return FOREIGN.map((pair) => pair.repeat(48)).find((digits) => !named.has(digits)) ?? FOREIGN[0].repeat(48)
}

function toKeys(content: Content): ConditionContext {
  const keys = new Map<string, readonly string[]>()
  for (const folded of SPELLINGS.keys()) {
    const register = registerOf(folded)
    const value = register && content(register)
    if (value !== undefined) keys.set(folded, [value])
  }
  return keys
}
