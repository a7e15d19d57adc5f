import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import { createPeerLab } from './lab.ts'
import { awsRootOf } from './question.ts'
import { repin } from './repin.ts'

const { rootCertificate } = createPeerLab()

function pem(der: Uint8Array, lineEnd: string): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join(lineEnd)
}

describe.skipIf(!haveGenuineDocuments)(`a program with AWS's root as PEM${NEEDS_GENUINE_DOCUMENTS}`, () => {
  it.each(['\n', '\r\n'])(
    'gets the lab root in its place, line ends %j as they were, and nothing else',
    (end) => {
      const [genuine] = GENUINE_DOCUMENTS
      const awsRoot = awsRootOf(genuine?.bytes ?? new Uint8Array())
      const program = (root: Uint8Array): Buffer => Buffer.from(`\0before${pem(root, end)}after\0`, 'latin1')
      expect(repin(program(awsRoot), rootCertificate)).toEqual(program(rootCertificate))
    },
  )
})

describe("a program with the fingerprint of AWS's root", () => {
  const fingerprint = Buffer.from(AWS_NITRO_ROOT.sha256, 'hex')
  const replacement = createHash('sha256').update(rootCertificate).digest()

  it('gets that of the lab root in its place', () => {
    const program = Buffer.concat([Buffer.alloc(7), fingerprint, Buffer.alloc(9)])
    expect(repin(program, rootCertificate)).toEqual(
      Buffer.concat([Buffer.alloc(7), replacement, Buffer.alloc(9)]),
    )
  })

  it('is also found in pieces of eight bytes', () => {
    const inPieces = (bytes: Buffer): Buffer =>
      Buffer.concat([24, 0, 16, 8].flatMap((at) => [bytes.subarray(at, at + 8), Buffer.of(0xcc)]))
    expect(repin(inPieces(fingerprint), rootCertificate)).toEqual(inPieces(replacement))
  })
})

describe('a program without any trace of the root', () => {
  it('is left alone: null', () => {
    expect(repin(Buffer.from(pem(rootCertificate, '\n')), rootCertificate)).toBeNull()
  })
})
