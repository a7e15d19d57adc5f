import { hash } from 'node:crypto'
import { createTurns } from '../core/turns.ts'
import { findAnchor } from './anchor-checks.ts'
import type { AttestationReport } from './attestation-report.ts'
import { listChecks } from './attestation-report.ts'
import type { SoundCertificate } from './certificate-checks.ts'
import { checkCertificates } from './certificate-checks.ts'
import type { Chain } from './chain.ts'
import { toPath } from './chain.ts'
import { parseChain } from './parse-chain.ts'
import { checkChain } from './chain-checks.ts'
import { parseCoseSign1 } from './cose-sign1.ts'
import type { AttestationDocument } from './document.ts'
import { parseDocument } from './document.ts'
import { AttestationError } from './errors.ts'
import type { EvaluationTime } from './evaluation-time.ts'
import { readEvaluationTime } from './evaluation-time.ts'
import { takeInput } from './input.ts'
import type { Progress } from './progress.ts'
import { describeProgress, summarizeChain, toUnverifiedParts } from './progress.ts'
import type { RecipientKey } from './recipient-key.ts'
import { parseRecipientKey } from './recipient-key.ts'
import { checkSignatures } from './signature-checks.ts'
import { checkDocumentTime } from './time-checks.ts'
import type { TrustAnchor } from './trust-anchor.ts'
import type { VerifiedAttestation } from './verified-attestation.ts'
import type { TakenOptions, VerifyOptions } from './verify-options.ts'
import { takeOptions } from './verify-options.ts'

/**
 * Verifies an attestation document of a Nitro enclave or a NitroTPM down to one of the anchors (AWS Nitro Enclaves user
 * guide, "Verifying the root of trust"). `bytes` are its COSE_Sign1 structure, with or without the tag, up to 16,640 of
 * them; they are copied before the call returns. Rejects with `AttestationError`, whose code names the first check of
 * `ATTESTATION_CHECKS` that failed, and with `TypeError` for bytes that are no `Uint8Array`, options that make no sense
 * and a clock without a valid date. No network, no state but the cache. The signatures are verified in the thread pool,
 * and of many calls at once one reads its document in each round of the event loop.
 */
export async function verifyAttestation(
  bytes: Uint8Array,
  options: VerifyOptions,
): Promise<VerifiedAttestation> {
  const { attestation } = await runChecks(bytes, takeOptions(options), {})
  return attestation
}

/**
 * Verifies like `verifyAttestation`, and answers the whole walk instead of rejecting with an `AttestationError`.
 * Rejects with `TypeError` where that one does.
 */
export async function examineAttestation(
  bytes: Uint8Array,
  options: VerifyOptions,
): Promise<AttestationReport> {
  const progress: Progress = {}
  const taken = takeOptions(options)
  const { demandRecipientKey } = taken
  try {
    const { attestation, recipientKey } = await runChecks(bytes, taken, progress)
    const checks = listChecks({ error: null, demandRecipientKey, details: describeProgress(progress) })
    return { verdict: 'accepted', attestation, recipientKey, checks }
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    const checks = listChecks({ error, demandRecipientKey, details: describeProgress(progress) })
    return { verdict: 'rejected', error, checks, unverified: toUnverifiedParts(progress) }
  }
}

// There is one event loop, and so one order of turns: reading a document takes a part of a millisecond, and a hundred that
// come at once must not hold up everything else for a hundred times as long.
const turns = createTurns()

/** Phases from cheap to dear, parsing before trust; nothing leaves before the last one. Notes in `progress` what it reads. */
async function runChecks(
  bytes: Uint8Array,
  options: TakenOptions,
  progress: Progress,
): Promise<{ readonly attestation: VerifiedAttestation; readonly recipientKey: RecipientKey | null }> {
  const { cache, futureSkewSeconds, maxAgeSeconds } = options
  const input = takeInput(bytes)
  await turns.take()
  const sign1 = parseCoseSign1(input)
  const document = parseDocument(sign1.payload)
  progress.document = document
  const time = readEvaluationTime(document, options)
  progress.time = time

  const { anchor, chain: encoded } = findAnchor(document, options.anchors)
  progress.anchor = anchor
  const chain: Chain = parseChain(encoded, cache)
  progress.chain = chain
  checkCertificates(chain)
  checkChain(chain, { time, futureSkewSeconds })

  const inputSha256 = hash('sha256', input, 'hex')
  await checkSignatures({ chain, sign1, inputSha256 }, cache)
  const { timestampMilliseconds } = document
  const leafValidity = chain.leaf.certificate.validity
  checkDocumentTime({ timestampMilliseconds, leafValidity, time, futureSkewSeconds, maxAgeSeconds })
  cache?.remember({ chain, inputSha256 }, time.seconds)

  const attestation = toVerified({ document, time, anchor, chain })
  const recipientKey = options.demandRecipientKey ? parseRecipientKey(attestation) : null
  return { attestation, recipientKey }
}

/** What is known of a document that passed all checks but those of the recipient key. */
interface PassedParts {
  readonly document: AttestationDocument
  readonly time: EvaluationTime
  readonly anchor: TrustAnchor
  readonly chain: Chain<SoundCertificate>
}

function toVerified({ document, time, anchor, chain }: PassedParts): VerifiedAttestation {
  const { kind, moduleId, timestampMilliseconds, pcrs, publicKey, userData, nonce } = document
  const windows = toPath(chain).map(({ certificate }) => certificate.validity)
  const parts = {
    kind,
    moduleId,
    timestamp: new Date(timestampMilliseconds),
    pcrs,
    publicKey,
    userData,
    nonce,
    anchor,
    chain: summarizeChain(chain),
    validFrom: new Date(Math.max(...windows.map(({ notBefore }) => notBefore.getTime()))),
    validUntil: new Date(Math.min(...windows.map(({ notAfter }) => notAfter.getTime()))),
    evaluatedAt: new Date(time.milliseconds),
    evaluationClock: time.clock,
  }
  // The one place where the brand is put on: its only caller has made every check before.
  return parts as typeof parts & VerifiedAttestation
}
