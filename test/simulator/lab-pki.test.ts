import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLabPki } from '../../src/simulator/lab-pki.ts'

describe('createLabPki', () => {
  it('makes the same root from the same text, and another from another', () => {
    const root = createLabPki({ seed: 'a text' }).rootCertificate
    expect(createLabPki({ seed: 'a text' }).rootCertificate).toEqual(root)
    expect(createLabPki({ seed: 'A text' }).rootCertificate).not.toEqual(root)
  })

  it('makes a self-signed root of 30 years and an hour', () => {
    const root = new X509Certificate(createLabPki({ seed: 'a text' }).rootCertificate)
    expect(root.verify(root.publicKey)).toBe(true)
    expect(root.ca).toBe(true)
    expect(root.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'secp384r1' })
    expect((root.validToDate.getTime() - root.validFromDate.getTime()) / 1000).toBe(946_774_800)
  })

  it('writes another label into the names if it is told to', () => {
    const root = new X509Certificate(createLabPki({ seed: 'a text', partition: 'aws' }).rootCertificate)
    expect(root.subject).toMatch(/CN=aws\.nitro-enclaves$/)
  })

  it('refuses an empty text with SIMULATOR_SEED_EMPTY', () => {
    expect(() => createLabPki({ seed: '' })).toThrow(
      expect.objectContaining({ code: 'SIMULATOR_SEED_EMPTY' }),
    )
  })

  it.each(['', 'Lab', 'a b', '1lab', 'x'.repeat(33), 'lab\n'])(
    'refuses the label "%s" with SIMULATOR_LABEL_INVALID',
    (partition) => {
      expect(() => createLabPki({ seed: 'a text', partition })).toThrow(
        expect.objectContaining({ code: 'SIMULATOR_LABEL_INVALID' }),
      )
    },
  )
})
