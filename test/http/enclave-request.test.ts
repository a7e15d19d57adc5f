import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64 } from '../../src/core/base64.ts'
import type { JsonObject, JsonValue } from '../../src/core/json.ts'
import { parseEnclaveName, parseEnclaveRequest, parseModuleRequest } from '../../src/http/enclave-request.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'

const DIGEST = 'ab'.repeat(48)
const certificate = createLabPki({ seed: 'enclave request' }).rootCertificate
const MODULE = 'i-0123456789abcdef0-enc0123456789abcdef'

const refused = (member: string) =>
  expect.objectContaining({
    code: 'ADMIN_INPUT_INVALID',
    message: expect.stringMatching(new RegExp(`^${member}: `)),
  })

describe('parseEnclaveRequest', () => {
  it('leaves everything to the simulator', () => {
    const nothing = { debug: false, longFields: false, pcrs: new Map() }
    expect(parseEnclaveRequest({})).toEqual(nothing)
    expect(parseEnclaveRequest({ kind: 'nitro-enclave', region: null })).toEqual(nothing)
  })

  it('reads every member', () => {
    const request = parseEnclaveRequest({
      kind: 'nitro-enclave',
      region: 'eu-west-1',
      instanceId: 'i-0123456789abcdef0',
      debug: true,
      roleArn: 'arn:aws:iam::111122223333:role/path/enclave',
      signingCertificate: encodeBase64(certificate),
      pcrs: { '0': DIGEST, '15': DIGEST.toUpperCase() },
      profile: '2024',
      fault: 'cose-signature-bit-flip',
      longFields: true,
    })
    const digest = new Uint8Array(48).fill(0xab)
    expect(request).toEqual({
      region: 'eu-west-1',
      instanceId: 'i-0123456789abcdef0',
      debug: true,
      roleArn: 'arn:aws:iam::111122223333:role/path/enclave',
      signingCertificate: certificate,
      pcrs: new Map([
        [0, digest],
        [15, digest],
      ]),
      profile: '2024',
      fault: 'cose-signature-bit-flip',
      longFields: true,
    })
  })

  it('takes a certificate as PEM, and measures the certificate alone', () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${encodeBase64(certificate)}\n-----END CERTIFICATE-----\n`
    const signingCertificate = Buffer.from(pem).toString('base64')
    expect(parseEnclaveRequest({ signingCertificate }).signingCertificate).toEqual(certificate)
  })

  const REFUSED: readonly (readonly [member: string, value: JsonValue, named?: string])[] = [
    ['kind', 'nitrotpm'],
    ['region', 'nowhere'],
    ['instanceId', 'i-XYZ'],
    ['debug', 1],
    ['roleArn', 'enclave'],
    ['signingCertificate', 'AQ=='],
    ['signingCertificate', ''],
    ['signingCertificate', 'x'],
    ['pcrs', { '16': DIGEST }, 'pcrs.16'],
    ['pcrs', { '0': 'ab' }, 'pcrs.0'],
    ['pcrs', [DIGEST]],
    ['profile', '2023'],
    ['fault', 'A B'],
    ['longFields', 'yes'],
    ['nonce', 'AQ=='],
    ['publicKey', 'AQ=='],
    ['at', '2026-01-01T00:00:00Z'],
    ['__proto__', {}],
  ]
  it.each(REFUSED.map(([member, value, named]) => ({ member, value, named: named ?? member })))(
    'refuses $member: $value, and names it',
    ({ member, value, named }) => {
      const input = Object.fromEntries([[member, value]])
      expect(() => parseEnclaveRequest(input)).toThrow(refused(named))
    },
  )

  it('takes any object to a request or ADMIN_INPUT_INVALID', () => {
    const member = fc.constantFrom('kind', 'region', 'debug', 'signingCertificate', 'pcrs', 'fault', 'x')
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue()), (input) => {
        try {
          // What fast-check calls a JSON value is one.
          expect(parseEnclaveRequest(input as JsonObject)).toHaveProperty('pcrs')
        } catch (error) {
          expect(error).toMatchObject({ code: 'ADMIN_INPUT_INVALID' })
        }
      }),
    )
  })
})

describe('parseModuleRequest', () => {
  it('reads the id of a module and the bytes for it, which may be none or more than it reads', () => {
    expect(parseModuleRequest({ moduleId: MODULE, request: 'AQI=' })).toEqual({
      moduleId: MODULE,
      request: Uint8Array.of(1, 2),
    })
    expect(parseModuleRequest({ moduleId: MODULE, request: '' }).request).toHaveLength(0)
    const long = Buffer.alloc(65_536).toString('base64')
    expect(parseModuleRequest({ moduleId: MODULE, request: long }).request).toHaveLength(65_536)
  })

  it.each([
    ['request', { moduleId: MODULE }],
    ['request', { moduleId: MODULE, request: 'AQ' }],
    ['request', { moduleId: MODULE, request: Buffer.alloc(65_537).toString('base64') }],
    ['moduleId', { request: '' }],
    ['moduleId', { moduleId: '', request: '' }],
    ['moduleId', { moduleId: `${MODULE}\n`, request: '' }],
    ['Request', { moduleId: MODULE, Request: '' }],
  ])('refuses a wrong %s: %j', (member, input) => {
    expect(() => parseModuleRequest(input)).toThrow(refused(member))
  })
})

describe('parseEnclaveName', () => {
  it('reads the id, and refuses anything else', () => {
    expect(parseEnclaveName({ moduleId: MODULE })).toBe(MODULE)
    expect(() => parseEnclaveName({})).toThrow(refused('moduleId'))
    expect(() => parseEnclaveName({ moduleId: MODULE, force: true })).toThrow(refused('force'))
  })
})
