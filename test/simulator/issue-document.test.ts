import { X509Certificate, verify } from 'node:crypto'
import { encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import type { IssueOptions } from '../../src/simulator/issue-document.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { PROFILES } from '../../src/simulator/profile.ts'
import { codeFromVerifier } from './code-from-verifier.ts'
import { readDocument } from './read-document.ts'

const pki = createLabPki({ seed: 'documents' })
const at = new Date('2026-04-21T22:09:27.456Z')
const KINDS = ['nitro-enclave', 'nitrotpm'] as const

const seconds = (time: Date, later: number): Date => new Date(time.getTime() + later * 1000)

describe('issueDocument gives the same bytes', () => {
  it.each(KINDS)('for the same lab and options (%s)', (kind) => {
    const options: IssueOptions = { kind, at, nonce: Uint8Array.of(1), region: 'eu-west-1' }
    const again = issueDocument(createLabPki({ seed: 'documents' }), options)
    expect(again.document).toEqual(issueDocument(pki, options).document)
    expect(again.certificates[0]).toEqual(pki.rootCertificate)
  })

  it('and other keys and measurements for another seed', () => {
    const other = createLabPki({ seed: 'other documents' })
    const [mine, theirs] = [pki, other].map((lab) => issueDocument(lab, { kind: 'nitro-enclave', at }))
    if (!mine || !theirs) throw new TypeError('two documents')
    expect(mine.document).not.toEqual(theirs.document)
    expect(mine.moduleId).not.toBe(theirs.moduleId)
    expect(mine.pcrs.get(0)).not.toEqual(theirs.pcrs.get(0))
    mine.certificates.forEach((der, level) => {
      const keyOf = (bytes: Uint8Array | undefined) =>
        new X509Certificate(bytes ?? '').publicKey.export({ format: 'jwk' })
      expect(keyOf(der)).not.toEqual(keyOf(theirs.certificates[level]))
    })
  })
})

describe('the chain of a document', () => {
  const { document, certificates } = issueDocument(pki, { kind: 'nitro-enclave', at })
  const chain = certificates.map((der) => new X509Certificate(der))

  it('is signed link by link, as node:crypto sees it', () => {
    chain.forEach((certificate, level) => {
      const issuer = chain[Math.max(0, level - 1)]
      if (!issuer) throw new TypeError('an issuer')
      expect(certificate.verify(issuer.publicKey)).toBe(true)
      expect(certificate.issuer).toBe(issuer.subject)
    })
  })

  it('has windows that lie in one another', () => {
    for (const [level, certificate] of chain.entries()) {
      const parent = chain[Math.max(0, level - 1)] ?? certificate
      expect(certificate.validFromDate >= parent.validFromDate).toBe(true)
      expect(certificate.validToDate <= parent.validToDate).toBe(true)
    }
  })

  it('has lifetimes in seconds of 1731600, 504000, 86400 and 10803 below the root', () => {
    expect(
      chain
        .slice(1)
        .map(({ validFromDate, validToDate }) => (validToDate.getTime() - validFromDate.getTime()) / 1000),
    ).toEqual([1_731_600, 504_000, 86_400, 10_803])
  })

  it('has a leaf that begins three seconds before the document', () => {
    expect(chain.at(-1)?.validFromDate).toEqual(new Date('2026-04-21T22:09:24Z'))
  })

  it('has a leaf whose serial number is the end of the module id and the time of issue', () => {
    const [, number] =
      /-enc([0-9a-f]{16})$/.exec(readDocument(document).fields.get('module_id') as string) ?? []
    const issued = Math.floor(at.getTime() / 1000)
      .toString(16)
      .padStart(16, '0')
    expect(chain.at(-1)?.serialNumber.toLowerCase().padStart(32, '0')).toBe(`${number}${issued}`)
  })

  it('signs the Sig_structure with the key of the leaf', () => {
    const { protectedHeader, payload, signature } = readDocument(document)
    const structure = encode(['Signature1', protectedHeader, new Uint8Array(), payload])
    const key = chain.at(-1)?.publicKey
    if (!key) throw new TypeError('a leaf')
    expect(verify('sha384', structure, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
  })
})

describe('a NitroTPM document', () => {
  it('has a leaf serial number of four bytes and a module id that ends in zeros', () => {
    const { certificates, moduleId } = issueDocument(pki, { kind: 'nitrotpm', at })
    expect(new X509Certificate(certificates.at(-1) ?? '').serialNumber).toHaveLength(8)
    expect(moduleId).toMatch(/^i-[0-9a-f]{17}-tpm0{16}$/)
  })
})

describe('the fields of a document', () => {
  it('hold what was given, and null for what was not', () => {
    const { fields } = readDocument(
      issueDocument(pki, {
        kind: 'nitro-enclave',
        at,
        userData: new Uint8Array(),
        nonce: Uint8Array.of(1, 2),
      }).document,
    )
    expect(fields.get('public_key')).toBeNull()
    expect(fields.get('user_data')).toEqual(new Uint8Array())
    expect(fields.get('nonce')).toEqual(Uint8Array.of(1, 2))
    expect(fields.get('timestamp')).toBe(at.getTime())
    expect(fields.get('digest')).toBe('SHA384')
  })

  it('name the enclave by its instance, its start and sixteen bits more', () => {
    const startedAt = new Date('2026-04-20T00:00:00.001Z')
    const { moduleId } = issueDocument(pki, {
      kind: 'nitro-enclave',
      at,
      instanceId: 'i-0123456789abcdef0',
      startedAt,
    })
    expect(moduleId.slice(0, 35)).toBe(
      `i-0123456789abcdef0-enc${startedAt.getTime().toString(16).padStart(12, '0')}`,
    )
    expect(moduleId).toHaveLength(39)
  })
})

describe('a document is accepted by the verifier', () => {
  const asked = (issued: ReturnType<typeof issueDocument>, now: Date) =>
    codeFromVerifier({ document: issued.document, now, roots: [pki.rootCertificate] })

  it.each(KINDS.flatMap((kind) => PROFILES.map((profile) => [kind, profile] as const)))(
    'for a %s of the shape of %s',
    async (kind, profile) => {
      expect(await asked(issueDocument(pki, { kind, at, profile }), at)).toBeNull()
    },
  )

  it('at its time, and refused with CHAIN_EXPIRED three hours later', async () => {
    const issued = issueDocument(pki, { kind: 'nitro-enclave', at })
    expect(await asked(issued, seconds(at, 10_799))).toBeNull()
    expect(await asked(issued, seconds(at, 10_802))).toBe('CHAIN_EXPIRED')
  })
})

describe('issueDocument refuses', () => {
  const enclave = { kind: 'nitro-enclave', at } as const
  it.each<[string, string, IssueOptions]>([
    ['a time that is none', 'SIMULATOR_TIME_INVALID', { ...enclave, at: new Date('') }],
    [
      'a time before the root',
      'SIMULATOR_TIME_OUT_OF_RANGE',
      { ...enclave, at: new Date('2019-01-03T00:00:00Z') },
    ],
    [
      'a time after the root',
      'SIMULATOR_TIME_OUT_OF_RANGE',
      { ...enclave, at: new Date('2048-12-30T00:00:00Z') },
    ],
    ['a start before 1970', 'SIMULATOR_TIME_INVALID', { ...enclave, startedAt: new Date(-1) }],
    ['a name that is no Region', 'SIMULATOR_REGION_INVALID', { ...enclave, region: 'us-east-1.aws' }],
    ['another form of instance id', 'SIMULATOR_INSTANCE_ID_INVALID', { ...enclave, instanceId: 'i-0123' }],
    ['PCR32', 'SIMULATOR_PCR_INVALID', { ...enclave, pcrs: new Map([[32, new Uint8Array(48)]]) }],
    ['PCR-1', 'SIMULATOR_PCR_INVALID', { ...enclave, pcrs: new Map([[-1, new Uint8Array(48)]]) }],
    ['PCR0 of 47 bytes', 'SIMULATOR_PCR_INVALID', { ...enclave, pcrs: new Map([[0, new Uint8Array(47)]]) }],
    ['a TPM in debug mode', 'SIMULATOR_OPTION_NOT_FOR_KIND', { kind: 'nitrotpm', at, debug: true }],
    [
      'a TPM with a role',
      'SIMULATOR_OPTION_NOT_FOR_KIND',
      { kind: 'nitrotpm', at, roleArn: 'arn:aws:iam::1:role/a' },
    ],
    ['an unknown fault', 'SIMULATOR_FAULT_UNKNOWN', { ...enclave, fault: 'no-such-fault' }],
  ])('%s with %s', (_, code, options) => {
    expect(() => issueDocument(pki, options)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a lab document', () => {
  it('shows every measurement that it was given in hexadecimal as it was given', () => {
    const value = new Uint8Array(48).fill(0xab)
    const { document } = issueDocument(pki, {
      kind: 'nitro-enclave',
      at,
      pcrs: new Map([
        [0, value],
        [16, value],
      ]),
    })
    const { pcrs } = readDocument(document)
    expect([...pcrs.keys()]).toEqual(Array.from({ length: 17 }, (_, index) => index))
    expect(toHex(pcrs.get(16) ?? new Uint8Array())).toBe('ab'.repeat(48))
  })
})
