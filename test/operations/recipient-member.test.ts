import { describe, expect, it } from 'vitest'
import type { Call } from '../../src/operations/call.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { recipientOf } from '../../src/operations/recipient-member.ts'

const given = { AttestationDocument: Uint8Array.of(1), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
const wire = { AttestationDocument: 'AQ==', KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }

function read(name: string, onWire: object | null, parsed: unknown): unknown {
  const operation = OPERATIONS.get(name)
  if (!operation) throw new RangeError('no such operation')
  return recipientOf(operation, { input: { Recipient: onWire } } as unknown as Call, { Recipient: parsed })
}

describe('recipientOf', () => {
  it('gives what was read where the request has it', () => {
    expect(read('Decrypt', wire, given)).toBe(given)
  })

  it('gives nothing where the request has none, or the operation knows none', () => {
    expect(read('Decrypt', null, undefined)).toBeUndefined()
    expect(read('Encrypt', wire, undefined)).toBeUndefined()
  })

  it.each([
    ['one on the wire that was not read', wire, undefined],
    ['one on the wire that was read as something else', wire, {}],
    ['one that nobody sent', null, given],
  ])('throws TypeError for %s', (_, onWire, parsed) => {
    expect(() => read('Decrypt', onWire, parsed)).toThrow(TypeError)
  })
})
