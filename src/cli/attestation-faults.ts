import { FAULTS } from '../simulator/faults.ts'
import type { Fault, VerifyWith } from '../simulator/faults/fault.ts'
import type { AddCommand, ExitStatus, CommandIo } from './command.ts'

/** `attestation faults`: lists what `attestation issue --fault` can get wrong, and what a verifier must say to it. */
export const addAttestationFaults: AddCommand = (parent, { io, run }) => {
  parent
    .command('faults')
    .description('List the faulty documents that issue can make, and the code each must be refused with.')
    .option('--json', 'print one array of {id, what, code, verifyWith}')
    .action(run((flags: { readonly json?: true }) => runFaults(flags, io)))
}

async function runFaults({ json }: { readonly json?: true }, io: CommandIo): Promise<ExitStatus> {
  io.write(json ? `${JSON.stringify(FAULTS.map(toJson))}\n` : FAULTS.map(toText).join(''))
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

function toText({ id, what, code, verifyWith }: Fault): string {
  const how = verifyWith ? `\n    verify with ${describeVerifyWith(verifyWith)}` : ''
  return `${id}  ${code}\n    ${what}${how}\n`
}
