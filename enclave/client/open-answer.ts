import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { AttestedOperation } from './attested-operations.ts'
import { openEnvelope } from './envelope.ts'
import { EnclaveError } from './errors.ts'

/** Members of a command's input or output, as the SDK has decoded them. */
export type Members = Readonly<Record<string, unknown>>

/** A call whose answer is to be opened. */
export interface AttestedCall {
  readonly operation: AttestedOperation
  readonly input: Members
  readonly privateKey: KeyObject
}

/**
 * Opens `CiphertextForRecipient` in an answer of KMS and returns the answer with the plaintext in the member where the
 * program looks for it. All other members stay, `CiphertextForRecipient` among them. Nothing is returned unless
 *
 * - the answer brings the secret in the envelope and only there,
 * - its `KeyId` is that of the request, where that is a key ARN or a key id,
 * - the secret has the length that was asked for, and
 * - the private key of a data key pair belongs to the `PublicKey` beside it.
 *
 * Throws `EnclaveError`: an `ANSWER_…` code, or one of `openEnvelope`.
 */
export function openAnswer({ operation, input, privateKey }: AttestedCall, output: Members): Members {
  const { plaintextMember } = operation
  const clear = output[plaintextMember]
  if (clear !== undefined && clear !== null && !(clear instanceof Uint8Array && clear.length === 0)) {
    throw new EnclaveError('ANSWER_WITH_PLAINTEXT', `KMS answered with ${plaintextMember} in the clear`)
  }
  const envelope = output['CiphertextForRecipient']
  if (!(envelope instanceof Uint8Array) || envelope.length === 0) {
    throw new EnclaveError('ANSWER_NOT_SEALED', 'KMS answered without CiphertextForRecipient')
  }
  requireAskedKey(input['KeyId'], output['KeyId'])
  const plaintext = openEnvelope(envelope, privateKey)
  requireAskedLength(input, plaintext.length)
  if (plaintextMember === 'PrivateKeyPlaintext') requireKeyPair(plaintext, output['PublicKey'])
  return { ...output, [plaintextMember]: plaintext }
}

/** KMS always answers with the key ARN. An alias says nothing about which key that is. */
function requireAskedKey(asked: unknown, answered: unknown): void {
  if (typeof asked !== 'string' || /^alias\/|:alias\//.test(asked)) return
  const same = asked.startsWith('arn:')
    ? answered === asked
    : typeof answered === 'string' && answered.endsWith(`:key/${asked}`)
  if (!same) throw new EnclaveError('ANSWER_FOR_ANOTHER_KEY', 'KMS answered for another key than was asked')
}

const KEY_SPEC_LENGTHS: ReadonlyMap<unknown, number> = new Map([
  ['AES_128', 16],
  ['AES_256', 32],
])

/** `NumberOfBytes` and `KeySpec` are members of GenerateDataKey and GenerateRandom only. */
function requireAskedLength({ NumberOfBytes, KeySpec }: Members, length: number): void {
  const asked = NumberOfBytes ?? KEY_SPEC_LENGTHS.get(KeySpec)
  if (asked === undefined || asked === length) return
  throw new EnclaveError(
    'ANSWER_LENGTH_UNEXPECTED',
    'KMS answered with a secret of another length than asked',
  )
}

/** PKCS#8 against SubjectPublicKeyInfo, both DER. A key that the runtime cannot read cannot be checked, and is refused. */
function requireKeyPair(pkcs8: Uint8Array, spki: unknown): void {
  try {
    const privateKey = createPrivateKey({ key: viewOf(pkcs8), format: 'der', type: 'pkcs8' })
    const publicKey =
      spki instanceof Uint8Array && createPublicKey({ key: viewOf(spki), format: 'der', type: 'spki' })
    if (publicKey && publicKey.equals(createPublicKey(privateKey))) return
  } catch {
    // Refused below. A cause could repeat bytes of the private key.
  }
  throw new EnclaveError('ANSWER_KEY_PAIR_MISMATCH', 'The private key does not belong to the public key')
}

/** The same bytes as a `Buffer`: a copy of a private key would be one more to lose. */
function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
