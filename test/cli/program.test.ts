import { describe, expect, it } from 'vitest'
import type { AddCommand, CommandIo } from '../../src/cli/command.ts'
import { UsageError } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/core/clock.ts'

/** A world that keeps what is written to it. */
function recordingIo(env: Record<string, string> = {}): CommandIo & { out: string; err: string } {
  return {
    out: '',
    err: '',
    write(output) {
      this.out += typeof output === 'string' ? output : Buffer.from(output).toString()
    },
    warn(line) {
      this.err += `${line}\n`
    },
    readStdin: () => Promise.resolve(new Uint8Array()),
    env,
    clock: systemClock,
  }
}

const seen: unknown[] = []
const addLook: AddCommand = (parent, host) => {
  parent
    .command('look')
    .option('--data <dir>', 'where', 'here')
    .option('--many <file>', 'several', (file: string, files: string[] | undefined) => [
      ...(files ?? []),
      file,
    ])
    .option('--json', 'as JSON')
    .option('--lab', 'weaker')
    .option('--unsafe-thing <x>', 'weaker still')
    .action(
      host.run((options: object) => {
        seen.push(options)
        return Promise.resolve(1)
      }),
    )
}
const addFail: AddCommand = (parent, host) => {
  parent.command('fail <how>').action(
    host.run((how: string) => {
      throw how === 'use' ? new UsageError('wrong') : new Error('broken')
    }),
  )
}
const COMMANDS = { top: [addLook], groups: [{ name: 'group', summary: 'Several.', commands: [addFail] }] }

describe('runProgram', () => {
  it('ends with the status of the command', async () => {
    expect(await runProgram(['look'], COMMANDS, recordingIo())).toBe(1)
  })

  it.each([
    ['no command', []],
    ['an unknown command', ['proxy']],
    ['an unknown flag', ['look', '--tls']],
    ['a flag without its value', ['look', '--data']],
    ['too many words', ['look', 'x']],
    ['what the command calls wrong use', ['group', 'fail', 'use']],
  ])('ends with 2, saying why on standard error, for %s', async (_, args) => {
    const io = recordingIo()
    expect(await runProgram(args, COMMANDS, io)).toBe(2)
    expect(io.err).not.toBe('')
    expect(io.out).toBe('')
  })

  it('ends with 3 for a failure of the program, without a stack trace', async () => {
    const io = recordingIo()
    expect(await runProgram(['group', 'fail', 'hard'], COMMANDS, io)).toBe(3)
    expect(io.err).toBe('attested-kms: broken\n')
  })

  it.each([[['--help']], [['look', '--help']], [['group', '--help']], [['group', 'fail', '--help']]])(
    'shows help for %j on standard output and ends with 0',
    async (args) => {
      const io = recordingIo()
      expect(await runProgram(args, COMMANDS, io)).toBe(0)
      expect(io.out).toContain('Usage: attested-kms')
    },
  )
})

describe('variables of the environment', () => {
  const look = async (args: string[], env: Record<string, string>): Promise<unknown> => {
    seen.length = 0
    await runProgram(['look', ...args], COMMANDS, recordingIo(env))
    return seen[0]
  }

  it('set a flag that the command line leaves out', async () => {
    expect(await look([], { ATTESTED_KMS_DATA: 'there', ATTESTED_KMS_MANY: 'a' })).toEqual({
      data: 'there',
      many: ['a'],
    })
    expect(await look(['--data', 'here'], { ATTESTED_KMS_DATA: 'there' })).toEqual({ data: 'here' })
  })

  it('switch a flag on or off', async () => {
    expect(await look([], { ATTESTED_KMS_JSON: '1' })).toEqual({ data: 'here', json: true })
    expect(await look([], { ATTESTED_KMS_JSON: '0' })).toEqual({ data: 'here', json: false })
    const io = recordingIo({ ATTESTED_KMS_JSON: 'maybe' })
    expect(await runProgram(['look'], COMMANDS, io)).toBe(2)
  })

  it('cannot set what weakens the service', async () => {
    expect(await look([], { ATTESTED_KMS_LAB: '1', ATTESTED_KMS_UNSAFE_THING: 'x' })).toEqual({
      data: 'here',
    })
  })
})
