import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfigErrorCode } from '../../src/config/errors.ts'
import { readRootFile } from '../../src/compose/root-file.ts'
import { collectAnchors } from '../../src/compose/trust-anchors.ts'
import type { Partition } from '../../src/core/partition.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import type { CertificateSpec } from '../support/attestation/a-certificate.ts'
import {
  basicConstraints,
  KEY_USAGE_CA,
  KEY_USAGE_LEAF,
  makeCertificate,
} from '../support/attestation/a-certificate.ts'
import { after, certificateSpec, KEYS, MADE, NAMES } from '../support/attestation/an-attestation.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'

/** Of the machine; none of the packages has it. */
const OPENSSL = 'openssl'
const openssl = spawnSync(OPENSSL, ['version']).status === 0

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'attested-kms-roots-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const root = (changes: Partial<CertificateSpec> = {}): Uint8Array =>
  makeCertificate({ ...certificateSpec('root', 'root'), ...changes })
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

let files = 0
function file(content: Uint8Array | string): string {
  const path = join(folder, `root-${files++}.pem`)
  writeFileSync(path, content)
  return path
}

function read(content: Uint8Array | string, partition: Partition = 'aws', now: Date | null = MADE) {
  return readRootFile({ path: file(content), partitions: [partition] }, now)
}

const refusal = (code: ConfigErrorCode, words: string | RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string }) as Error

describe('readRootFile', () => {
  it.each([
    ['DER', (der: Uint8Array) => der],
    ['PEM', pem],
    [
      'PEM with CRLF and white space around',
      (der: Uint8Array) => `\n ${pem(der).replaceAll('\n', '\r\n')}\n`,
    ],
  ])('pins a root by the SHA-256 of its DER: %s', (_, write) => {
    const der = root()
    const path = file(write(der))
    expect(readRootFile({ path, partitions: ['aws-cn'] }, MADE)).toEqual({
      anchor: {
        name: path,
        partitions: ['aws-cn'],
        sha256: createHash('sha256').update(der).digest('hex'),
        notAfter: new Date('2039-09-24T12:00:00Z'),
        source: path,
      },
      isLabRoot: false,
    })
  })

  it('knows the root of a lab by its name, whatever the seed', () => {
    for (const seed of ['x', 'y']) {
      expect(read(createLabPki({ seed }).rootCertificate).isLabRoot).toBe(true)
    }
  })

  const ca = basicConstraints(true)
  it.each<readonly [ConfigErrorCode, string, Uint8Array | string, RegExp]>([
    ['CONFIG_ATTESTATION_ROOT_INVALID', 'nothing', '', /is not one DER certificate/],
    ['CONFIG_ATTESTATION_ROOT_INVALID', 'text', 'no certificate', /is not one DER certificate/],
    [
      'CONFIG_ATTESTATION_ROOT_INVALID',
      'two certificates',
      pem(root()) + pem(root()),
      /several certificates; name a file for each/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_INVALID',
      'a byte behind it',
      Buffer.concat([root(), Buffer.of(0)]),
      /is not one DER certificate/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_INVALID',
      'a private key',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      /is not one DER/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_INVALID',
      'a root of version 1',
      root({ version: new Uint8Array() }),
      /is not of version 3/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_EXPIRED',
      'a root that has expired',
      root({ notAfter: after(-1) }),
      /expired at 2026-01-15T11:59:59/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'a root that is no CA',
      root({ extensions: [basicConstraints(false), KEY_USAGE_CA] }),
      /is no CA/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'a root without basicConstraints',
      root({ extensions: [KEY_USAGE_CA] }),
      /is no CA/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'a root that may not sign',
      root({ extensions: [ca, KEY_USAGE_LEAF] }),
      /may not sign certificates/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'a root without keyUsage',
      root({ extensions: [ca] }),
      /may not sign certificates/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'an intermediate',
      makeCertificate(certificateSpec('regional', 'root')),
      /is not signed by its own key/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'a forged self-signature',
      root({ issuerKey: KEYS.stranger.privateKey }),
      /is not signed by its own key/,
    ],
    [
      'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT',
      'another issuer’s name',
      root({ issuer: NAMES.regional }),
      /is not signed by its own key/,
    ],
  ])('%s: %s', (code, _, content, words) => {
    expect(() => read(content)).toThrow(refusal(code, words))
  })

  it.each([
    ['no file', () => join(folder, 'none.pem'), /cannot be read \(ENOENT\)/],
    ['a folder', () => folder, /is no file/],
    ['a device without end', () => '/dev/zero', /is no file/],
    ['a file of 1 MiB', () => file(new Uint8Array(1024 * 1024)), /has 1048576 bytes/],
  ])('CONFIG_ATTESTATION_ROOT_UNREADABLE: %s', (_, path, words) => {
    expect(() => readRootFile({ path: path(), partitions: ['aws'] }, MADE)).toThrow(
      refusal('CONFIG_ATTESTATION_ROOT_UNREADABLE', words),
    )
  })

  it('takes a root that has expired where the clock can be moved, and one that begins tomorrow anywhere', () => {
    expect(read(root({ notAfter: after(-1) }), 'aws', null).anchor.notAfter).toEqual(after(-1.25))
    expect(read(root({ notBefore: after(86_400) })).anchor.partitions).toEqual(['aws'])
  })
})

describe.skipIf(!openssl)(`a root that OpenSSL made${openssl ? '' : ' [skipped: no openssl]'}`, () => {
  it.each([
    ['P-256', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha384'], /is not on P-384/],
    ['RSA', ['-newkey', 'rsa:2048', '-sha384'], /is not signed by ecdsa-with-SHA384/],
    [
      'SHA-256',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha256'],
      /is not signed by ecdsa-with-SHA384/,
    ],
  ])('CONFIG_ATTESTATION_ROOT_INVALID: with %s', (_, flags, words) => {
    const made = execFileSync(
      OPENSSL,
      ['req', '-x509', '-nodes', '-subj', '/CN=other', '-days', '9', '-keyout', '/dev/null', ...flags],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    expect(() => read(made)).toThrow(refusal('CONFIG_ATTESTATION_ROOT_INVALID', words))
  })

  it('is taken with P-384 and SHA-384', () => {
    const flags = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384', '-days', '9']
    const use = ['-addext', 'keyUsage=critical,keyCertSign']
    const made = execFileSync(
      OPENSSL,
      ['req', '-x509', '-nodes', '-subj', '/CN=own', '-keyout', '/dev/null', ...flags, ...use],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    expect(read(made).anchor.sha256).toMatch(/^[0-9a-f]{64}$/)
  })
})

/** The first certificate of a document's bundle, 533 bytes, found by the bytes in front of it. */
function rootOf(document: Uint8Array): Uint8Array {
  const at = Buffer.from(document).indexOf(Buffer.from('cabundle\x84\x59\x02\x15', 'latin1'))
  return document.subarray(at + 12, at + 12 + 533)
}

describe('collectAnchors', () => {
  const roots = (...contents: readonly (readonly [Uint8Array, Partition])[]) =>
    contents.map(([content, partition]) => read(content, partition))
  const rows = (anchors: ReturnType<typeof collectAnchors>): readonly string[] =>
    anchors.map(({ partitions, sha256 }) => `${partitions.join('+')} ${sha256.slice(0, 8)}`)
  const sha = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex').slice(0, 8)

  it('has the pinned roots of AWS where an operator names none', () => {
    expect(rows(collectAnchors([], null))).toEqual(['aws 641a0321', 'aws-us-gov 20bcd30a'])
  })

  it('adds several, one partition each, and the same root for two partitions', () => {
    const [one, other] = [root(), root()]
    expect(rows(collectAnchors(roots([one, 'aws'], [one, 'aws-cn'], [other, 'aws']), null)).slice(2)).toEqual(
      [`aws ${sha(one)}`, `aws-cn ${sha(one)}`, `aws ${sha(other)}`],
    )
  })

  it('adds the lab root for every partition, in lab mode only', () => {
    const { rootCertificate } = createLabPki({ seed: 'x' })
    expect(collectAnchors([], rootCertificate).at(-1)).toMatchObject({
      name: 'lab',
      partitions: { length: 8 },
    })
    expect(collectAnchors([], null)).toHaveLength(2)
  })

  it('refuses a root that counts already: CONFIG_ATTESTATION_ROOT_DUPLICATE', () => {
    const one = root()
    const { rootCertificate } = createLabPki({ seed: 'x' })
    const duplicate = refusal('CONFIG_ATTESTATION_ROOT_DUPLICATE', /is trusted already, as /)
    expect(() => collectAnchors(roots([one, 'aws'], [one, 'aws']), null)).toThrow(duplicate)
    expect(() => collectAnchors(roots([rootCertificate, 'aws']), rootCertificate)).toThrow(duplicate)
  })

  it.skipIf(!haveGenuineDocuments)(
    `refuses the root of AWS for another partition than its own${NEEDS_GENUINE_DOCUMENTS}`,
    () => {
      const aws = rootOf(GENUINE_DOCUMENTS[0]?.bytes ?? new Uint8Array())
      for (const partition of ['aws', 'aws-us-gov', 'aws-cn'] as const) {
        expect(() => collectAnchors(roots([aws, partition]), null)).toThrow(
          refusal('CONFIG_ATTESTATION_ROOT_DUPLICATE', /as aws\.nitro-enclaves for aws$/),
        )
      }
    },
  )
})
