import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/core/json.ts'
import { parseDocumentRequest } from '../../src/http/document-request.ts'

const DIGEST = 'ab'.repeat(48)

describe('parseDocumentRequest', () => {
  it('leaves all but the kind to the issuer', () => {
    expect(parseDocumentRequest({ kind: 'nitro-enclave', nonce: null })).toEqual({
      kind: 'nitro-enclave',
      debug: false,
      pcrs: new Map(),
    })
  })

  it('reads every member', () => {
    const request = parseDocumentRequest({
      kind: 'nitrotpm',
      publicKey: 'AQ==',
      nonce: 'Ag==',
      userData: '',
      pcrs: { '0': DIGEST, '23': DIGEST.toUpperCase() },
      region: 'eu-west-1',
      instanceId: 'i-0123456789abcdef0',
      debug: true,
      at: '2026-03-01T12:00:00+01:00',
      fault: 'cose-signature-flipped',
      roleArn: 'arn:aws:iam::111122223333:role/path/enclave',
      profile: '2024',
    })
    const digest = Uint8Array.from({ length: 48 }, () => 0xab)
    expect(request).toEqual({
      kind: 'nitrotpm',
      publicKey: Uint8Array.of(1),
      nonce: Uint8Array.of(2),
      userData: new Uint8Array(0),
      pcrs: new Map([
        [0, digest],
        [23, digest],
      ]),
      region: 'eu-west-1',
      instanceId: 'i-0123456789abcdef0',
      debug: true,
      at: new Date('2026-03-01T11:00:00Z'),
      fault: 'cose-signature-flipped',
      roleArn: 'arn:aws:iam::111122223333:role/path/enclave',
      profile: '2024',
    })
  })

  const REFUSED: readonly (readonly [member: string, value: JsonValue, named?: string])[] = [
    ['kind', null],
    ['kind', 'sgx'],
    ['publicKey', 'AQ'],
    ['publicKey', 5],
    ['publicKey', Buffer.alloc(1025).toString('base64')],
    ['nonce', '_-8='],
    ['userData', ['AQ==']],
    ['pcrs', []],
    ['pcrs', { '24': DIGEST }, 'pcrs.24'],
    ['pcrs', { '01': DIGEST }, 'pcrs.01'],
    ['pcrs', { '-1': DIGEST }, 'pcrs.-1'],
    ['pcrs', { '0': 'ab' }, 'pcrs.0'],
    ['pcrs', { '0': `${DIGEST.slice(2)}zz` }, 'pcrs.0'],
    ['region', 'EU-WEST-1'],
    ['region', 'nowhere'],
    ['instanceId', 'i-XYZ'],
    ['debug', 'true'],
    ['at', '2026-03-01'],
    ['at', '2026-02-30T25:00:00Z'],
    ['fault', '__proto__'],
    ['roleArn', 'arn:aws:iam::1:role/x'],
    ['profile', '2023'],
    ['profile', 2024],
    ['PublicKey', 'AQ=='],
  ]
  it.each(REFUSED.map(([member, value, named]) => ({ member, value, named: named ?? member })))(
    'refuses $member: $value, and names it',
    ({ member, value, named }) => {
      expect(() => parseDocumentRequest({ kind: 'nitrotpm', [member]: value })).toThrow(
        expect.objectContaining({
          code: 'ADMIN_INPUT_INVALID',
          message: expect.stringMatching(new RegExp(`^${named}: `)),
        }),
      )
    },
  )

  it('takes any object to a request or ADMIN_INPUT_INVALID', () => {
    const members = [
      'kind',
      'publicKey',
      'pcrs',
      'region',
      'instanceId',
      'debug',
      'at',
      'fault',
      'roleArn',
      'profile',
      'x',
    ]
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('nitrotpm', 'nitro-enclave', DIGEST, '2021'))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...members), value), (input) => {
        try {
          // What fast-check calls a JSON value is one.
          expect(['nitrotpm', 'nitro-enclave']).toContain(parseDocumentRequest(input as JsonObject).kind)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ADMIN_INPUT_INVALID' })
        }
      }),
    )
  })
})
