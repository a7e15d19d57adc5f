import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { signatureStructure } from '../../src/simulator/build-document.ts'
import type { CertificatePlan } from '../../src/simulator/certificate-plan.ts'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { array, bytes } from '../support/attestation/cbor-bytes.ts'
import { encodeTree } from '../support/attestation/cbor-tree.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { mutate } from '../support/attestation/mutations.ts'
import { between, choose, once } from './choose.ts'
import { CERTIFICATE_CHANGES } from './certificate-changes.ts'
import type { Change, Outcome, SigningState } from './change.ts'
import { COSE_CHANGES } from './cose-changes.ts'
import { drawChain } from './draw-chain.ts'
import { drawPayload } from './draw-payload.ts'
import { INPUT_CHANGES } from './input-changes.ts'
import { PAYLOAD_CHANGES } from './payload-changes.ts'
import { PLAN_CHANGES } from './plan-changes.ts'
import { RECIPIENTS } from './recipients.ts'
import type { Recipient } from './recipients.ts'
import { SETTING_CHANGES } from './setting-changes.ts'
import { SIGNING_CHANGES } from './signing-changes.ts'
import type { World } from './world.ts'

/** An input, how it is to be verified, and what was done to it. */
export interface FuzzCase {
  readonly input: Uint8Array
  readonly options: VerifyOptions
  readonly changes: readonly { readonly name: string; readonly outcome: Outcome }[]
  /** The document before the changes that its signature does not cover: what a cache may know of it. */
  readonly before: Uint8Array
  /** Whether its certificates are those of the shared chains. */
  readonly isShared: boolean
}

const STEPS = ['plans', 'certificates', 'payload', 'signing', 'cose', 'input', 'settings'] as const
type Step = (typeof STEPS)[number]

/** Makes a document from the simulator's parts, changed at some of the steps. */
export function makeCase(dice: Dice, world: World): FuzzCase {
  if (world.genuine.length > 0 && once(dice, 16)) return makeGenuineCase(dice, world)
  const count = choose(dice, [0, 1, 1, 1, 1, 1, 1, 2, 2, 3])
  const steps = Array.from({ length: count }, () => choose(dice, STEPS))
  const changes: { name: string; outcome: Outcome }[] = []
  const run = <State>(step: Step, all: readonly Change<State>[], state: State): State => {
    let current = state
    for (const one of steps) {
      if (one !== step) continue
      const { name, apply } = choose(dice, all)
      const changed = apply(current, dice, world)
      if (!changed) continue
      changes.push({ name: `${step}: ${name}`, outcome: changed.outcome })
      current = changed.state
    }
    return current
  }

  const isShared = !once(dice, 3)
  const drawn = isShared ? choose(dice, world.chains) : drawChain(dice, world.lab)
  const recipient = once(dice, 3) ? choose(dice, RECIPIENTS) : choose(dice, RECIPIENTS.slice(0, 5))
  const { options, timestamp } = drawSettings(dice, { world, recipient, ...drawn })
  const { plans } = run('plans', PLAN_CHANGES, drawn)
  const { certificates } = run('certificates', CERTIFICATE_CHANGES, {
    plans,
    at: drawn.at,
    certificates: plans.map(world.encode),
  })
  const { payload } = run('payload', PAYLOAD_CHANGES, {
    payload: drawPayload(dice, { certificates, timestamp, recipient }),
    timestamp,
  })
  const { before, signed } = sign(plans, encodeTree(payload))
  const { input } = run('input', INPUT_CHANGES, { input: signed })
  const settings = run('settings', SETTING_CHANGES, { options, timestamp, plans })
  if (options.demandRecipientKey === true && recipient.code !== null) {
    changes.push({ name: `recipient: ${recipient.code}`, outcome: [recipient.code] })
  }
  return { input, options: settings.options, changes, before, isShared }

  function sign(
    signers: readonly CertificatePlan[],
    written: Uint8Array,
  ): { readonly before: Uint8Array; readonly signed: Uint8Array } {
    const key = signers.at(-1)?.key ?? world.lab.root.key
    const start: SigningState = { plans: signers, payload: written, header: hex('a1013822'), key }
    const changed = run('signing', SIGNING_CHANGES, start)
    const plain = elementsOf(start)
    const elements = changed === start ? plain : elementsOf(changed)
    return { before: array(...plain), signed: array(...run('cose', COSE_CHANGES, { elements }).elements) }
  }
}

/** Signs, and encodes the four elements of COSE_Sign1. */
function elementsOf({ header, payload, key, structure }: SigningState): readonly Uint8Array[] {
  const signature = key.sign(structure ?? signatureStructure(header, payload))
  return [bytes(header), hex('a0'), bytes(payload), bytes(signature)]
}

interface SettingSource {
  readonly world: World
  readonly recipient: Recipient
  readonly plans: readonly CertificatePlan[]
  readonly at: number
}

/** Settings under which the document is good, and a time for it. */
function drawSettings(
  dice: Dice,
  { world, recipient, plans, at }: SettingSource,
): { readonly options: VerifyOptions; readonly timestamp: number } {
  const skew = choose(dice, [undefined, 300, 0, 5, 100_000])
  const leafStart = plans.at(-1)?.notBefore.getTime() ?? at
  const late = Math.max(
    at - choose(dice, [0, 0, 1, 999, between(dice, 1, 10_000_000)]),
    leafStart - (skew ?? 300) * 1000,
  )
  const own = choose(dice, ['clock', 'clock', 'fixed', 'document'] as const)
  const timestamp = own === 'document' ? at : choose(dice, [late, late, at + (skew ?? 300) * 1000])
  const common = {
    anchors: choose(dice, [[world.lab.anchor], [world.lab.anchor], [AWS_NITRO_ROOT, world.lab.anchor]]),
    clock: { now: () => new Date(own === 'clock' ? at : 0) },
    ...(skew === undefined ? {} : { futureSkewSeconds: skew }),
    ...((recipient.code === null || once(dice, 2)) && { demandRecipientKey: once(dice, 2) }),
  }
  const unsafe = own === 'document' ? ('document' as const) : new Date(at)
  return { options: own === 'clock' ? common : { ...common, [unsafeEvaluationTime]: unsafe }, timestamp }
}

/** A document of AWS's with structural changes, none of which anybody signs. */
function makeGenuineCase(dice: Dice, { genuine, lab }: World): FuzzCase {
  const times = dice(3)
  const before = choose(dice, genuine)
  let input = before
  for (let done = 0; done < times; done++) {
    try {
      input = mutate(input, choose(dice, genuine), dice)
    } catch {
      // Only documents that can be read have parts.
      break
    }
  }
  const anchors = choose(dice, [[AWS_NITRO_ROOT], [lab.anchor, AWS_NITRO_ROOT]])
  const options = { anchors, clock: { now: () => new Date() }, [unsafeEvaluationTime]: 'document' } as const
  return {
    input,
    options,
    changes: times === 0 ? [] : [{ name: 'genuine: changed', outcome: 'judged' }],
    before,
    isShared: false,
  }
}
