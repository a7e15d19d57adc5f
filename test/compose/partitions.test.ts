import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { JUDGED, MADE, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes } from '../support/attestation/cbor-bytes.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import type { ClockedService } from './a-clocked-service.ts'
import { recipientSpki, startClockedService } from './a-clocked-service.ts'

let folder: string
let data: string
const running: ClockedService[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-partitions-'))
  data = join(folder, 'data')
})
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop()
  rmSync(folder, { recursive: true })
})

async function start(flags: ServeFlags = {}, time = JUDGED): Promise<ClockedService> {
  const service = await startClockedService({ data, ...flags }, time)
  running.push(service)
  return service
}

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A document under a PKI of its own that names the recipient key of these tests, and its root. */
function attest(spec: AttestationSpec = {}) {
  const made = makeAttestation({ fields: withField('public_key', bytes(recipientSpki)), ...spec })
  return { document: made.bytes, root: made.chain[0] ?? new Uint8Array() }
}

/** A document under the lab of a seed, made when those of `attest` are. */
function issue(seed: string): Uint8Array {
  const options = { kind: 'nitro-enclave', publicKey: recipientSpki, at: MADE } as const
  return issueDocument(createLabPki({ seed }), options).document
}

describe('a document counts for keys of its root’s partition only', () => {
  const commercial = attest()
  const gov = attest()
  const other = attest()
  const roots = (): readonly string[] => [
    file('commercial.der', commercial.root),
    `aws-us-gov=${file('gov.der', gov.root)}`,
    `aws-cn=${file('cn.der', other.root)}`,
  ]

  it.each([
    ['us-east-1', commercial, gov],
    ['eu-central-1', commercial, other],
    ['us-gov-west-1', gov, commercial],
    ['us-gov-east-1', gov, other],
    ['cn-north-1', other, commercial],
    ['cn-northwest-1', other, gov],
  ])(
    'in %s its own is released to, another partition’s is CHAIN_UNTRUSTED_ROOT',
    async (region, own, foreign) => {
      const service = await start({ attestationRoot: roots() })
      const { body } = await service.call('CreateKey', {}, region)
      const { KeyId } = body['KeyMetadata'] as { KeyId: string }
      const input = { KeyId, KeySpec: 'AES_256' }
      const call = { region, operation: 'GenerateDataKey', input }
      const released = await service.attested({ ...call, document: own.document })
      expect([released.status, typeof released.body['CiphertextForRecipient']]).toEqual([200, 'string'])
      // Twice, and after its own was accepted: what is remembered of bytes is no verdict.
      for (const document of [foreign.document, foreign.document]) {
        const refused = await service.attested({ ...call, document })
        expect([refused.status, refused.reason]).toEqual([400, 'CHAIN_UNTRUSTED_ROOT'])
        expect(refused.body).not.toHaveProperty('CiphertextForRecipient')
        expect(refused.body).not.toHaveProperty('Plaintext')
      }
    },
  )

  it('also when the same document was accepted for its own partition a moment before', async () => {
    const service = await start({ attestationRoot: roots() })
    const { document } = commercial
    expect((await service.attested({ document })).status).toBe(200)
    expect((await service.attested({ document, region: 'us-gov-west-1' })).reason).toBe(
      'CHAIN_UNTRUSTED_ROOT',
    )
    expect((await service.attested({ document })).status).toBe(200)
  })

  it.each([
    'cn-north-1',
    'eusc-de-east-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'us-isof-south-1',
  ])('in %s, whose partition has no known root, every document is CHAIN_NO_ANCHORS', async (region) => {
    const service = await start({ attestationRoot: [file('commercial.der', commercial.root)] })
    const refused = await service.attested({ document: commercial.document, region })
    expect([refused.status, refused.reason]).toEqual([400, 'CHAIN_NO_ANCHORS'])
  })

  it('is listed in /health of both listeners: partition, name and SHA-256 of each, several for one', async () => {
    const service = await start({
      attestationRoot: [...roots(), file('second.der', attest().root)],
    })
    const { anchors, unsafe } = (await service.health()) as {
      anchors: { partition: string; name: string; sha256: string }[]
      unsafe: unknown
    }
    expect(unsafe).toEqual([])
    expect(anchors.map(({ partition, name }) => [partition, name.replace(folder, '')])).toEqual([
      ['aws', 'aws.nitro-enclaves'],
      ['aws-us-gov', 'aws-us-gov.nitro-enclaves'],
      ['aws', '/commercial.der'],
      ['aws-us-gov', '/gov.der'],
      ['aws-cn', '/cn.der'],
      ['aws', '/second.der'],
    ])
    expect(anchors.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true)
    expect(new Set(anchors.map(({ sha256 }) => sha256)).size).toBe(6)
  })
})

describe('the roots of AWS, which are pinned without a file', () => {
  it.skipIf(!haveGenuineDocuments)(
    `release to a genuine document in a commercial Region at its time, and not in GovCloud${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      const genuine = GENUINE_DOCUMENTS.find(({ index }) => index.public_key.kms_recipient_key)
      const document = genuine?.bytes ?? new Uint8Array()
      const service = await start({}, new Date(genuine?.index.timestamp ?? NaN))
      expect((await service.attested({ document })).status).toBe(200)
      expect((await service.attested({ document, region: 'us-gov-west-1' })).reason).toBe(
        'CHAIN_UNTRUSTED_ROOT',
      )
      expect((await service.attested({ document, region: 'cn-north-1' })).reason).toBe('CHAIN_NO_ANCHORS')
    },
  )
})

describe('a lab root', () => {
  const seed = 'a public seed'
  const { rootCertificate } = createLabPki({ seed })

  it('counts for nothing in production mode, even where a lab left its files in the data directory', async () => {
    const lab = await start({ lab: true, labSeed: seed })
    expect((await lab.attested({ document: issue(seed) })).status).toBe(200)
    await running.pop()?.stop()
    const left = readdirSync(data).filter((name) => name.startsWith('lab-'))
    expect(left.some((name) => /^lab-root-.*\.der$/.test(name))).toBe(true)
    const other = join(folder, 'production')
    mkdirSync(other)
    for (const name of left) writeFileSync(join(other, name), rootCertificate, { mode: 0o600 })
    const production = await start({ data: other })
    const { anchors, unsafe } = (await production.health()) as { anchors: object[]; unsafe: unknown }
    expect([anchors.length, unsafe]).toEqual([2, []])
    const refused = await production.attested({ document: issue(seed) })
    expect([refused.status, refused.reason, refused.unsafe]).toEqual([400, 'CHAIN_UNTRUSTED_ROOT', null])
  })

  it('does not bring its store along: a lab’s data directory never opens in production mode', async () => {
    await start({ lab: true, labSeed: seed })
    await running.pop()?.stop()
    await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'STORE_MODE_MISMATCH' }))
    const named = { attestationRoot: [file('lab.der', rootCertificate)] }
    await expect(start(named)).rejects.toThrow(expect.objectContaining({ code: 'STORE_MODE_MISMATCH' }))
  })

  it('that an operator names in production mode is shown in every answer, every log line and /health', async () => {
    const path = file('lab.der', rootCertificate)
    const service = await start({ attestationRoot: [path] })
    const document = issue(seed)
    expect(await service.health()).toMatchObject({ unsafe: ['lab-root'] })
    expect(service.service.unsafe).toEqual(['lab-root'])
    const released = await service.attested({ document })
    expect([released.status, released.unsafe]).toEqual([200, 'lab-root'])
    expect(service.log.length).toBeGreaterThan(0)
    expect(service.log.every(({ unsafe }) => String(unsafe) === 'lab-root')).toBe(true)
    // And for the partition that was named only.
    expect((await service.attested({ document, region: 'us-gov-west-1' })).reason).toBe(
      'CHAIN_UNTRUSTED_ROOT',
    )
  })

  it('of one seed does not stand for that of another', async () => {
    const service = await start({ lab: true, labSeed: seed })
    expect((await service.attested({ document: issue('another seed') })).reason).toBe('CHAIN_UNTRUSTED_ROOT')
    for (const region of ['us-east-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1']) {
      expect((await service.attested({ document: issue(seed), region })).status).toBe(200)
    }
  })
})

describe('a root that cannot be used', () => {
  it.each([
    ['CONFIG_ATTESTATION_ROOT_UNREADABLE', () => join(folder, 'none.pem')],
    ['CONFIG_ATTESTATION_ROOT_INVALID', () => file('text.pem', Buffer.from('no certificate'))],
    [
      'CONFIG_ATTESTATION_ROOT_EXPIRED',
      () => file('old.der', attest({ certificates: { root: { notAfter: MADE } } }).root),
    ],
  ])('ends the start with %s before anything is made on disk', async (code, root) => {
    const attestationRoot = [root()]
    await expect(start({ attestationRoot })).rejects.toThrow(expect.objectContaining({ code }))
    expect(readdirSync(folder)).not.toContain('data')
  })

  it('cannot be named in a seed file either', async () => {
    const seedFile = file('seed.yaml', Buffer.from(`attestationRoots: [${file('a.der', attest().root)}]`))
    await expect(start({ seedFile })).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^SEED_/) as string }),
    )
  })
})
