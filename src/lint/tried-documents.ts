import type { Condition } from '../policy/condition.ts'
import type { Statement } from '../policy/statement.ts'
import type { Register } from './attestation-key.ts'
import { isAboutAttestation, registerOf } from './attestation-key.ts'
import type { TriedDocument, Wanted } from './documents.ts'
import {
  debugEnclave,
  foreignDigits,
  foreignEnclave,
  foreignNitroTpm,
  nameOf,
  partlyRight,
  wantedBy,
} from './documents.ts'
import type { Severity } from './rule.ts'
import type { RuleId } from './rules.ts'
import type { LintSubject } from './subject.ts'

/** A document that must not get through, and what it means if it does. */
export interface DocumentTrial {
  readonly rule: RuleId
  /** Where it is another than that of the rule. */
  readonly severity?: Severity
  readonly document: TriedDocument
}

/** Documents that a gated statement is tried with, those that need least first. */
export function triedDocuments(subject: LintSubject, statement: Statement): readonly DocumentTrial[] {
  const gates = gatesOf(subject, statement)
  const digits = foreignDigits(gates)
  const wanted = wantedBy(gates)
  const enclave = foreignEnclave(digits)
  const nitroTpm = foreignNitroTpm(digits)
  return [
    { rule: 'any-document-satisfies', document: enclave },
    { rule: 'any-document-satisfies', document: nitroTpm },
    ...fitted(gates, enclave),
    ...unsaidRegisters(gates, enclave),
    // Where the image is not pinned at all, debug mode makes no difference.
    ...weaklyRight(wanted, { enclave, nitroTpm }),
    { rule: 'debug-measurements', document: debugEnclave(wanted, digits) },
  ]
}

/** The document that a statement was made for, of each kind it names. */
export function rightDocuments(subject: LintSubject, statement: Statement): readonly TriedDocument[] {
  const gates = gatesOf(subject, statement)
  const wanted = wantedBy(gates)
  const digits = foreignDigits(gates)
  const words = 'a genuine document with the measurements asked for'
  return [
    partlyRight(foreignEnclave(digits), wanted, { right: isEnclaves, words }),
    partlyRight(foreignNitroTpm(digits), wanted, { right: isNitroTpms, words }),
  ]
}

const isEnclaves = ({ kind }: Register): boolean => kind === 'enclave'
const isNitroTpms = ({ kind }: Register): boolean => kind === 'nitrotpm'

/** Conditions on measurements: those of the statement, then those of all denies. */
function gatesOf({ policy }: LintSubject, statement: Statement): readonly Condition[] {
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny')
  return [statement, ...denies]
    .flatMap(({ conditions }) => conditions)
    .filter(({ foldedKey }) => isAboutAttestation(foldedKey))
}

/** Digits of a pattern that an image can be made to have by trying: ten of them take a million million tries. */
const FEASIBLE_DIGITS = 16

/** Images made until they fit patterns of few digits. */
function fitted(gates: readonly Condition[], enclave: TriedDocument): readonly DocumentTrial[] {
  const made = new Map<string, string>()
  for (const { operator, foldedKey, expected, test } of gates) {
    const register = registerOf(foldedKey)
    if (!register || !operator.includes('Like') || test.kind === 'presence') continue
    const short = expected.find((text) => /[*?]/.test(text) && countDigits(text) < FEASIBLE_DIGITS)
    if (short !== undefined) made.set(nameOf(register), fill(short))
  }
  if (made.size === 0) return []
  const words = 'a genuine document of an image that was made, by trying, to fit the pattern'
  const document = partlyRight(enclave, made, { right: () => true, words })
  return [{ rule: 'wildcard-measurement', severity: 'error', document }]
}

function countDigits(pattern: string): number {
  return pattern.replaceAll(/[*?]/g, '').length
}

function fill(pattern: string): string {
  const parts = pattern.replaceAll('?', '0').split('*')
  const missing = Math.max(96 - parts.join('').length, 0)
  return `${parts[0] ?? ''}${'0'.repeat(missing)}${parts.slice(1).join('')}`
}

/** Registers that most enclaves do not have: what an allow says of them loosely holds for all of those. */
function unsaidRegisters(gates: readonly Condition[], enclave: TriedDocument): readonly DocumentTrial[] {
  const loose = gates.find(({ foldedKey, test, ifExists }) => {
    const register = registerOf(foldedKey)
    return (
      register?.kind === 'enclave' &&
      register.index > 15 &&
      test.kind === 'value' &&
      (test.negated || ifExists)
    )
  })
  const strict = gates.filter(({ test, ifExists }) => test.kind === 'value' && !test.negated && !ifExists)
  if (!loose) return []
  const words = `a genuine document of the right image that has no ${loose.key}`
  const document = partlyRight(enclave, wantedBy(strict), { right: () => true, words })
  const rule = loose.ifExists ? 'if-exists-in-allow' : 'negated-in-allow'
  return [{ rule, severity: 'warning', document }]
}

/** Registers of a NitroTPM that pin what runs: boot loader, files read, unified kernel image. */
const PINNING_TPM: ReadonlySet<number> = new Set([4, 9, 11])

/** Documents that are right but for the registers that pin the image. */
function weaklyRight(
  wanted: Wanted,
  { enclave, nitroTpm }: { readonly enclave: TriedDocument; readonly nitroTpm: TriedDocument },
): readonly DocumentTrial[] {
  const named = [...wanted.keys()]
  const trials: DocumentTrial[] = []
  const pinned = wanted.has('enclave:1') && wanted.has('enclave:2')
  if (!pinned && named.some((name) => name.startsWith('enclave:'))) {
    const words = 'a genuine document of another enclave that has no more in common with the right one'
    const document = partlyRight(enclave, wanted, {
      right: ({ kind, index }) => kind === 'enclave' && index !== 0,
      words,
    })
    const own = named.every((name) => !name.startsWith('enclave:') || Number(name.split(':')[1]) > 15)
    trials.push({ rule: 'weak-measurement', ...(own && { severity: 'warning' }), document })
  }
  if (named.some((name) => name.startsWith('nitrotpm:'))) {
    const words =
      'a genuine document of another NitroTPM instance that has no more in common with the right one'
    const right = ({ kind, index }: Register): boolean => kind === 'nitrotpm' && !PINNING_TPM.has(index)
    trials.push({ rule: 'weak-measurement', document: partlyRight(nitroTpm, wanted, { right, words }) })
  }
  return trials
}
