import { describe, expect, it } from 'vitest'
import { wireErrorOfKms } from '../../src/http/error-table.ts'
import type { KmsErrorCode } from '../../src/operations/errors.ts'

/** What was seen on the wire of the real service, or is said of it by AWS: code, status, name of the text member. */
const SEEN: readonly (readonly [KmsErrorCode, number, string])[] = [
  ['NotFoundException', 400, 'message'],
  ['DisabledException', 400, 'message'],
  ['KMSInvalidStateException', 400, 'message'],
  ['DryRunOperationException', 400, 'message'],
  ['InvalidCiphertextException', 400, 'message'],
  ['AccessDeniedException', 400, 'Message'],
  ['SerializationException', 400, 'Message'],
  ['KMSInternalException', 500, 'message'],
  ['KeyUnavailableException', 500, 'message'],
  ['DependencyTimeoutException', 500, 'message'],
]

describe('error table', () => {
  it.each(SEEN)('sends %s with status %i and its text in %s', (code, status, member) => {
    expect(wireErrorOfKms(code)).toEqual({ type: code, status, member })
  })
})
