import { encodeBase64 } from '../core/base64.ts'
import type { JsonObject } from '../core/json.ts'
import type { DocumentRequest } from './document-request.ts'
import { parseDocumentRequest } from './document-request.ts'
import type { LabAction } from './lab-action.ts'
import type { LabEnclaves } from './lab-enclaves.ts'
import { enclaveActionsByPath } from './lab-enclaves.ts'
import { checkMemberNames, readTime, refuseMember } from './lab-input.ts'

/** A document that was issued. */
export interface IssuedDocument {
  readonly document: Uint8Array
  readonly moduleId: string
  readonly timestamp: Date
}

/** What lab mode can do beside answering KMS requests. */
export interface LabActions {
  /** Removes all keys and aliases, ends all simulated enclaves, and sets the clock back to the present. */
  reset(): Promise<void>
  issueDocument(request: DocumentRequest): Promise<IssuedDocument>
  readonly enclaves: LabEnclaves
  readonly rootPem: string
  /** Moves the clock, or sets it back to the present where `to` is `null`; answers its time. */
  setClock(to: Date | null): Date
}

/** The requests of lab mode that change something, by their path; all are `POST`. */
export function labActionsByPath(lab: LabActions): ReadonlyMap<string, LabAction> {
  return new Map<string, LabAction>([
    [
      '/lab/reset',
      async (input) => {
        checkMemberNames(input, [])
        await lab.reset()
        return { status: 'ok' }
      },
    ],
    [
      '/lab/documents',
      async (input) => {
        const issued = await lab.issueDocument(parseDocumentRequest(input))
        const { moduleId, timestamp } = issued
        return { document: encodeBase64(issued.document), moduleId, timestamp: timestamp.toISOString() }
      },
    ],
    ...enclaveActionsByPath(lab.enclaves),
    ['/lab/clock', async (input) => ({ now: lab.setClock(readClock(input)).toISOString() })],
  ])
}

/** `{"to": TIME}` moves the clock, `{"to": null}` sets it back; without the member nobody said which. */
function readClock(input: JsonObject): Date | null {
  checkMemberNames(input, ['to'])
  if (!('to' in input)) throw refuseMember('to', 'must be a time as in RFC 3339, or null')
  return readTime(input, 'to') ?? null
}
