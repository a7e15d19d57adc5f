import { execFileSync, spawnSync } from 'node:child_process'
import { constants, createDecipheriv, hash, privateDecrypt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContentInfo, EnvelopedData } from '@peculiar/asn1-cms'
import { RsaEsOaepParams } from '@peculiar/asn1-rsa'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { afterAll, describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import { sealForRecipient } from '../../src/recipient/enveloped-data.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'
import type { RsaTestKey } from '../support/rsa-keys.ts'
import { pythonProgram, succeeds, WITHOUT_PYTHON } from '../support/python.ts'

const PLAINTEXT_LENGTHS = [1, 15, 16, 999, 1000, 1001, 2000, 4096]
const keys = [2048, 3072, 4096].map((bits) => [bits, makeRsaKey(bits)] as const)
const cases = keys.flatMap(([bits, key]) => PLAINTEXT_LENGTHS.map((length) => [bits, length, key] as const))

/** Of the machine; none of the packages has it. */
const OPENSSL = 'openssl'
const openssl = succeeds(OPENSSL, ['cms', '-help'])
const folder = mkdtempSync(join(tmpdir(), 'attested-kms-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A sealed plaintext, in files for programs. */
function sealToFiles(key: RsaTestKey, length: number) {
  const plaintext = Buffer.from(systemRandom.bytes(length))
  const envelope = sealForRecipient(key, new Secret(Uint8Array.from(plaintext)), systemRandom)
  const files = { envelope: join(folder, 'envelope.ber'), key: join(folder, 'key.pem') }
  writeFileSync(files.envelope, envelope)
  writeFileSync(files.key, key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return { plaintext, envelope, files }
}

describe.skipIf(!openssl)(`openssl cms -decrypt${openssl ? '' : ' [skipped: no openssl]'}`, () => {
  it.each(cases)('RSA-%i, %i bytes: opens the envelope to the plaintext', (_, length, key) => {
    const { plaintext, files } = sealToFiles(key, length)
    const args = ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', files.envelope, '-inkey', files.key]
    expect(execFileSync(OPENSSL, args)).toEqual(plaintext)
  })

  it('prints the fields of KMS: versions 2 and 2, key identifier, OAEP with SHA-256, AES-256-CBC', () => {
    const { files } = sealToFiles(makeRsaKey(2048), 32)
    const args = ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', files.envelope]
    const printed = spawnSync(OPENSSL, args, { encoding: 'utf8' }).stdout
    expect(printed.match(/version: .*/g)).toEqual(['version: 2', 'version: 2'])
    expect(printed).toContain('d.subjectKeyIdentifier')
    expect(printed).toContain('algorithm: rsaesOaep (1.2.840.113549.1.1.7)')
    expect(printed).toContain('algorithm: aes-256-cbc (2.16.840.1.101.3.4.1.42)')
    expect(printed.match(/sha256/g)).toHaveLength(2)
  })
})

describe('@peculiar/asn1-cms', () => {
  it.each(cases)('RSA-%i, %i bytes: names the fields, and they decrypt', (bits, length, key) => {
    const plaintext = systemRandom.bytes(length)
    const envelope = sealForRecipient(key, new Secret(plaintext.slice()), systemRandom)
    const { content } = AsnConvert.parse(envelope, ContentInfo)
    const data = AsnConvert.parse(content, EnvelopedData)
    const recipient = data.recipientInfos[0]?.ktri
    const { contentEncryptionAlgorithm, encryptedContent } = data.encryptedContentInfo
    const { parameters } = recipient?.keyEncryptionAlgorithm ?? {}
    if (!recipient || !parameters || !contentEncryptionAlgorithm.parameters) throw new TypeError('not there')

    expect([data.version, recipient.version]).toEqual([2, 2])
    expect(recipient.encryptedKey.byteLength).toBe(bits / 8)
    expect(Buffer.from(recipient.rid.subjectKeyIdentifier?.buffer ?? new ArrayBuffer(0))).toEqual(
      hash('sha256', key.spki, 'buffer'),
    )
    const oaep = AsnConvert.parse(parameters, RsaEsOaepParams)
    expect(oaep.hashAlgorithm).toMatchObject({ algorithm: '2.16.840.1.101.3.4.2.1', parameters: null })

    const contentKey = privateDecrypt(
      { key: key.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(recipient.encryptedKey.buffer),
    )
    const iv = AsnConvert.parse(contentEncryptionAlgorithm.parameters, OctetString).buffer
    const decipher = createDecipheriv('aes-256-cbc', contentKey, Buffer.from(iv))
    const chunks = encryptedContent?.constructedValue ?? []
    const opened = [...chunks.map((chunk) => decipher.update(Buffer.from(chunk.buffer))), decipher.final()]
    expect(new Uint8Array(Buffer.concat(opened))).toEqual(plaintext)
  })
})

const PYTHON_OPEN = `
import sys
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
data = cms.ContentInfo.load(open(sys.argv[1], 'rb').read(), strict=True)['content']
key = serialization.load_pem_private_key(open(sys.argv[2], 'rb').read(), None)
recipient = data['recipient_infos'][0].chosen
assert (data['version'].native, recipient['version'].native) == ('v2', 'v2')
oaep = recipient['key_encryption_algorithm']['parameters']
assert oaep['hash_algorithm']['algorithm'].native == 'sha256'
assert oaep['mask_gen_algorithm']['parameters']['algorithm'].native == 'sha256'
mgf = rsa.MGF1(hashes.SHA256())
content_key = key.decrypt(recipient['encrypted_key'].native, rsa.OAEP(mgf, hashes.SHA256(), None))
info = data['encrypted_content_info']
assert info['content_encryption_algorithm']['algorithm'].native == 'aes256_cbc'
iv = info['content_encryption_algorithm']['parameters'].native
decryptor = Cipher(algorithms.AES(content_key), modes.CBC(iv)).decryptor()
unpadder = padding.PKCS7(128).unpadder()
padded = decryptor.update(info['encrypted_content'].native) + decryptor.finalize()
sys.stdout.buffer.write(unpadder.update(padded) + unpadder.finalize())
`

describe.skipIf(WITHOUT_PYTHON !== '')(`Python's asn1crypto${WITHOUT_PYTHON}`, () => {
  it.each(keys)('RSA-%i, 4096 bytes: opens the envelope', (_, key) => {
    const { plaintext, files } = sealToFiles(key, 4096)
    expect(execFileSync(pythonProgram('python'), ['-c', PYTHON_OPEN, files.envelope, files.key])).toEqual(
      plaintext,
    )
  })
})
