import { AttestationError } from '../../src/attestation/errors.ts'
import type { VerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifiedAttestation } from '../../src/attestation/verified-attestation.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { judge } from './judge.ts'
import type { FuzzCase } from './make-case.ts'
import { Fault } from './read-document.ts'

/** How the verifier answered to a case. */
export interface CaseResult {
  /** `null` where the document was accepted. */
  readonly code: string | null
  /** What is wrong with the answer; empty where nothing is. */
  readonly violations: readonly string[]
  /** The most processor time of the answers, in milliseconds. */
  readonly milliseconds: number
}

/** More processor time than this must no input take. */
export const LIMIT_MILLISECONDS = 50

/** From here on it is measured again: collecting garbage and compiling are not the input's doing. */
const DOUBTFUL_MILLISECONDS = 15

interface Answer {
  readonly code: string | null
  readonly attestation: VerifiedAttestation | null
  readonly milliseconds: number
}

/** A cache for the documents of the shared chains, and one for all others. */
export interface Caches {
  readonly shared: VerificationCache
  readonly other: VerificationCache
}

/** Verifies a case with a cache that holds facts of many documents and without, and holds the answers to what they must be. */
export async function checkCase(one: FuzzCase, caches: Caches): Promise<CaseResult> {
  const violations: string[] = []
  const plain = await answer(one)
  const cache = one.isShared ? caches.shared : caches.other
  if (one.before !== one.input) await answer({ ...one, input: one.before }, cache)
  const cached = await answer(one, cache)
  if (plain.code !== cached.code) {
    violations.push(
      `with the cache it says ${cached.code ?? 'accepted'}, without ${plain.code ?? 'accepted'}`,
    )
  }
  violations.push(...judgeAnswer(one, plain), ...judgeAnswer(one, cached))
  const first = Math.max(plain.milliseconds, cached.milliseconds)
  const milliseconds = first > DOUBTFUL_MILLISECONDS ? await measureAgain(one) : first
  if (milliseconds > LIMIT_MILLISECONDS) violations.push(`it takes ${milliseconds} ms of processor time`)
  return { code: plain.code, violations: [...new Set(violations)], milliseconds }
}

/** Processor time of all threads, so that signatures count too. */
async function answer({ input, options }: FuzzCase, cache?: VerificationCache): Promise<Answer> {
  const before = process.cpuUsage()
  const { code, attestation } = await verdict()
  const { user, system } = process.cpuUsage(before)
  return { code, attestation, milliseconds: (user + system) / 1000 }

  async function verdict(): Promise<Omit<Answer, 'milliseconds'>> {
    try {
      return {
        code: null,
        attestation: await verifyAttestation(input, cache ? { ...options, cache } : options),
      }
    } catch (error) {
      // The only exception there may be; `judgeAnswer` names any other.
      const isOwn = error instanceof AttestationError
      return { code: isOwn ? error.code : `not an AttestationError: ${String(error)}`, attestation: null }
    }
  }
}

/** The median of seven more answers. */
async function measureAgain(one: FuzzCase): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 7; round++) times.push((await answer(one)).milliseconds)
  return times.toSorted((a, b) => a - b)[3] ?? 0
}

/**
 * A document that nothing bad was done to must be accepted, and one with a single fault refused for that fault. Where more
 * was done, one change may undo another, so that the witness alone decides whether it may be accepted.
 */
function judgeAnswer(one: FuzzCase, { code, attestation }: Answer): readonly string[] {
  const [only, ...more] = one.changes.map(({ outcome }) => outcome)
  const single = more.length === 0 ? only : 'judged'
  if (attestation) {
    const isFaulty = single !== undefined && single !== 'accepted' && single !== 'judged'
    return [...(isFaulty ? ['it is accepted'] : []), ...compare(one, attestation)]
  }
  if (code?.startsWith('not an AttestationError')) return [code]
  if (one.changes.every(({ outcome }) => outcome === 'accepted'))
    return [`it is good, and refused with ${code}`]
  if (typeof single !== 'object' || single.includes(code ?? '')) return []
  return [`it is refused with ${code}, not with ${single.join(' or ')}`]
}

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex')

/** What was accepted must be what an independent verifier takes and reads. */
function compare({ input, options }: FuzzCase, attestation: VerifiedAttestation): readonly string[] {
  try {
    const { document, sha256, window } = judge(input, options)
    const pcrsOf = (pcrs: ReadonlyMap<number, Uint8Array>): unknown =>
      Array.from(pcrs, ([index, value]) => [index, hex(value)])
    const theirs = [
      document.kind,
      document.moduleId,
      document.timestamp,
      pcrsOf(document.pcrs),
      sha256,
      window,
      ...[document.publicKey, document.userData, document.nonce].map(hex),
    ]
    const { kind, moduleId, timestamp, pcrs, chain, validFrom, validUntil } = attestation
    const ours = [
      kind,
      moduleId,
      timestamp.getTime(),
      pcrsOf(pcrs),
      chain.map((member) => member.sha256),
      [validFrom.getTime(), validUntil.getTime()],
      ...[attestation.publicKey, attestation.userData, attestation.nonce].map(hex),
    ]
    const differs =
      JSON.stringify(ours) === JSON.stringify(theirs) ? [] : ['it is read in another way than by the witness']
    return attestation.anchor.sha256 === sha256[0] ? differs : [...differs, 'it is anchored in another root']
  } catch (error) {
    return [
      error instanceof Fault
        ? `it is accepted, and not true: ${error.message}`
        : `the witness fails: ${String(error)}`,
    ]
  }
}
