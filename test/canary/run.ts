import { spawnSync } from 'node:child_process'

// Each check is run on a folder of deliberate faults. A check that passes there, or fails without naming what it
// should have found, can no longer fail at all.

interface Canary {
  readonly check: string
  readonly command: readonly string[]
  /** What the output must name. */
  readonly finds: readonly RegExp[]
}

const faults = 'test/canary/faults'
const CANARIES: readonly Canary[] = [
  {
    check: 'types',
    command: ['tsc', '-p', `${faults}/tsconfig.json`],
    finds: [/types\.ts.*TS2322.*Secret/, /types\.ts.*TS2322.*undefined/],
  },
  {
    check: 'lint',
    command: ['oxlint', '-c', 'test/config/oxlint.json', '--type-aware', `${faults}/src`],
    finds: [
      /no-explicit-any/,
      /no-floating-promises/,
      /no-non-null-assertion/,
      /switch-exhaustiveness-check/,
      /eqeqeq/,
      /no-cycle/,
    ],
  },
  {
    check: 'format',
    command: ['prettier', '--check', `${faults}/src/keys/format.ts`],
    finds: [/format\.ts/],
  },
  { check: 'deadcode', command: ['knip', '--directory', `${faults}/deadcode`], finds: [/unused/] },
]

/** What is wrong with a canary; `null` if it found what it should. */
function silentPass({ check, command, finds }: Canary): string | null {
  const [program = '', ...args] = command
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status === 0) return `${check}: passed a folder of deliberate faults`
  const missing = finds.filter((find) => !find.test(stdout + stderr))
  return missing.length === 0 ? null : `${check}: did not find ${missing.join(', ')}`
}

const silent = CANARIES.map(silentPass).filter((complaint) => complaint !== null)
for (const complaint of silent) process.stderr.write(`canary: ${complaint}\n`)
if (silent.length === 0) process.stdout.write(`canary: ${CANARIES.length} checks can fail\n`)
process.exitCode = silent.length === 0 ? 0 : 1
