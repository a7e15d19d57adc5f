import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { AWS_US_GOV_NITRO_ROOT } from '../../src/attestation/roots/aws-us-gov-nitro.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { walkCbor } from '../../src/attestation/cbor-walk.ts'
import { certificateSpec, makeAttestation } from '../support/attestation/an-attestation.ts'
import { makeCertificate } from '../support/attestation/a-certificate.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'

const label = { name: 'a root', partitions: ['aws-cn'], source: 'root.pem' } as const
const { chain } = makeAttestation()
const [root = hex('')] = chain
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
const parse = (text: string | Uint8Array): ReturnType<typeof parseTrustAnchor> =>
  parseTrustAnchor(typeof text === 'string' ? Buffer.from(text) : text, label)

describe('parseTrustAnchor', () => {
  const expected = {
    ...label,
    sha256: createHash('sha256').update(root).digest('hex'),
    notAfter: new Date('2039-09-24T12:00:00Z'),
  }

  it('reads DER', () => {
    expect(parse(root)).toEqual(expected)
  })

  it.each([
    ['as it is', pem(root)],
    ['with white space around', `\n  ${pem(root)}\n\n`],
    ['with CRLF', pem(root).replaceAll('\n', '\r\n')],
  ])('reads PEM %s', (_, text) => {
    expect(parse(text)).toEqual(expected)
  })

  it.each([
    ['nothing', ''],
    ['text', 'root'],
    ['two blocks', pem(root) + pem(root)],
    ['a block of another kind', pem(root).replaceAll('CERTIFICATE', 'PUBLIC KEY')],
    ['a byte behind the certificate', pem(Buffer.concat([root, hex('00')]))],
    ['a block cut off', pem(root).slice(0, -30)],
  ])('refuses %s: CERT_NOT_DER', (_, text) => {
    expect(codeOf(() => parse(text))).toBe('CERT_NOT_DER')
  })

  it('refuses a root that no chain could be verified with', () => {
    const spec = certificateSpec('root', 'root')
    expect(codeOf(() => parse(makeCertificate({ ...spec, version: hex('') })))).toBe(
      'CERT_VERSION_UNSUPPORTED',
    )
  })
})

describe('the built-in roots', () => {
  it.each([AWS_NITRO_ROOT, AWS_US_GOV_NITRO_ROOT])('$name is pinned, with its source', (anchor) => {
    expect(anchor.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(anchor.source).toMatch(/^https:\/\/[a-z.-]+\.amazon(aws)?\.com\//)
    expect(Number.isNaN(anchor.notAfter?.getTime())).toBe(false)
  })

  it('count for one partition each', () => {
    expect([AWS_NITRO_ROOT.partitions, AWS_US_GOV_NITRO_ROOT.partitions]).toEqual([['aws'], ['aws-us-gov']])
  })

  it.skipIf(!haveGenuineDocuments)(
    `the commercial one is the first certificate of genuine documents, with its expiry${NEEDS_GENUINE_DOCUMENTS}`,
    () => {
      const bytes = GENUINE_DOCUMENTS[0]?.bytes ?? hex('')
      const payload = walkCbor(bytes).items[2]
      const start = Buffer.from(bytes).indexOf(hex('68 63 61 62 75 6e 64 6c 65 84 59'), payload?.contentStart)
      const length = Buffer.from(bytes).readUInt16BE(start + 11)
      const { sha256, notAfter } = parse(bytes.subarray(start + 13, start + 13 + length))
      expect({ sha256, notAfter }).toEqual({
        sha256: AWS_NITRO_ROOT.sha256,
        notAfter: AWS_NITRO_ROOT.notAfter,
      })
    },
  )
})
