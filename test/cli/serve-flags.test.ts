import { describe, expect, it } from 'vitest'
import type { RunningService } from '../../src/compose/service.ts'
import type { AddCommand, CommandIo } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { addServe } from '../../src/cli/serve.ts'
import { describeService } from '../../src/cli/welcome.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import { readConfig } from '../../src/config/config.ts'
import { systemClock } from '../../src/core/clock.ts'

/** The flags that `serve` would run with. */
async function flagsOf(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServeFlags> {
  let seen: unknown
  const capture: AddCommand = (parent, host) =>
    addServe(parent, {
      ...host,
      run:
        () =>
        async (...inner) =>
          void (seen = inner[0]),
    })
  const io: CommandIo = {
    write: () => undefined,
    warn: () => undefined,
    readStdin: async () => new Uint8Array(),
    env,
    clock: systemClock,
  }
  expect(await runProgram(['serve', ...args], { top: [capture], groups: [] }, io)).toBe(0)
  // What commander hands to the action of `serve`.
  return seen as ServeFlags
}

describe('serve', () => {
  it('takes several roots, each with its partition', async () => {
    const flags = await flagsOf(['--attestation-root', 'a.pem', '--attestation-root', 'aws-us-gov=b.pem'])
    expect(readConfig(flags).attestationRoots).toEqual([
      { path: 'a.pem', partitions: ['aws'] },
      { path: 'b.pem', partitions: ['aws-us-gov'] },
    ])
  })

  it('takes what is trusted, and when, from no variable of the environment', async () => {
    const named = [
      'ATTESTATION_ROOT',
      'LAB',
      'LAB_SEED',
      'UNSAFE_ATTESTATION_CLOCK',
      'UNSAFE_ALLOW_UNSIGNED',
      'UNSAFE_EXPOSE_LAB',
    ]
    const env = Object.fromEntries(named.map((name) => [`ATTESTED_KMS_${name}`, '1']))
    const flags = await flagsOf([], { ...env, ATTESTED_KMS_ATTESTATION_MAX_AGE: '600' })
    const config = readConfig(flags)
    expect([config.attestationRoots, config.lab, config.attestationMaxAgeSeconds]).toEqual([[], null, 600])
  })
})

describe('what an operator is told at start', () => {
  const running = (unsafe: readonly string[]): RunningService => ({
    kmsUrl: 'http://127.0.0.1:1',
    adminUrl: 'http://127.0.0.1:2',
    nsmUrl: null,
    unsafe,
    administratorFile: null,
    reloadSeed: async () => undefined,
    stop: async () => undefined,
  })

  it('names every mark in lab mode', () => {
    const flags = { lab: true, unsafeAttestationClock: 'document', data: 'd' }
    const text = describeService(running(['lab-root', 'attestation-clock-document']), readConfig(flags))
    expect(text.split('\n')[0]).toMatch(/LAB MODE \(lab-root, attestation-clock-document\)/)
  })

  it('warns in production mode of the root of a lab, and of nothing else', () => {
    const config = readConfig({ attestationRoot: ['lab.pem'], data: 'd' })
    expect(describeService(running(['lab-root']), config).split('\n')[0]).toMatch(
      /WARNING \(lab-root\): .*Whoever knows its seed/,
    )
    expect(describeService(running([]), config)).not.toContain('WARNING')
  })
})
