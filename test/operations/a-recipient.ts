import { makeRsaKey, type RsaTestKey } from '../support/rsa-keys.ts'
import { issueDocument, type IssueOptions } from '../../src/simulator/issue-document.ts'
import { base64, labPki } from './a-service.ts'

/** The key of an enclave of these tests. */
export const enclaveKey: RsaTestKey = makeRsaKey(2048)

/** A value for PCR `n` that is not all zeros, and its hexadecimal digits. */
export const pcrBytes = (fill: number): Uint8Array => new Uint8Array(48).fill(fill)
export const pcrHex = (fill: number): string => Buffer.from(pcrBytes(fill)).toString('hex')

/** PCR0 of the enclave of these tests. */
export const IMAGE = pcrHex(0xab)

/** A document issued now, in base64: a good one, unless the options say otherwise. */
export function makeDocument(options: Partial<IssueOptions> = {}): string {
  const { document } = issueDocument(labPki, {
    kind: 'nitro-enclave',
    at: new Date(),
    publicKey: enclaveKey.spki,
    pcrs: new Map([[0, pcrBytes(0xab)]]),
    ...options,
  })
  return base64(document)
}

/** `Recipient` with such a document. */
export function makeRecipient(options: Partial<IssueOptions> = {}): object {
  return { AttestationDocument: makeDocument(options), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
}

/** The same document with its last bit turned over, which lies in the signature. */
export function flipLastBit(document: string): string {
  const bytes = Buffer.from(document, 'base64')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return base64(bytes)
}

const HOUR = 3_600_000

/** Documents that must be refused, with the code that says why. */
export const BAD_DOCUMENTS: readonly (readonly [what: string, code: string, document: string])[] = [
  ['one flipped bit', 'COSE_SIGNATURE_INVALID', flipLastBit(makeDocument())],
  ['bytes that are no CBOR', 'CBOR_MALFORMED', base64(new Uint8Array(64).fill(0xff))],
  ['a day of age', 'CHAIN_EXPIRED', makeDocument({ at: new Date(Date.now() - 24 * HOUR) })],
  ['no public key', 'RECIPIENT_KEY_MISSING', makeDocument({ publicKey: null })],
  [
    'a key of another size',
    'RECIPIENT_KEY_SIZE_UNSUPPORTED',
    makeDocument({ publicKey: makeRsaKey(1024).spki }),
  ],
  ['a key that is none', 'RECIPIENT_KEY_NOT_SPKI', makeDocument({ publicKey: new Uint8Array(40) })],
]
