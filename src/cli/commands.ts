import type { ProgramCommands } from './program.ts'

type Group = ProgramCommands['groups'][number]

/**
 * The commands that a command line needs. The first word decides, so that `serve` does not load the simulator and
 * `recipient open` no HTTP server: loading everything costs more than most commands themselves. Help lists all.
 */
export async function loadCommands(args: readonly string[]): Promise<ProgramCommands> {
  switch (args[0]) {
    case 'serve':
      return { top: [await serve()], groups: [] }
    case 'explain':
      return { top: [await explain()], groups: [] }
    case 'attestation':
      return { top: [], groups: [await attestation()] }
    case 'recipient':
      return { top: [], groups: [await recipient()] }
    case 'policy':
      return { top: [], groups: [await policy()] }
    default:
      return {
        top: [await serve(), await explain()],
        groups: [await attestation(), await recipient(), await policy()],
      }
  }
}

async function serve(): Promise<ProgramCommands['top'][number]> {
  return (await import('./serve.ts')).addServe
}

async function explain(): Promise<ProgramCommands['top'][number]> {
  return (await import('./explain.ts')).addExplain
}

async function attestation(): Promise<Group> {
  const { addAttestationVerify } = await import('./attestation-verify.ts')
  const { addAttestationInspect } = await import('./attestation-inspect.ts')
  const { addAttestationIssue } = await import('./attestation-issue.ts')
  const { addAttestationFaults } = await import('./attestation-faults.ts')
  const { addAttestationNsm } = await import('./attestation-nsm.ts')
  return {
    name: 'attestation',
    summary: 'Verify, take apart and make attestation documents.',
    commands: [
      addAttestationVerify,
      addAttestationInspect,
      addAttestationIssue,
      addAttestationFaults,
      addAttestationNsm,
    ],
  }
}

async function recipient(): Promise<Group> {
  const { addRecipientOpen } = await import('./recipient-open.ts')
  return {
    name: 'recipient',
    summary: 'Open what was encrypted to a recipient.',
    commands: [addRecipientOpen],
  }
}

async function policy(): Promise<Group> {
  const { addPolicyEvaluate } = await import('./policy-evaluate.ts')
  const { addPolicyLint } = await import('./policy-lint.ts')
  return {
    name: 'policy',
    summary: 'Try key policies and identity policies without a service, and find what is wrong with them.',
    commands: [addPolicyEvaluate, addPolicyLint],
  }
}
