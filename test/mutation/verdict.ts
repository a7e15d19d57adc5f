import type { VerdictCase } from './cases.ts'

type Module = Readonly<Record<string, unknown>>
type Call = (bytes: Uint8Array, options: object) => Promise<unknown>

/** What a verifier says to a document: a code, `null` for accepted, or the name of another error in brackets. */
export async function toVerdict(
  asked: VerdictCase,
  verifier: Module,
  options: Module,
): Promise<string | null> {
  const { document, anchors, now, evaluationTime, settings, entry } = asked
  const unsafeEvaluationTime = options['unsafeEvaluationTime']
  if (typeof unsafeEvaluationTime !== 'symbol') throw new TypeError('there is no unsafeEvaluationTime')
  // The changed verifier has the types of the true one, since only what happens inside is changed.
  const call = verifier[entry] as Call
  try {
    const answer = await call(document, {
      ...settings,
      anchors,
      clock: { now: () => now },
      ...(evaluationTime !== null && { [unsafeEvaluationTime]: evaluationTime }),
    })
    // `examineAttestation` answers what `verifyAttestation` throws.
    if (typeof answer === 'object' && answer !== null && 'error' in answer) throw answer.error
    return null
  } catch (error) {
    if (!(error instanceof Error)) return '(no error)'
    return error.name === 'AttestationError' && 'code' in error ? String(error.code) : `(${error.name})`
  }
}
