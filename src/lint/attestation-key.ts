import { foldKey } from '../policy/condition-context.ts'

/** A register that a condition key is about. */
export interface Register {
  readonly kind: 'enclave' | 'nitrotpm'
  readonly index: number
}

const PREFIX = 'kms:RecipientAttestation:'
const FOLDED_PREFIX = foldKey(PREFIX)

const keyNames: readonly (readonly [string, Register])[] = [
  ['ImageSha384', { kind: 'enclave', index: 0 }],
  ...Array.from({ length: 32 }, (_, index) => [`PCR${index}`, { kind: 'enclave', index }] as const),
  ...Array.from({ length: 24 }, (_, index) => [`NitroTPMPCR${index}`, { kind: 'nitrotpm', index }] as const),
]

const REGISTERS: ReadonlyMap<string, Register> = new Map(
  keyNames.map(([name, register]) => [foldKey(PREFIX + name), register]),
)

/** How AWS spells each of the keys, by its folded form (AWS KMS Developer Guide, Condition keys for attested platforms). */
export const SPELLINGS: ReadonlyMap<string, string> = new Map(
  keyNames.map(([name]) => [foldKey(PREFIX + name), PREFIX + name]),
)

/** The register that a key, folded, is about; `undefined` for all other keys. */
export function registerOf(foldedKey: string): Register | undefined {
  return REGISTERS.get(foldedKey)
}

/** Keys whose names callers or administrators choose. */
const FREE_NAMES = ['kms:encryptioncontext:', 'aws:principaltag/', 'aws:requesttag/', 'aws:resourcetag/']
/** What a name that was meant for a measurement has somewhere, in lower case. */
const TRACES = ['attestation', 'nitrotpm', 'imagesha']

/** Whether a key, folded, is about attestation, or was meant to be. */
export function isAboutAttestation(foldedKey: string): boolean {
  if (FREE_NAMES.some((prefix) => foldedKey.startsWith(prefix))) return false
  return TRACES.some((trace) => foldedKey.includes(trace)) || /pcr\d+$/.test(foldedKey)
}

/** What was probably meant by a key that does not exist, in words. */
export function hintFor(foldedKey: string): string {
  const number = /(nitrotpm)?pcr(\d+)$/.exec(foldedKey)
  if (number) {
    const [, tpm, digits = ''] = number
    const index = Number(digits)
    const most = tpm === undefined ? 31 : 23
    if (index > most)
      return `the registers of ${tpm === undefined ? 'an enclave' : 'a NitroTPM'} end at ${most}`
    return `did you mean ${PREFIX}${tpm === undefined ? 'PCR' : 'NitroTPMPCR'}${index}?`
  }
  if (foldedKey.includes('imagesha')) return `did you mean ${PREFIX}ImageSha384?`
  if (foldedKey === FOLDED_PREFIX.slice(0, -1))
    return `the register is missing: ${PREFIX}ImageSha384 or ${PREFIX}PCR0`
  return `the keys are ${PREFIX}ImageSha384, ${PREFIX}PCR0 to PCR31 and ${PREFIX}NitroTPMPCR0 to NitroTPMPCR23`
}
