import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import type { SampleOfShape } from './genuine-samples.ts'
import { SAMPLE_OF_SHAPE, SKIPPED, haveSamples, readSample } from './genuine-samples.ts'
import { shapeOf } from './read-certificate.ts'
import { readDocument } from './read-document.ts'

const LEVELS = ['root', 'regional', 'zonal', 'instance', 'leaf'] as const

const pki = createLabPki({ seed: 'shape' })

/** A genuine document and one that was issued to be like it. */
function pair([kind, profile, file]: SampleOfShape) {
  const genuine = readDocument(readSample(file))
  const region = /_([a-z0-9-]+)_nitro/.exec(file)?.[1]
  const at = new Date(Number(genuine.fields.get('timestamp')))
  const bytesOf = (name: string) => genuine.fields.get(name) as Uint8Array | null
  const issued = issueDocument(pki, {
    kind,
    profile,
    at,
    region,
    publicKey: bytesOf('public_key'),
    userData: bytesOf('user_data'),
    nonce: bytesOf('nonce'),
  })
  return {
    genuine,
    bytes: readSample(file),
    issued: readDocument(issued.document),
    document: issued.document,
  }
}

/** Whether two numbers are equal or one beside the other. */
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1

describe.skipIf(!haveSamples)(`a document issued with the content of a genuine one${SKIPPED}`, () => {
  describe.each(SAMPLE_OF_SHAPE)('%s of %s (%s)', (...sample) => {
    it('has the same fields in the same order, each of the same type', () => {
      const { genuine, issued } = pair(sample)
      const types = (fields: ReadonlyMap<string, unknown>) =>
        [...fields].map(([name, value]) => [name, value === null ? null : Object(value).constructor.name])
      expect(types(issued.fields)).toEqual(types(genuine.fields))
    })

    it('has the same heads, headers and map encodings', () => {
      const { genuine, issued, bytes, document } = pair(sample)
      expect(toHex(document.subarray(0, 8))).toBe('8444a1013822a059')
      expect(document.subarray(0, 8)).toEqual(bytes.subarray(0, 8))
      expect(issued.payload[0]).toBe(genuine.payload[0])
      expect(issued.payload.at(-1)).toBe(genuine.payload.at(-1))
      expect(issued.unprotected.size).toBe(0)
      expect(issued.signature.length).toBe(96)
    })

    it('measures the same registers', () => {
      const { genuine, issued } = pair(sample)
      expect([...issued.pcrs.keys()]).toEqual([...genuine.pcrs.keys()])
      expect([...issued.pcrs.values()].every((value) => value.length === 48)).toBe(true)
    })

    it.each(LEVELS)('has a %s certificate of the same shape', (level) => {
      const { genuine, issued } = pair(sample)
      const at = LEVELS.indexOf(level)
      const [expected, actual] = [genuine.certificates, issued.certificates].map((all) =>
        shapeOf(all[at] ?? new Uint8Array()),
      )
      if (!expected || !actual) throw new TypeError('a chain is short')
      expect({ ...actual, serialBytes: 0 }).toEqual({ ...expected, serialBytes: 0 })
      expect(near(actual.serialBytes, expected.serialBytes)).toBe(true)
    })
  })

  it('has certificates of the lengths that AWS has, a byte or two for serial number and signature aside', () => {
    for (const sample of SAMPLE_OF_SHAPE) {
      const { genuine, issued } = pair(sample)
      const lengths = issued.certificates.map(
        (der, at) => der.length - (genuine.certificates[at]?.length ?? 0),
      )
      expect(Math.max(...lengths.map(Math.abs))).toBeLessThanOrEqual(4)
    }
  })
})

describe('the names of a lab', () => {
  const { certificates } = issueDocument(pki, { kind: 'nitro-enclave', at: new Date('2026-04-21T22:09:27Z') })
  const subjects = certificates.map((der) => new X509Certificate(der).subject)

  it('say lab where AWS writes its partition, and aws nowhere', () => {
    expect(subjects[0]).toBe('C=US\nO=Amazon\nOU=AWS\nCN=lab.nitro-enclaves')
    expect(subjects[1]).toMatch(/CN=[0-9a-f]{16}\.us-east-1\.lab\.nitro-enclaves$/)
    expect(subjects[2]).toMatch(/^CN=[0-9a-f]{1,16}\.zonal\.us-east-1\.lab\.nitro-enclaves\nOU=AWS\n/)
    expect(subjects[3]).toMatch(/CN=i-[0-9a-f]{17}\.us-east-1\.lab\.nitro-enclaves$/)
    expect(subjects[4]).toMatch(/CN=i-[0-9a-f]{17}-enc[0-9a-f]{16}\.us-east-1\.lab$/)
    expect(subjects.join('\n')).not.toContain('aws')
  })

  it('lead nobody to an address that exists', () => {
    const texts = certificates.map((der) => new X509Certificate(der).infoAccess ?? '').join('')
    const addresses = certificates.flatMap(
      (der) =>
        Buffer.from(der)
          .toString('latin1')
          .match(/http:[!-~]+?\.crl/g) ?? [],
    )
    expect(texts).toBe('')
    expect(addresses).toHaveLength(2)
    for (const address of addresses) expect(new URL(address).hostname).toMatch(/\.invalid$/)
  })
})
