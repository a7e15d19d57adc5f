import type { Command } from './command.ts'
import { UsageError } from './command.ts'

/**
 * Flags that no environment variable can set: they say what is trusted and when, and an inherited variable is no deliberate
 * choice.
 */
const WITHOUT_VARIABLE = /^--(?:lab|lab-seed|attestation-root|root|at|unsafe-.*|help)$/

/** What help says of variables; the same for every command. */
export const ENVIRONMENT_HELP =
  '\nEvery flag can also be set by a variable of the environment, such as ATTESTED_KMS_DATA for --data' +
  '\n(not --lab, --lab-seed, --attestation-root, --root, --at and --unsafe-…). The command line goes first.'

/**
 * Gives a command the flags that its command line leaves out and the environment names. A flag without a value is on
 * for `1` and `true`, off for `0`, `false` and nothing. Throws `UsageError` for any other text.
 */
export function applyEnvironment(command: Command, env: Readonly<Record<string, string | undefined>>): void {
  for (const option of command.options) {
    const flag = option.long ?? ''
    if (WITHOUT_VARIABLE.test(flag)) continue
    const variable = `ATTESTED_KMS_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`
    const text = env[variable]
    const name = option.attributeName()
    if (text === undefined || command.getOptionValueSource(name) === 'cli') continue
    const takesValue = option.required || option.optional
    command.setOptionValueWithSource(
      name,
      takesValue ? valueOf(option, text) : onOrOff(variable, text),
      'env',
    )
  }
}

/** A repeatable flag gets a list of the one value. */
function valueOf(option: Command['options'][number], text: string): unknown {
  if (option.parseArg) return option.parseArg(text, undefined)
  return option.variadic ? [text] : text
}

function onOrOff(variable: string, text: string): boolean {
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false' || text === '') return false
  throw new UsageError(`${variable} takes 1 or 0`)
}
