import { Secret } from '../core/secret.ts'
import { type AnswerBody, encodeAnswer } from './answer-body.ts'
import { authorize, reauthorize, type Request } from './authorize.ts'
import { auditOutcome, type Outcome } from './audit-outcome.ts'
import type { Answer, Call } from './call.ts'
import { type DecisionNotes, toDecisionRecord } from './decision-notes.ts'
import { createKeyLookup } from './key-lookup.ts'
import type { Operation, Scene } from './operation.ts'
import { parseInput } from './parse-input.ts'
import { recipientOf } from './recipient-member.ts'
import { examineRecipient, NO_RECIPIENT, type UsableRecipient } from './recipient-verdict.ts'
import { createRelease } from './release.ts'
import {
  endDryRun,
  requireFitContext,
  requireFitKey,
  requireGrantTokens,
  requireUsableRecipient,
} from './request-checks.ts'
import { findResourceAliases } from './resource-aliases.ts'
import type { Services } from './services.ts'
import { toKmsError } from './to-kms-error.ts'

/**
 * Takes one request through every step, and leaves an audit record and a decision record of it, whatever its end.
 * Rejects with a `KmsError` and with nothing else: what no step foresaw becomes `KMSInternalException` without text, its
 * cause kept for the log.
 */
export async function runOperation(services: Services, operation: Operation, call: Call): Promise<Answer> {
  const notes: DecisionNotes = { keyArn: null, resources: [], verdict: NO_RECIPIENT, decisions: [] }
  const ended = await toOutcome(operation, call, takeSteps(services, operation, { call, notes }))
  const { answer, refusal } = auditOutcome(services, { operation, call, notes }, ended)
  services.decisions.record(toDecisionRecord({ operation: operation.name, call, notes }, refusal))
  if (refusal) throw refusal
  return answer
}

async function toOutcome(
  operation: Operation,
  call: Call,
  steps: ReturnType<typeof takeSteps>,
): Promise<Outcome> {
  try {
    const { body, warnings } = await steps
    const all = [...warningsOf(operation, call), ...warnings]
    return { answer: { body: body && encodeAnswer(body), warnings: all }, body, refusal: null }
  } catch (error) {
    return { answer: null, body: null, refusal: toKmsError(error) }
  }
}

/** The order of the checks; which refusal a caller sees when several apply is decided here. */
async function takeSteps(
  services: Services,
  operation: Operation,
  { call, notes }: { readonly call: Call; readonly notes: DecisionNotes },
): Promise<{ readonly body: AnswerBody | null; readonly warnings: readonly string[] }> {
  const { region } = call.caller
  const input = parseInput(operation.input, call.input, region)
  const subject = await operation.find(input, createKeyLookup(services, operation, call))
  notes.keyArn = subject.key?.arn ?? null
  notes.resources = subject.resources.map(({ arn }) => arn)
  const recipient = recipientOf(operation, call, input)
  const verdict = recipient ? await examineRecipient(services, region, recipient) : NO_RECIPIENT
  notes.verdict = verdict
  const aliases = await findResourceAliases(services, call, subject)
  const request: Request = { services, operation, call, input, subject, aliases, verdict, notes }
  await authorize(request)
  const usable = requireUsableRecipient(request)
  await requireGrantTokens(request)
  requireFitKey(request)
  requireFitContext(request)
  const scene = { ...subject, ...makeScene(request, usable) }
  await operation.check?.(input, scene)
  endDryRun(request)
  const body = await operation.handle(input, scene)
  return { body, warnings: operation.warnings?.(input, scene) ?? [] }
}

function makeScene(request: Request, recipient: UsableRecipient): Scene {
  const { services, call } = request
  const { random } = services
  return {
    call,
    scope: { accountId: call.caller.principal.accountId, region: call.caller.region },
    services,
    newKeyId: () => random.uuid(),
    newGrantId: () => random.bytes(32),
    secretBytes: (length) => new Secret(random.bytes(length)),
    reauthorize: (record) => reauthorize(request, record),
    release: createRelease(recipient, random),
  }
}

/** `Recipient` is a member of five operations; the others ignore it, as AWS does with every unknown member. */
function warningsOf({ name, input }: Operation, call: Call): readonly string[] {
  const ignored = !Object.hasOwn(input, 'Recipient') && (call.input['Recipient'] ?? null) !== null
  return ignored
    ? [`Recipient is no member of ${name} and was ignored: the answer is not encrypted to it`]
    : []
}
