import { createDecipheriv, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeEnvelope, openEnvelope } from '../../enclave/client/envelope.ts'
import { parseRecipientPrivateKey } from '../../enclave/client/recipient-key-pair.ts'
import { toHex, utf8 } from '../../src/core/bytes.ts'
import { KMS_INDEFINITE, makeEnvelope } from '../support/an-envelope.ts'
import type { EnvelopeRecipe } from '../support/an-envelope.ts'
import { CMS_SAMPLES, NEEDS_CMS_SAMPLES } from '../support/cms-samples.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'
import { walkTlv } from '../support/tlv-walk.ts'

const key = makeRsaKey(2048)
const otherKey = makeRsaKey(2048)
const plaintext = Uint8Array.from({ length: 2384 }, (_, at) => at & 0xff)
const make = (changes: Partial<EnvelopeRecipe>): Uint8Array => makeEnvelope({ key, plaintext, ...changes })

describe.skipIf(CMS_SAMPLES.length === 0)(`genuine envelopes${NEEDS_CMS_SAMPLES}`, () => {
  const byFile = CMS_SAMPLES.map((sample) => [sample.file, sample] as const)

  it.each(byFile.filter(([, sample]) => sample.key))('%s is opened by its key', (_, sample) => {
    const privateKey = parseRecipientPrivateKey(sample.key ?? new Uint8Array())
    expect(toHex(openEnvelope(sample.bytes, privateKey))).toBe(sample.plaintext)
  })

  it.each(byFile)('%s is taken apart to its chunks without a key', (_, sample) => {
    expect(describeEnvelope(sample.bytes)).toEqual({
      bytes: sample.bytes.length,
      indefiniteLength: true,
      version: 2,
      recipients: [
        {
          version: 2,
          subjectKeyIdentifier: sample.subjectKeyIdentifier,
          keyEncryptionAlgorithm: '1.2.840.113549.1.1.7',
          encryptedKeyBytes: 256,
        },
      ],
      contentType: '1.2.840.113549.1.7.1',
      contentEncryptionAlgorithm: '2.16.840.1.101.3.4.1.42',
      iv: sample.iv,
      ciphertextBytes: sample.chunks.reduce((total, length) => total + length, 0),
      chunks: sample.chunks,
    })
  })

  it.each(byFile)('%s is refused to another key with ENVELOPE_FOR_ANOTHER_KEY', (_, sample) => {
    expect(() => openEnvelope(sample.bytes, key.privateKey)).toThrow(
      expect.objectContaining({
        name: 'EnclaveError',
        code: 'ENVELOPE_FOR_ANOTHER_KEY',
        message: expect.stringContaining(sample.subjectKeyIdentifier),
      }),
    )
  })

  it.each(byFile.filter(([, sample]) => sample.contentKey))(
    '%s: the chunks that are found decrypt under its published content key',
    (_, sample) => {
      const { iv } = describeEnvelope(sample.bytes)
      const chunk = walkTlv(sample.bytes).findLast((line) => line.tag === 0x04)
      const ciphertext = sample.bytes.subarray((chunk?.offset ?? 0) + 2).subarray(0, sample.chunks[0])
      const contentKey = Buffer.from(sample.contentKey ?? '', 'hex')
      const decipher = createDecipheriv('aes-256-cbc', contentKey, Buffer.from(iv ?? '', 'hex'))
      const opened = Buffer.concat([decipher.update(ciphertext), decipher.final()])
      expect(opened.toString('hex')).toBe(sample.plaintext)
    },
  )
})

describe('openEnvelope opens', () => {
  it.each<[string, Partial<EnvelopeRecipe>]>([
    ['the layout of KMS', {}],
    ['chunks of 7 bytes', { chunkLength: 7, plaintext: utf8('a short one, cut into pieces') }],
    ['the whole content as one chunk', { chunkLength: 5000 }],
    ['an uncut content in indefinite wrappers', { content: 'uncut' }],
    ['DER', { content: 'uncut', indefinite: [] }],
    ['definite lengths, the content in chunks', { indefinite: [] }],
    [
      'a definite [0] in indefinite wrappers',
      { indefinite: KMS_INDEFINITE.filter((name) => name !== 'content') },
    ],
    ['an indefinite set of recipients', { indefinite: [...KMS_INDEFINITE, 'recipients'] }],
    ['chunks that are cut into pieces themselves', { content: 'nested' }],
    ['an empty plaintext', { plaintext: new Uint8Array(0) }],
    [
      'OAEP parameters without NULL behind the hashes',
      {
        oaepParameters:
          '302ba00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201',
      },
    ],
    [
      'OAEP parameters with the empty label written out',
      {
        oaepParameters:
          '3040a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500' +
          'a20f300d06092a864886f70d0101090400',
      },
    ],
  ])('%s', (_, changes) => {
    const envelope = make(changes)
    expect(openEnvelope(envelope, key.privateKey)).toEqual(changes.plaintext ?? plaintext)
  })

  it.each([3072, 4096])('an envelope for an RSA-%i key', (bits) => {
    const longKey = makeRsaKey(bits)
    expect(openEnvelope(make({ key: longKey }), longKey.privateKey)).toEqual(plaintext)
  })
})

describe('openEnvelope refuses', () => {
  const skiOf20Bytes = `8014${'00'.repeat(20)}`
  const issuerAndSerial = '3013300e310c300a06035504030c034b4d530201 01'.replace(' ', '')

  it.each<[string, Partial<EnvelopeRecipe>, string]>([
    ['SignedData', { contentType: '06092a864886f70d010702' }, 'ENVELOPE_NOT_ENVELOPED_DATA'],
    ['a NULL for the content type', { contentType: '0500' }, 'ENVELOPE_STRUCTURE_INVALID'],
    ['version 0', { version: '020100' }, 'ENVELOPE_VERSION_UNSUPPORTED'],
    ['version 2 in two octets', { version: '02020002' }, 'ENVELOPE_STRUCTURE_INVALID'],
    ['a version of five octets', { version: '02050200000000' }, 'ENVELOPE_VERSION_UNSUPPORTED'],
    ['originatorInfo', { originatorInfo: 'a000' }, 'ENVELOPE_STRUCTURE_INVALID'],
    [
      'unprotected attributes',
      { unprotectedAttributes: 'a111300f06092a864886f70d01090231020500' },
      'ENVELOPE_STRUCTURE_INVALID',
    ],
    ['an element too many', { unprotectedAttributes: '0500' }, 'ENVELOPE_STRUCTURE_INVALID'],
    [
      'another type of recipient',
      { recipient: 'a40d06092a864886f70d0107010500' },
      'ENVELOPE_STRUCTURE_INVALID',
    ],
    ['no recipient', { recipients: 0 }, 'ENVELOPE_RECIPIENT_COUNT'],
    ['two recipients', { recipients: 2 }, 'ENVELOPE_RECIPIENT_COUNT'],
    ['a recipient of version 0', { recipientVersion: '020100' }, 'ENVELOPE_RECIPIENT_VERSION_UNSUPPORTED'],
    ['issuer and serial number', { rid: issuerAndSerial }, 'ENVELOPE_RECIPIENT_NOT_KEY_IDENTIFIER'],
    ['a key identifier of 20 bytes', { rid: skiOf20Bytes }, 'ENVELOPE_FOR_ANOTHER_KEY'],
    ['an empty key identifier', { rid: '8000' }, 'ENVELOPE_FOR_ANOTHER_KEY'],
    ['RSAES-PKCS1-v1_5', { keyEncryption: '06092a864886f70d010101' }, 'ENVELOPE_KEY_ENCRYPTION_UNSUPPORTED'],
    ['empty OAEP parameters (SHA-1)', { oaepParameters: '3000' }, 'ENVELOPE_OAEP_PARAMETERS_UNSUPPORTED'],
    ['no OAEP parameters', { oaepParameters: '' }, 'ENVELOPE_OAEP_PARAMETERS_UNSUPPORTED'],
    [
      'MGF1 with SHA-1',
      { oaepParameters: '3011a00f300d06096086480165030402010500' },
      'ENVELOPE_OAEP_PARAMETERS_UNSUPPORTED',
    ],
    [
      'content of type SignedData',
      { dataType: '06092a864886f70d010702' },
      'ENVELOPE_CONTENT_TYPE_UNSUPPORTED',
    ],
    [
      'aes256-GCM',
      { contentEncryption: '060960864801650304012e' },
      'ENVELOPE_CONTENT_ENCRYPTION_UNSUPPORTED',
    ],
    ['an IV of 12 bytes', { ivParameter: `040c${'00'.repeat(12)}` }, 'ENVELOPE_IV_INVALID'],
    ['no IV', { ivParameter: '' }, 'ENVELOPE_IV_INVALID'],
    ['a SEQUENCE for the IV', { ivParameter: `30120410${'00'.repeat(16)}` }, 'ENVELOPE_IV_INVALID'],
    ['no content', { content: 'absent' }, 'ENVELOPE_CONTENT_LENGTH_INVALID'],
    ['half a block', { plaintext: utf8('x'), cutCiphertext: 8 }, 'ENVELOPE_CONTENT_LENGTH_INVALID'],
    ['no block', { plaintext: utf8('x'), cutCiphertext: 16 }, 'ENVELOPE_CONTENT_LENGTH_INVALID'],
    ['a missing last block', { plaintext: new Uint8Array(32), cutCiphertext: 16 }, 'ENVELOPE_NOT_OPENED'],
    ['a content key of 16 bytes', { contentKeyLength: 16 }, 'ENVELOPE_NOT_OPENED'],
    ['more than 16 KiB', { plaintext: new Uint8Array(16_384) }, 'ENVELOPE_TOO_LONG'],
  ])('%s with the code of its check', (_, changes, code) => {
    expect(() => openEnvelope(make(changes), key.privateKey)).toThrow(
      expect.objectContaining({ name: 'EnclaveError', code }),
    )
  })

  it('a key that differs from the one its name says with ENVELOPE_NOT_OPENED, without a cause', () => {
    const envelope = makeEnvelope({ key: { ...key, publicKey: otherKey.publicKey }, plaintext })
    expect(() => openEnvelope(envelope, key.privateKey)).toThrow(
      expect.toSatisfy(
        (error: Error) => 'code' in error && error.code === 'ENVELOPE_NOT_OPENED' && !('cause' in error),
      ),
    )
  })

  it.each([
    ['a P-256 key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['a public key', key.publicKey],
  ])('%s in place of the private key with PRIVATE_KEY_UNUSABLE', (_, unusable) => {
    expect(() => openEnvelope(make({}), unusable)).toThrow(
      expect.objectContaining({ code: 'PRIVATE_KEY_UNUSABLE' }),
    )
  })
})

describe('describeEnvelope', () => {
  it('tells that DER has definite lengths', () => {
    expect(describeEnvelope(make({ content: 'uncut', indefinite: [] }))).toMatchObject({
      indefiniteLength: false,
      chunks: [2400],
    })
  })

  it('describes what openEnvelope refuses: version 0, issuer and serial number, no IV, no content', () => {
    const changes = {
      version: '020100',
      rid: '3013300e310c300a06035504030c034b4d53020101',
      ivParameter: '',
      content: 'absent',
    } as const
    expect(describeEnvelope(make(changes))).toMatchObject({
      version: 0,
      recipients: [{ version: 2, subjectKeyIdentifier: null }],
      iv: null,
      ciphertextBytes: 0,
      chunks: [],
    })
  })
})
