import type { Clock } from '../core/clock.ts'
import type { DocumentRequest } from '../http/document-request.ts'
import { refuseMember } from '../http/lab-input.ts'
import type { IssuedDocument } from '../http/lab-routes.ts'
import { SimulatorError } from '../simulator/errors.ts'
import { LabIssuer } from '../simulator/issuer.ts'
import { createLabPki } from '../simulator/lab-pki.ts'

/** Issues the documents that the admin listener is asked for. */
export type IssueLabDocument = (request: DocumentRequest) => IssuedDocument

/**
 * Makes the issuer of a lab. It throws `HttpError` `ADMIN_INPUT_INVALID` for what the simulator does not make, such as
 * a time before 1970 or a fault of an unknown id.
 */
export function createLabDocuments(seed: string, clock: Clock): IssueLabDocument {
  const issuer = new LabIssuer({ pki: createLabPki({ seed }), clock })
  return (request) => {
    try {
      const { document, moduleId, timestamp } = issuer.issue(request)
      return { document, moduleId, timestamp }
    } catch (cause) {
      if (!(cause instanceof SimulatorError)) throw cause
      throw refuseMember('document', cause.message)
    }
  }
}
