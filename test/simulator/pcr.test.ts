import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../../src/core/bytes.ts'
import { createDerive } from '../../src/simulator/derive.ts'
import { extendZero, measure } from '../../src/simulator/pcr.ts'
import { SAMPLE_OF_SHAPE, SKIPPED, haveSamples, readSample } from './genuine-samples.ts'
import { readDocument } from './read-document.ts'

const derive = createDerive('measurements')
const ZERO = '00'.repeat(48)
const plain = {
  instanceId: 'i-0123456789abcdef0',
  debug: false,
  roleArn: undefined,
  signingCertificate: undefined,
}

const enclave = (source: Partial<typeof plain> | object = {}, overrides = new Map<number, Uint8Array>()) =>
  measure(derive, 'nitro-enclave', { source: { ...plain, ...source }, overrides })

const hexOf = (pcrs: ReadonlyMap<number, Uint8Array>) => [...pcrs.values()].map(toHex)

/** What Python's hashlib gives for 48 zero bytes and a text, as the user guide tells people to compute it. */
const extended = (data: Uint8Array | string) =>
  createHash('sha384').update(new Uint8Array(48)).update(data).digest('hex')

describe('the measurements of an enclave', () => {
  it('are sixteen: three of the image, one of the instance, the rest zero', () => {
    const values = hexOf(enclave())
    expect(values).toHaveLength(16)
    expect(new Set(values.slice(0, 3)).size).toBe(3)
    expect(values.slice(0, 3)).not.toContain(ZERO)
    expect(values[4]).toBe(extended('i-0123456789abcdef0'))
    expect([3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((index) => values[index])).toEqual(
      Array(12).fill(ZERO),
    )
  })

  it('have the role in PCR3 and the fingerprint of the signing certificate in PCR8', () => {
    const certificate = utf8('a certificate')
    const values = hexOf(
      enclave({ roleArn: 'arn:aws:iam::111122223333:role/r', signingCertificate: certificate }),
    )
    expect(values[3]).toBe(extended('arn:aws:iam::111122223333:role/r'))
    expect(values[8]).toBe(extended(createHash('sha384').update(certificate).digest()))
  })

  it('are zero for PCR0, 1, 2 and 8 in debug mode, and not for PCR3 and 4', () => {
    const values = hexOf(enclave({ debug: true, roleArn: 'arn', signingCertificate: utf8('a certificate') }))
    expect([0, 1, 2, 8].map((index) => values[index])).toEqual(Array(4).fill(ZERO))
    expect(values[3]).not.toBe(ZERO)
    expect(values[4]).not.toBe(ZERO)
  })

  it('take what is given in place of the defaults, in ascending order', () => {
    const value = new Uint8Array(48).fill(1)
    const pcrs = enclave(
      { debug: true },
      new Map([
        [31, value],
        [0, value],
      ]),
    )
    expect([...pcrs.keys()]).toEqual([...Array.from({ length: 16 }, (_, index) => index), 31])
    expect(pcrs.get(0)).toEqual(value)
  })
})

describe('the measurements of a TPM', () => {
  it('are twenty-four, dynamic launch all ones, 11 to 16 and 23 zero', () => {
    const pcrs = measure(derive, 'nitrotpm', { source: plain, overrides: new Map() })
    expect([...pcrs.keys()]).toEqual(Array.from({ length: 24 }, (_, index) => index))
    const values = hexOf(pcrs)
    expect(values.slice(17, 23)).toEqual(Array(6).fill('ff'.repeat(48)))
    expect([11, 12, 13, 14, 15, 16, 23].map((index) => values[index])).toEqual(Array(7).fill(ZERO))
    expect(values.slice(0, 11)).not.toContain(ZERO)
  })
})

describe.skipIf(!haveSamples)(`genuine documents${SKIPPED}`, () => {
  const samples = SAMPLE_OF_SHAPE.map(([kind, , file]) => ({ kind, read: readDocument(readSample(file)) }))

  it('have the PCR4 of an enclave that follows from the instance id', () => {
    const enclaves = samples.filter(({ kind }) => kind === 'nitro-enclave')
    expect(enclaves).toHaveLength(4)
    for (const {
      read: { fields, pcrs },
    } of enclaves) {
      const [instanceId = ''] = (fields.get('module_id') as string).split('-enc')
      expect(pcrs.get(4)).toEqual(extendZero(utf8(instanceId)))
    }
  })

  it('have PCR2, 3, 6 and 11 to 23 of a TPM with the same values as a lab', () => {
    const tpm = samples.find(({ kind }) => kind === 'nitrotpm')
    const lab = measure(derive, 'nitrotpm', { source: plain, overrides: new Map() })
    for (const index of [2, 3, 6, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]) {
      expect(lab.get(index), `PCR${index}`).toEqual(tpm?.read.pcrs.get(index))
    }
  })
})
