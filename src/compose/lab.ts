import { encodeBase64 } from '../core/base64.ts'
import type { MovableClock } from '../core/clock.ts'
import type { LabActions } from '../http/lab-routes.ts'
import type { IssueLabDocument } from './lab-documents.ts'

/** What a lab is made of. `reset` removes the keys and makes those of the seed file anew. */
export interface LabOptions {
  readonly seed: string
  /** DER of the root that follows from the seed. */
  readonly rootCertificate: Uint8Array
  readonly clock: MovableClock
  readonly reset: () => Promise<void>
}

/** Makes what the admin listener can ask of a lab. The simulator is loaded when the first document is asked for. */
export function createLabActions({ seed, rootCertificate, clock, reset }: LabOptions): LabActions {
  let issue: Promise<IssueLabDocument> | undefined
  return {
    async reset() {
      clock.reset()
      await reset()
    },
    async issueDocument(request) {
      issue ??= import('./lab-documents.ts').then(({ createLabDocuments }) => createLabDocuments(seed, clock))
      return (await issue)(request)
    },
    rootPem: toPem(rootCertificate),
    setClock(to) {
      if (to) clock.moveTo(to)
      else clock.reset()
      return clock.now()
    },
  }
}

/** RFC 7468 §2: 64 characters a line. */
function toPem(der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
