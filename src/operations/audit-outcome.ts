import type { AuditFacts } from '../audit/audit-facts.ts'
import { toRecipientData } from '../audit/recipient-data.ts'
import { toRequestParameters } from '../audit/request-parameters.ts'
import { toResponseElements } from '../audit/response-elements.ts'
import type { JsonObject } from '../core/json.ts'
import type { AnswerBody } from './answer-body.ts'
import type { Answer, Call } from './call.ts'
import type { DecisionNotes } from './decision-notes.ts'
import { KmsError } from './errors.ts'
import type { Operation } from './operation.ts'
import type { RecipientVerdict } from './recipient-verdict.ts'
import type { Services } from './services.ts'

/** How a call ended: with an answer and the members it was made of, which some operations do not have, or refused. */
export type Outcome =
  | { readonly answer: Answer; readonly body: AnswerBody | null; readonly refusal: null }
  | { readonly answer: null; readonly body: null; readonly refusal: KmsError }

/** A call that has ended, and what was found out about it on the way. */
interface EndedCall {
  readonly operation: Operation
  readonly call: Call
  readonly notes: DecisionNotes
}

/**
 * Writes the audit record of a call that has ended, and answers how it ends then: as it did, or refused with
 * `KMSInternalException` where the record cannot be kept, since what leaves no trace must not be answered.
 */
export function auditOutcome(
  { audit }: Pick<Services, 'audit'>,
  ended: EndedCall,
  outcome: Outcome,
): Outcome {
  try {
    audit.record(toFacts(ended, outcome))
    return outcome
  } catch (cause) {
    return { answer: null, body: null, refusal: new KmsError('KMSInternalException', null, { cause }) }
  }
}

/** What is known of a call as soon as its caller is, before anything of its input is. */
export function toCallFacts(
  operation: string,
  { requestId, caller, origin }: Omit<Call, 'input' | 'receivedAt'>,
): AuditFacts {
  const { kind, arn, accountId, userId, session } = caller.principal
  return {
    service: 'kms',
    operation,
    requestId,
    caller: {
      kind,
      arn,
      accountId,
      userId,
      accessKeyId: caller.accessKeyId,
      ...(session && { roleArn: session.roleArn, sessionStartedAt: session.issuedAt }),
    },
    region: caller.region,
    sourceAddress: origin.address,
    userAgent: origin.userAgent,
    refusal: null,
    requestParameters: null,
    responseElements: null,
    additionalEventData: null,
    resources: [],
  }
}

function toFacts({ operation, call, notes }: EndedCall, { body, refusal }: Outcome): AuditFacts {
  const { name, input } = operation
  const answer = { operation: name, answer: body, keyArn: notes.keyArn }
  return {
    ...toCallFacts(name, call),
    refusal: refusal && { code: refusal.code, text: refusal.text },
    requestParameters: toRequestParameters(call.input, Object.keys(input)),
    responseElements: refusal ? null : toResponseElements(answer),
    additionalEventData: toAdditionalData(body, notes.verdict),
    resources: toResources(notes, body),
  }
}

/** The members of answers that name key material, which CloudTrail shows apart from the answer. */
const MATERIAL_MEMBERS = [
  ['KeyMaterialId', 'keyMaterialId'],
  ['SourceKeyMaterialId', 'sourceKeyMaterialId'],
  ['DestinationKeyMaterialId', 'destinationKeyMaterialId'],
] as const

/** Of a document that failed a check nothing is recorded: anybody can write one, and its code is in the error message. */
function toAdditionalData(body: AnswerBody | null, verdict: RecipientVerdict): JsonObject | null {
  const materials = MATERIAL_MEMBERS.flatMap(([member, name]) => {
    const id = body?.[member]
    return typeof id === 'string' ? [[name, id] as const] : []
  })
  const data = {
    ...Object.fromEntries(materials),
    ...(verdict.verdict === 'accepted' && { recipient: toRecipientData(verdict.attestation) }),
  }
  return Object.keys(data).length === 0 ? null : data
}

/** The key first, as in the sample entries; a key that was just made is known from its answer only. */
function toResources({ keyArn, resources }: DecisionNotes, body: AnswerBody | null): readonly string[] {
  const { KeyMetadata: metadata } = body ?? {}
  const made: unknown =
    keyArn === null && typeof metadata === 'object' && 'Arn' in metadata && metadata['Arn']
  const arns = [keyArn, made, ...resources].filter((arn) => typeof arn === 'string')
  return [...new Set(arns)].filter((arn) => arn !== '*')
}
