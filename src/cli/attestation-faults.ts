import type { CrossKindCase } from '../simulator/faults/cross-kind-cases.ts'
import { CROSS_KIND_CASES } from '../simulator/faults/cross-kind-cases.ts'
import { FAULTS, ODDITIES } from '../simulator/faults.ts'
import type { Fault, VerifyWith } from '../simulator/faults/fault.ts'
import type { AddCommand, ExitStatus, CommandIo } from './command.ts'

/** `attestation faults`: lists what `attestation issue --fault` can make, and what a verifier must say to it. */
export const addAttestationFaults: AddCommand = (parent, { io, run }) => {
  parent
    .command('faults')
    .description(
      'List the documents that issue --fault can make: faulty ones with the code each must be refused with, and odd ones that must be accepted, last those whose measurements a key policy must not take for others.',
    )
    .option(
      '--json',
      'print one array of {id, what, code, verifyWith}; code is null for what must be accepted',
    )
    .action(run((flags: { readonly json?: true }) => runFaults(flags, io)))
}

async function runFaults({ json }: { readonly json?: true }, io: CommandIo): Promise<ExitStatus> {
  const [plain, crossKind] = [[...FAULTS, ...ODDITIES], CROSS_KIND_CASES]
  io.write(
    json
      ? `${JSON.stringify([...plain.map(toJson), ...crossKind.map(toCrossKindJson)])}\n`
      : [...plain.map(toText), ...crossKind.map(toCrossKindText)].join(''),
  )
  return 0
}

/** How a verifier is to be set for a fault, in words. */
export function describeVerifyWith({ clock, roots, maxAgeSeconds, recipientKey }: VerifyWith): string {
  const parts = [
    clock === 'document' && "the document's own time as clock",
    typeof clock === 'object' && `the clock ${clock.secondsAfterIssue} s after --at`,
    roots !== undefined && ROOTS[roots],
    maxAgeSeconds !== undefined && `a maximum age of ${maxAgeSeconds} s`,
    recipientKey && 'a recipient key demanded',
  ]
  return parts.filter((part) => typeof part === 'string').join(', ')
}

const ROOTS: Readonly<Record<NonNullable<VerifyWith['roots']>, string>> = {
  none: 'no root trusted',
  aws: "AWS's root alone trusted",
  'as-issued': "the document's own root trusted",
}

function toJson({ id, what, code, verifyWith }: Fault): object {
  return { id, what, code, verifyWith: verifyWith ?? null }
}

function toCrossKindJson({ condition, expected, why, ...fault }: CrossKindCase): object {
  return { ...toJson(fault), policy: { condition, expected, why } }
}

function toText({ id, what, code, verifyWith }: Fault): string {
  const how = verifyWith ? `\n    verify with ${describeVerifyWith(verifyWith)}` : ''
  return `${id}  ${code ?? 'accepted'}\n    ${what}${how}\n`
}

function toCrossKindText({ condition, expected, why, ...fault }: CrossKindCase): string {
  return `${toText(fault)}    under the condition ${JSON.stringify(condition)}: ${expected}, ${why}\n`
}
