import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseRecipientKey } from '../../src/attestation/recipient-key.ts'
import { SMALL_PRIMES } from '../../src/attestation/small-primes.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import type { VerifiedAttestation } from '../../src/attestation/verified-attestation.ts'
import { spkiOf } from '../support/attestation/a-certificate.ts'
import { JUDGED, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes } from '../support/attestation/cbor-bytes.ts'

async function attest(spki: Uint8Array): Promise<VerifiedAttestation> {
  const document = makeAttestation({ fields: withField('public_key', bytes(spki)) })
  return verifyAttestation(document.bytes, { anchors: [document.anchor], clock: { now: () => JUDGED } })
}

describe('parseRecipientKey', () => {
  it.each([2048, 3072, 4096])(
    'takes an RSA key of %i bits that can be encrypted to',
    async (modulusLength) => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
      const spki = spkiOf(publicKey)
      const recipient = parseRecipientKey(await attest(spki))
      expect(recipient.spki).toEqual(spki)
      expect(recipient.modulusBits).toBe(modulusLength)
      const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
      const sealed = publicEncrypt({ key: recipient.publicKey, ...oaep }, Buffer.from('key'))
      expect(privateDecrypt({ key: privateKey, ...oaep }, sealed).toString()).toBe('key')
    },
  )

  it('takes a larger odd exponent', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 0x8000_0003 })
    expect(parseRecipientKey(await attest(spkiOf(publicKey))).modulusBits).toBe(2048)
  })
})

describe('the small primes', () => {
  it('are the 133 from 2 to 751', () => {
    expect(SMALL_PRIMES).toHaveLength(133)
    expect(SMALL_PRIMES.slice(0, 6)).toEqual([2n, 3n, 5n, 7n, 11n, 13n])
    expect(SMALL_PRIMES.at(-1)).toBe(751n)
  })
})
