import { X509Certificate } from 'node:crypto'
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

describe('parseCertificate makes no key of', () => {
  const der = makeAttestation().chain[4] ?? new Uint8Array()
  const spki = new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' })
  const pointAt = Buffer.from(der).indexOf(spki) + spki.length - 96
  const p = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n

  /** The certificate with another point in it; its signature does not matter to the reader. */
  const withPoint = (x: bigint, y: bigint): Uint8Array => {
    const hex = (number: bigint): string => number.toString(16).padStart(96, '0')
    const changed = Buffer.from(der)
    changed.set(Buffer.from(hex(x) + hex(y), 'hex'), pointAt)
    return changed
  }

  it.each<readonly [string, bigint, bigint]>([
    ['a point beside the curve', 1n, 1n],
    ['two zeros', 0n, 0n],
    ['a coordinate that is p', 0n, p],
    ['coordinates above p', p + 1n, p + 2n],
  ])('%s', (_, x, y) => {
    expect(parseCertificate(withPoint(x, y), 'test')).toMatchObject({ isP384: true, publicKey: null })
  })

  it('a point on the curve whose x is written with p added', () => {
    // x = 0 has y² = b; the root is the (p + 1) / 4th power, since p leaves 3 when divided by 4.
    const b =
      0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn
    const smallX = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((x) => ({ x, square: (x ** 3n - 3n * x + b) % p }))
    const found = smallX.map(({ x, square }) => ({ x, square, y: power(square, (p + 1n) / 4n, p) }))
    const point = found.find(({ y, square }) => (y * y) % p === square)
    if (!point) throw new Error('none of the first numbers is the x of a point')
    expect(parseCertificate(withPoint(point.x, point.y), 'test').publicKey).not.toBeNull()
    expect(parseCertificate(withPoint(point.x + p, point.y), 'test').publicKey).toBeNull()
  })
})

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent === 0n) return 1n
  const half = power(base, exponent / 2n, modulus)
  return (half * half * (exponent % 2n === 1n ? base : 1n)) % modulus
}
