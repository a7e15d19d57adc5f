import { parseCoseSign1 } from '../../src/attestation/cose-sign1.ts'
import type { AttestationDocument } from '../../src/attestation/document.ts'
import { parseDocument } from '../../src/attestation/document.ts'
import type { Fault, VerifyWith } from '../../src/simulator/faults/fault.ts'
import type { IssuerRequest } from '../../src/simulator/issuer.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import type { LabPki } from '../../src/simulator/lab-pki.ts'
import type { GenuineDocument } from '../support/attestation/genuine-documents.ts'
import type { DriverQuestion } from './driver.ts'
import type { Peer, TrustedRoot } from './peer.ts'

/** A document, when it is judged, and which root is trusted then. */
export interface Question extends Omit<DriverQuestion, 'root'> {
  /** A root that is neither AWS's nor the lab's is given as DER. */
  readonly root: TrustedRoot | Uint8Array
}

/** Why a peer cannot be asked about a fault. */
export interface NotAsked {
  readonly notAsked: string
}

/** What every document of the simulator says, so that each peer finds what it demands. */
export type BaseRequest = Omit<IssuerRequest, 'fault' | 'at'>

/**
 * A document with a fault or an oddity, as the catalogue wants it judged. It is issued so that the time it is to be
 * judged at is the present: so verifiers that know no other time can be asked too.
 */
export function questionAbout(
  fault: Fault,
  peer: Peer,
  { pki, base }: { readonly pki: LabPki; readonly base: BaseRequest },
): Question | NotAsked {
  const notAsked = whyNotAsked(fault, peer)
  if (notAsked !== null) return { notAsked }
  const { clock = { secondsAfterIssue: 1 }, roots } = fault.verifyWith ?? {}
  const present = Date.now()
  const secondsAfterIssue = clock === 'document' ? 1 : clock.secondsAfterIssue
  const issued = new Date(present - secondsAfterIssue * 1000)
  const issuer = new LabIssuer({ pki, clock: { now: () => issued } })
  const { document, certificates } = issuer.issue({ ...base, at: issued, fault: fault.id })
  const at = clock === 'document' ? timestampOf(document) : new Date(present)
  if (roots === 'as-issued') return { document, at, root: certificates[0] ?? 'lab' }
  return { document, at, root: roots === 'aws' ? 'aws' : 'lab' }
}

/** Faults and oddities that lie in a setting which verifiers of others do not have; null for all the rest. */
function whyNotAsked({ code, verifyWith = {} }: Fault, peer: Peer): string | null {
  const { clock, roots, maxAgeSeconds, recipientKey } = verifyWith
  // What must be accepted with a demand must be accepted without it; what must be refused for it need not be.
  if (recipientKey === true && code !== null) return 'no other verifier looks at recipient keys'
  if (maxAgeSeconds !== undefined && code !== null) return 'no other verifier has a maximum age'
  if (roots === 'none') return 'no other verifier can be without a root'
  if (roots === 'as-issued' && peer.root === 'built in') return 'its root cannot be set'
  return peer.clock === 'machine' && needsSetClock(clock) ? 'its clock cannot be set' : null
}

/** Whether a minute more or less changes what is right: at the ends of a leaf's window of three hours. */
function needsSetClock(clock: VerifyWith['clock']): boolean {
  if (clock === 'document') return true
  return clock !== undefined && Math.abs(clock.secondsAfterIssue - 10_800) < 60
}

/** A good document, issued and judged now. */
export function goodQuestion({ pki, base }: { readonly pki: LabPki; readonly base: BaseRequest }): Question {
  const at = new Date()
  const { document } = new LabIssuer({ pki, clock: { now: () => at } }).issue({ ...base, at })
  return { document, at, root: 'lab' }
}

/** A captured document at its own time; at the present where it has none that can be read. */
export function genuineQuestion({ bytes, index }: GenuineDocument): Question {
  const own = new Date(index.timestamp)
  return { document: bytes, at: Number.isNaN(own.getTime()) ? new Date() : own, root: 'aws' }
}

/** AWS's root certificate, which every genuine document carries as the first of its bundle. */
export function awsRootOf(document: Uint8Array): Uint8Array {
  const [root] = readDocument(document).cabundle
  if (!root) throw new Error('the document has no bundle')
  return root
}

function timestampOf(document: Uint8Array): Date {
  return new Date(readDocument(document).timestampMilliseconds)
}

function readDocument(document: Uint8Array): AttestationDocument {
  return parseDocument(parseCoseSign1(document).payload)
}
