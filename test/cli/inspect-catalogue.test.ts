import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { inspectAttestation } from '../../src/attestation/inspect.ts'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { judgeInspection } from '../../src/cli/inspection-judgement.ts'
import { toInspectionText } from '../../src/cli/inspection-text.ts'
import { FAULTS, ODDITIES } from '../../src/simulator/faults.ts'
import type { VerifyWith } from '../../src/simulator/faults/fault.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import {
  BAD_DOCUMENTS,
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'

const at = new Date('2026-04-21T22:09:27.456Z')
const pki = createLabPki({ seed: 'inspected faults' })
const issuer = new LabIssuer({ pki, clock: { now: () => at } })
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spki = publicKey.export({ type: 'spki', format: 'der' })

const anchor = (der: Uint8Array) =>
  parseTrustAnchor(der, { name: 'lab', partitions: ['aws'], source: 'test' })

function optionsFor(verifyWith: VerifyWith = {}, certificates: readonly Uint8Array[]): VerifyOptions {
  const { clock = { secondsAfterIssue: 1 }, roots, maxAgeSeconds, recipientKey } = verifyWith
  const own = roots === 'as-issued' ? (certificates[0] ?? pki.rootCertificate) : pki.rootCertificate
  const now = clock === 'document' ? at : new Date(at.getTime() + clock.secondsAfterIssue * 1000)
  return {
    anchors: roots === 'none' ? [] : roots === 'aws' ? [AWS_NITRO_ROOT] : [anchor(own)],
    clock: { now: () => now },
    demandRecipientKey: recipientKey === true,
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(clock === 'document' && { [unsafeEvaluationTime]: 'document' as const }),
  }
}

async function textOf(bytes: Uint8Array, options: VerifyOptions) {
  const inspection = await inspectAttestation(bytes)
  const judgement = await judgeInspection(bytes, inspection, options)
  return { inspection, judgement, text: toInspectionText('a file', inspection, judgement) }
}

/** Lines that a terminal of 100 columns breaks, or that hold what could steer it. */
const oddLines = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.length > 100 || !/^[\x20-\x7e–…└]*$/.test(line))

describe('inspecting a document of the catalogue', () => {
  // Of either kind every second one: what a fault is about does not depend on the kind.
  const cases = [...FAULTS, ...ODDITIES].map((fault, index) => {
    const kind = index % 2 === 0 ? ('nitro-enclave' as const) : ('nitrotpm' as const)
    return { id: fault.id, code: fault.code, fault, kind }
  })
  it.for(cases)('names what is wrong in lines that fit: $id, $kind, $code', async ({ fault, kind }) => {
    const issued = issuer.issue({ kind, publicKey: spki, fault: fault.id })
    const options = optionsFor(fault.verifyWith, issued.certificates)
    const { judgement, text } = await textOf(issued.document, options)
    expect(judgement.wrong?.code ?? null).toBe(fault.code)
    expect(text).toContain(`\n  wrong       ${fault.code ?? 'nothing was found'}`)
    expect(oddLines(text)).toEqual([])
  })

  it('shows the document wherever its fault leaves one to be shown', async () => {
    const unreadable: string[] = []
    for (const { id } of FAULTS) {
      const { document } = issuer.issue({ kind: 'nitro-enclave', publicKey: spki, fault: id })
      const { moduleId, timestamp, pcrs, chain } = await inspectAttestation(document)
      const parts = [moduleId, timestamp, pcrs.length > 0, chain.length > 0]
      if (parts.every((part) => part === null || part === false)) unreadable.push(id)
    }
    // Nothing is there, or what is there begins with something else than a document.
    expect(unreadable.sort()).toEqual([
      'cbor-deep-nesting',
      'cbor-huge-bstr-length',
      'cbor-reserved-additional-info',
      'cbor-stray-break',
      'cose-payload-detached',
      'cose-payload-empty',
      'cose-payload-not-bstr',
      'doc-payload-array',
      'doc-payload-plain-text',
      'input-base64-text',
      'input-empty',
      'input-pem-text',
    ])
  })
})

describe('inspecting captured documents', () => {
  const now = { anchors: [AWS_NITRO_ROOT], clock: { now: () => new Date('2030-01-01T00:00:00Z') } }

  it.skipIf(!haveGenuineDocuments)(
    `all of AWS’s own are whole and expired, and fit into 100 columns${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      expect(GENUINE_DOCUMENTS.length).toBeGreaterThan(0)
      for (const { bytes } of GENUINE_DOCUMENTS) {
        const { judgement, inspection, text } = await textOf(bytes, now)
        expect([judgement.wrong?.code, judgement.further, inspection.stoppedBy]).toEqual([
          'CHAIN_EXPIRED',
          [{ assuming: ['its own time'], wrong: null }],
          null,
        ])
        expect(oddLines(text)).toEqual([])
      }
    },
  )

  it.skipIf(!haveGenuineDocuments)(
    `of the bad ones as much is shown as can be read${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      const seen: Record<string, readonly unknown[]> = {}
      for (const { file, bytes } of BAD_DOCUMENTS) {
        const { inspection, judgement, text } = await textOf(bytes, now)
        expect(oddLines(text)).toEqual([])
        const name = /neg_(.*)_/.exec(file)?.[1] ?? file
        const { pcrs, chain, brokenAt } = inspection
        seen[name] = [judgement.wrong?.code, pcrs.length, chain.length, brokenAt?.within ?? null]
      }
      expect(seen).toEqual({
        'bad-cose-signature': ['CHAIN_EXPIRED', 16, 5, null],
        'bad-leaf-der': ['CHAIN_UNTRUSTED_ROOT', 16, 5, null],
        'malformed-pcr': ['COSE_SIGNATURE_LENGTH_INVALID', 16, 3, 'payload'],
        'missing-3-bytes': ['CBOR_TEXT_INVALID', 16, 5, 'payload'],
        'mock-custom-root': ['CHAIN_UNTRUSTED_ROOT', 16, 2, null],
        'not-an-attestation': ['COSE_UNPROTECTED_NOT_EMPTY', 0, 0, 'payload'],
      })
    },
  )
})
