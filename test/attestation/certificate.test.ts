import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../src/attestation/certificate.ts'
import { parseCertificate } from '../../src/attestation/certificate.ts'
import { parseCoseSign1 } from '../../src/attestation/cose-sign1.ts'
import { parseDocument } from '../../src/attestation/document.ts'
import { toHex } from '../../src/core/bytes.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { makeAttestation } from '../support/attestation/an-attestation.ts'
import {
  GENUINE_DOCUMENTS,
  NEEDS_GENUINE_DOCUMENTS,
  haveGenuineDocuments,
} from '../support/attestation/genuine-documents.ts'
import type { CertificateReading } from '../support/attestation/second-reading.ts'
import { readByOpenssl, readBySchema } from '../support/attestation/second-reading.ts'

/** The verifier's own reading, in the words of the witnesses. */
function readingOf({ validity, extensions, ...rest }: Certificate): Partial<CertificateReading> {
  const { basicConstraints, keyUsage, critical } = extensions
  return {
    ...validity,
    spkiSha256: rest.spkiSha256,
    isCa: basicConstraints?.isCa ?? false,
    pathLength: basicConstraints?.pathLength ?? null,
    keyCertSign: keyUsage?.keyCertSign ?? false,
    digitalSignature: keyUsage?.digitalSignature ?? false,
    criticalCount: critical.length,
    issuer: toHex(rest.issuer),
    subject: toHex(rest.subject),
    serialNumber: toHex(rest.serialNumber),
  }
}

const certificatesOf = (document: Uint8Array): readonly Uint8Array[] => {
  const { cabundle, certificate } = parseDocument(parseCoseSign1(document).payload)
  return [...cabundle, certificate]
}

function expectAgreement(der: Uint8Array): void {
  const own = readingOf(parseCertificate(der, 'test'))
  expect(own).toEqual(readBySchema(der))
  expect(own).toMatchObject(readByOpenssl(der))
}

describe('parseCertificate reads what @peculiar/asn1-x509 and OpenSSL read', () => {
  it.for([0, 1, 2, 3, 4])('in certificate %i of a document made by the tests', (index) => {
    expectAgreement(makeAttestation().chain[index] ?? new Uint8Array())
  })

  it.for(['2021', '2022', '2024', '2025'] as const)(
    'in documents of the simulator, profile %s',
    (profile) => {
      const clock = { now: () => new Date('2026-04-21T22:09:27.456Z') }
      const issuer = new LabIssuer({ pki: createLabPki({ seed: 'second reading' }), clock })
      for (const kind of ['nitro-enclave', 'nitrotpm'] as const) {
        for (const der of certificatesOf(issuer.issue({ kind, profile }).document)) expectAgreement(der)
      }
    },
  )

  it.skipIf(!haveGenuineDocuments)(`in all genuine documents${NEEDS_GENUINE_DOCUMENTS}`, () => {
    const distinct = new Map(
      GENUINE_DOCUMENTS.flatMap(({ bytes }) => certificatesOf(bytes)).map((der) => [toHex(der), der]),
    )
    for (const der of distinct.values()) expectAgreement(der)
    expect(distinct.size).toBeGreaterThan(200)
  })
})
