import { describe, expect, it } from 'vitest'
import { KeysError } from '../../src/keys/errors.ts'
import { KmsError } from '../../src/operations/errors.ts'
import { toKmsError } from '../../src/operations/to-kms-error.ts'
import { RecipientError } from '../../src/recipient/errors.ts'
import { StoreError } from '../../src/store/errors.ts'

describe('toKmsError', () => {
  it.each([
    [new KeysError('CIPHERTEXT_INVALID', 'detail'), 'InvalidCiphertextException', null],
    [new KeysError('PEER_KEY_INVALID', 'detail'), 'ValidationException', null],
    [new KeysError('CONTEXT_TOO_LARGE', 'told'), 'ValidationException', 'told'],
    [
      new KeysError('KEY_PAIRS_BUSY', 'detail'),
      'ThrottlingException',
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    ],
    [new KeysError('ROOT_KEY_WRONG', 'detail'), 'KMSInternalException', null],
    [
      new RecipientError('RECIPIENT_KEY_UNUSABLE', 'detail'),
      'ValidationException',
      'The attestation document in the request is not valid: RECIPIENT_KEY_UNUSABLE.',
    ],
    [new RecipientError('PLAINTEXT_LENGTH_INVALID', 'detail'), 'KMSInternalException', null],
    [new StoreError('STORE_FAILED', 'detail'), 'KMSInternalException', null],
    [new TypeError('detail'), 'KMSInternalException', null],
    ['not even an error', 'KMSInternalException', null],
  ])('%s is %s', (cause, code, text) => {
    expect(toKmsError(cause)).toMatchObject({ code, text, reason: null, cause })
  })

  it('passes a refusal on as it is', () => {
    const refusal = new KmsError('NotFoundException', 'text')
    expect(toKmsError(refusal)).toBe(refusal)
  })
})
