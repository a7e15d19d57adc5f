import type { MovableClock } from '../core/clock.ts'
import { encodeBase64 } from '../core/base64.ts'
import type { DocumentRequest } from '../http/document-request.ts'
import type { IssuedDocument, LabActions } from '../http/lab-routes.ts'
import { FAULTS, ODDITIES } from '../simulator/faults.ts'
import { LabIssuer } from '../simulator/issuer.ts'
import { createLabPki } from '../simulator/lab-pki.ts'

/** The lab: its root, and what the admin listener can ask of it. */
export interface Lab {
  readonly rootCertificate: Uint8Array
  readonly actions: LabActions
}

/** What a lab is made of. `reset` removes the keys and makes those of the seed file anew. */
export interface LabOptions {
  readonly seed: string
  readonly clock: MovableClock
  readonly reset: () => Promise<void>
}

/** Makes the lab of a seed. Throws `SimulatorError` as `createLabPki` does. */
export function createLab({ seed, clock, reset }: LabOptions): Lab {
  const pki = createLabPki({ seed })
  const issuer = new LabIssuer({ pki, clock })
  return {
    rootCertificate: pki.rootCertificate,
    actions: {
      async reset() {
        clock.reset()
        await reset()
      },
      issueDocument: async (request) => issue(issuer, request),
      faults: [...FAULTS, ...ODDITIES].map(({ id }) => id),
      rootPem: toPem(pki.rootCertificate),
      setClock(to) {
        if (to) clock.moveTo(to)
        else clock.reset()
        return clock.now()
      },
    },
  }
}

function issue(issuer: LabIssuer, request: DocumentRequest): IssuedDocument {
  const { document, moduleId, timestamp } = issuer.issue(request)
  return { document, moduleId, timestamp }
}

/** RFC 7468 §2: 64 characters a line. */
function toPem(der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
