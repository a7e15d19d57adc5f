import type { Fault } from '../../src/simulator/faults/fault.ts'
import { FAULTS, ODDITIES } from '../../src/simulator/faults.ts'
import type { LabPki } from '../../src/simulator/lab-pki.ts'
import { BAD_DOCUMENTS, GENUINE_DOCUMENTS } from '../support/attestation/genuine-documents.ts'
import type { Answer } from './driver.ts'
import { Driver } from './driver.ts'
import type { Installed, Missing, Peer } from './peer.ts'
import { describeLab } from './lab.ts'
import type { BaseRequest, Question } from './question.ts'
import { awsRootOf, genuineQuestion, goodQuestion, questionAbout } from './question.ts'

/** What a verifier said to one document. */
export interface Verdict {
  /** Id of the fault or oddity, or name of the file. */
  readonly id: string
  /** What is wrong or odd with it. */
  readonly what: string
  /** The code that it is to be refused with; null if it is to be accepted. */
  readonly code: string | null
  /** `null` where it could not be asked, and why. */
  readonly verdict: Answer['verdict'] | null
  readonly message: string
}

/** All verdicts of a verifier. */
export interface Comparison {
  readonly faults: readonly Verdict[]
  readonly oddities: readonly Verdict[]
  /** Documents of AWS's at their own time. */
  readonly genuine: readonly Verdict[]
  /** Broken and foreign documents that public projects keep as test data. */
  readonly negative: readonly Verdict[]
}

/** The lab, and what all its documents say. */
export interface Bench {
  readonly pki: LabPki
  readonly base: BaseRequest
}

/** Asks a verifier about everything; or tells why it cannot be asked. */
export async function compare(peer: Peer, bench: Bench): Promise<Comparison | Missing> {
  const installed = await peer.install(describeLab(bench.pki))
  if ('missing' in installed) return installed
  using asked = openDrivers(installed, bench.pki)
  const good = await asked.ask(goodQuestion(bench))
  if (good.verdict !== 'accepted')
    return { missing: `it does not accept a good document: ${good.verdict}, ${good.message}` }

  const about = async (fault: Fault): Promise<Verdict> => {
    const { id, what, code } = fault
    const question = questionAbout(fault, peer, bench)
    if ('notAsked' in question) return { id, what, code, verdict: null, message: question.notAsked }
    const { verdict, message } = await asked.ask(question)
    return { id, what, code, verdict, message }
  }
  const captured = async ({ file, bytes, index }: (typeof GENUINE_DOCUMENTS)[number]): Promise<Verdict> => {
    const { verdict, message } = await asked.ask(genuineQuestion({ file, bytes, index, path: '' }))
    const genuine = index.kind !== 'negative'
    return { id: file, what: index.kind, code: genuine ? null : 'any', verdict, message }
  }
  return {
    faults: await inTurn(FAULTS, about),
    oddities: await inTurn(ODDITIES, about),
    genuine: await inTurn(GENUINE_DOCUMENTS, captured),
    negative: await inTurn(BAD_DOCUMENTS, captured),
  }
}

/** The drivers of one verifier, one for each root that may be built into it. */
function openDrivers({ command }: Installed, { rootCertificate }: LabPki) {
  const drivers = { lab: new Driver(command.lab), aws: new Driver(command.aws) }
  const [genuine] = GENUINE_DOCUMENTS
  // Without a genuine document at hand nothing carries AWS's root; what only a verifier's own copy of it tells is lost.
  const roots = { lab: rootCertificate, aws: genuine ? awsRootOf(genuine.bytes) : new Uint8Array() }
  return {
    ask: ({ root, ...rest }: Question): Promise<Answer> =>
      typeof root === 'string'
        ? drivers[root].ask({ ...rest, root: roots[root] })
        : drivers.lab.ask({ ...rest, root }),
    [Symbol.dispose]: (): void => {
      for (const driver of Object.values(drivers)) driver[Symbol.dispose]()
    },
  }
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await work(item))
  return results
}
