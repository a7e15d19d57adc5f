import { ATTESTATION_CHECKS } from './attestation-checks.ts'
import type { AttestationErrorCode } from './errors.ts'
import type { VerifyOptions } from './verify-options.ts'
import { unsafeEvaluationTime } from './verify-options.ts'
import { examineAttestation } from './verify.ts'

/** A check that fails. */
export interface WrongThing {
  readonly code: AttestationErrorCode
  /** What would hold if it passed. */
  readonly check: string
  readonly message: string
}

/** What a search for faults assumes, beyond the settings it was given. */
type Assumption = 'its own root' | 'its own time'

/** What is found once something that stood in the way is taken for granted. */
export interface FurtherFinding {
  /** All that is assumed. */
  readonly assuming: readonly Assumption[]
  /** `null` where nothing else is found. */
  readonly wrong: WrongThing | null
}

/** The outcome of a search for faults. It is no verdict, and holds nothing of the document. */
export interface Findings {
  /** The first check that fails; `null` where none does. */
  readonly wrong: WrongThing | null
  /** What stands behind an untrusted root or a window that is over, in the order in which they are lifted. */
  readonly further: readonly FurtherFinding[]
}

/** Codes whose failure says nothing about the document but when it is looked at. */
const TIME_CODES: ReadonlySet<AttestationErrorCode> = new Set([
  'CHAIN_NOT_YET_VALID',
  'CHAIN_EXPIRED',
  'DOCUMENT_FROM_FUTURE',
  'DOCUMENT_TOO_OLD',
])

/**
 * Runs the checks of the verifier and answers which one fails first, for people who look at a document. Since anybody's
 * document fails at the root, and a captured one at its age, those two are then taken for granted to see what else there
 * is. `ownRootSha256` is the hash of the first certificate in the document, `null` where there is none. Answers words
 * only: a document that passes here has not been verified for anything.
 */
export async function findWhatIsWrong(
  bytes: Uint8Array,
  options: VerifyOptions,
  ownRootSha256: string | null,
): Promise<Findings> {
  const wrong = await findFirst(bytes, options)
  const further: FurtherFinding[] = []
  let [last, assumed] = [wrong, options]
  if (
    (last?.code === 'CHAIN_UNTRUSTED_ROOT' || last?.code === 'CHAIN_NO_ANCHORS') &&
    ownRootSha256 !== null
  ) {
    const root = {
      name: 'its own',
      partitions: [],
      sha256: ownRootSha256,
      notAfter: null,
      source: 'the document',
    }
    assumed = { ...assumed, anchors: [root] }
    last = await findFirst(bytes, assumed)
    further.push({ assuming: ['its own root'], wrong: last })
  }
  if (last && TIME_CODES.has(last.code) && options[unsafeEvaluationTime] !== 'document') {
    const { maxAgeSeconds: _, ...ageless } = assumed
    const wrongThen = await findFirst(bytes, { ...ageless, [unsafeEvaluationTime]: 'document' })
    const assuming = [...(further[0]?.assuming ?? []), 'its own time' as const]
    further.push({ assuming, wrong: wrongThen })
  }
  return { wrong, further }
}

async function findFirst(bytes: Uint8Array, options: VerifyOptions): Promise<WrongThing | null> {
  // Without a cache: nothing that is tried out here may be remembered.
  const { cache: _, ...settings } = options
  const report = await examineAttestation(bytes, settings)
  if (report.verdict === 'accepted') return null
  const { code, message } = report.error
  return { code, message, check: ATTESTATION_CHECKS.find((check) => check.code === code)?.name ?? '' }
}
