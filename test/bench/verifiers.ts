import { randomBytes } from 'node:crypto'
import { systemClock } from '../../src/core/clock.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { makeBaseRequest } from '../peers/base-request.ts'
import type { DriverQuestion } from '../peers/driver.ts'
import { Driver } from '../peers/driver.ts'
import { createPeerLab, describeLab } from '../peers/lab.ts'
import type { Command, Installed } from '../peers/peer.ts'
import { OWN, OWN_WITH_CACHE, PEERS } from '../peers/peers.ts'
import { pinnedTo } from './pinned.ts'
import type { Spread } from './statistics.ts'
import { percentile, round, spreadOf } from './statistics.ts'

/** How much each verifier is asked. */
export interface VerifiersBench {
  /** Slices of each verifier, in turn. */
  readonly rounds: number
  /** Documents of a slice. */
  readonly documents: number
  /** Whether verifiers that have to be compiled first are, which takes minutes. */
  readonly mayCompile: boolean
  readonly progress: (line: string) => void
}

/**
 * Verifiers of others beside ours, each in a process of its own, one document after another, none met before. They
 * keep no caches; ours is measured without one (cold: all signatures) and with it (warm: that of the document alone).
 */
export interface VerifiersReport {
  /** All on one and the same core. */
  readonly oneCore: Beside | string
  /** Each on all cores that there are. */
  readonly allCores: Beside
  readonly skipped: Readonly<Record<string, string>>
}

export interface Beside {
  /** Microseconds a document. */
  readonly verifiers: Readonly<Record<string, Spread>>
  /** Ours by theirs, first deciles, which neighbours on the cores disturb least: less than 1 is less time. */
  readonly ratios: Readonly<Record<string, { readonly cold: number; readonly warm: number }>>
}

/** A verifier in its process, and what its documents took. */
interface Contender {
  readonly name: string
  readonly driver: Driver
  readonly microseconds: number[]
}

type Ask = (contender: Pick<Contender, 'name' | 'driver'>) => Promise<number>

const WARM_UP = { documents: 200, milliseconds: 2_000 }

/** Measures our verifier and every other that can be had. */
export async function measureVerifiers(bench: VerifiersBench): Promise<VerifiersReport> {
  const pki = createPeerLab()
  const lab = describeLab(pki, bench.mayCompile)
  const issuer = new LabIssuer({ pki, clock: systemClock })
  const base = makeBaseRequest(pki)
  const question = (): DriverQuestion => ({
    document: issuer.issue({ ...base, nonce: randomBytes(32) }).document,
    at: new Date(),
    root: pki.rootCertificate,
  })
  const ask: Ask = async ({ name, driver }) => {
    const { verdict, microseconds, message } = await driver.ask(question())
    if (verdict !== 'accepted') throw new Error(`${name} does not accept a good document: ${message}`)
    return microseconds
  }

  const commands = new Map<string, Command>()
  const skipped: Record<string, string> = {}
  for (const { name, install } of [OWN, OWN_WITH_CACHE, ...PEERS]) {
    bench.progress(`verification beside others: ${name}`)
    const installed = await install(lab)
    const reason = 'missing' in installed ? installed.missing : await whyUnable(name, installed, ask)
    if (reason !== null) skipped[name] = reason
    else if ('command' in installed) commands.set(name, installed.command.lab)
  }
  const pin = pinnedTo(1)
  return {
    oneCore: 'missing' in pin ? pin.missing : await measureBeside(commands, bench, { ask, pin }),
    allCores: await measureBeside(commands, bench, { ask, pin: null }),
    skipped,
  }
}

async function whyUnable(name: string, { command }: Installed, ask: Ask): Promise<string | null> {
  using driver = new Driver(command.lab)
  try {
    await ask({ name, driver })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function measureBeside(
  commands: ReadonlyMap<string, Command>,
  { rounds, documents }: VerifiersBench,
  { ask, pin }: { readonly ask: Ask; readonly pin: Command | null },
): Promise<Beside> {
  using cleanup = new DisposableStack()
  const contenders = [...commands].map(([name, command]): Contender => {
    const pinned = pin && {
      ...command,
      program: pin.program,
      args: [...pin.args, command.program, ...command.args],
    }
    return { name, driver: cleanup.use(new Driver(pinned ?? command)), microseconds: [] }
  })
  for (const contender of contenders) await warmUp(() => ask(contender))
  for (let turn = 0; turn < rounds; turn++) {
    for (const contender of contenders) {
      for (let count = 0; count < documents; count++) contender.microseconds.push(await ask(contender))
    }
  }
  return toBeside(contenders)
}

/** Some are compiled while they run, so all may run for a while before they are measured. */
async function warmUp(ask: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + WARM_UP.milliseconds
  for (let count = 0; count < WARM_UP.documents && performance.now() < end; count++) await ask()
}

function firstDecile({ microseconds }: Contender): number {
  return percentile(Float64Array.from(microseconds).sort(), 0.1)
}

function toBeside(contenders: readonly Contender[]): Beside {
  const [cold, warm, ...others] = contenders
  if (!cold || !warm) throw new Error('our own verifier did not run')
  const ratio = (own: Contender, other: Contender): number => round(firstDecile(own) / firstDecile(other), 3)
  return {
    verifiers: Object.fromEntries(
      contenders.map(({ name, microseconds }) => [name, spreadOf(microseconds, 0)]),
    ),
    ratios: Object.fromEntries(
      others.map((other) => [other.name, { cold: ratio(cold, other), warm: ratio(warm, other) }]),
    ),
  }
}
