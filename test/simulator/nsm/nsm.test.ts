import { createHash } from 'node:crypto'
import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHex, toHex, utf8 } from '../../../src/core/bytes.ts'
import { startEnclave } from '../../../src/simulator/nsm/simulated-enclave.ts'
import { runs } from '../../support/property-runs.ts'
import { ask, decodeResponse, documentOf, makeHost } from './an-enclave-host.ts'
import { readDocument } from '../read-document.ts'

const error = (name: string) => ({ Error: name })
const ZERO = new Uint8Array(48)
const extended = (old: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha384').update(old).update(data).digest())

const start = () => startEnclave(makeHost())
const text = (word: string): string => toHex(utf8(word))

describe('the bytes of requests and responses', () => {
  // As serde writes the types of aws-nitro-enclaves-nsm-api, spelled out.
  it.each([
    ['GetRandom', '6947657452616e646f6d', `a169${text('GetRandom')}a166${text('random')}590100`, 256],
    [
      'DescribePCR of an open register',
      `a16b${text('DescribePCR')}a165${text('index')}10`,
      `a16b${text('DescribePCR')}a264${text('lock')}f464${text('data')}5830${'00'.repeat(48)}`,
      0,
    ],
    [
      'DescribePCR of a locked register',
      `a16b${text('DescribePCR')}a165${text('index')}05`,
      `a16b${text('DescribePCR')}a264${text('lock')}f564${text('data')}5830${'00'.repeat(48)}`,
      0,
    ],
    [
      'ExtendPCR',
      'a169457874656e64504352a265696e64657810646461746143010203',
      `a169${text('ExtendPCR')}a164${text('data')}5830${toHex(extended(ZERO, Uint8Array.of(1, 2, 3)))}`,
      0,
    ],
    ['LockPCR', 'a1674c6f636b504352a165696e64657810', `67${text('LockPCR')}`, 0],
    ['LockPCRs', 'a1684c6f636b50435273a16572616e676510', `68${text('LockPCRs')}`, 0],
    [
      'Attestation',
      `a16b${text('Attestation')}a369${text('user_data')}f665${text('nonce')}f66a${text('public_key')}f6`,
      `a16b${text('Attestation')}a168${text('document')}59`,
      null,
    ],
    [
      'a register that there is not',
      `a16b${text('DescribePCR')}a165${text('index')}1820`,
      'a1654572726f726c496e76616c6964496e646578',
      0,
    ],
  ] as const)('are those of %s', (_, request, response, further) => {
    const given = toHex(start().respond(parseHex(request)))
    expect(given.slice(0, response.length)).toBe(response)
    if (further !== null) expect(given.length).toBe(response.length + 2 * further)
  })

  it('are those of DescribeNSM, fields in their declared order', () => {
    const enclave = start()
    const given = toHex(enclave.respond(parseHex(`6b${text('DescribeNSM')}`)))
    const version = ['major', 'minor', 'patch'].map(
      (part, i) => `6d${text(`version_${part}`)}${i === 0 ? '01' : '00'}`,
    )
    const locked = Array.from({ length: 16 }, (_, index) => index.toString(16).padStart(2, '0')).join('')
    expect(given).toBe(
      `a16b${text('DescribeNSM')}a7${version.join('')}69${text('module_id')}7827${text(enclave.moduleId)}` +
        `68${text('max_pcrs')}18206b${text('locked_pcrs')}90${locked}66${text('digest')}66${text('SHA384')}`,
    )
  })
})

describe('registers', () => {
  it('pass what the test of the AWS library asks of a module', () => {
    const enclave = start()
    const describePcr = (index: number) =>
      (ask(enclave, { DescribePCR: { index } }) as { DescribePCR: { lock: boolean; data: Uint8Array } })
        .DescribePCR
    const all = Array.from({ length: 32 }, (_, index) => index)
    const boot = all.filter((index) => index < 16)
    const own = all.filter((index) => index >= 16)

    expect(all.filter((index) => describePcr(index).lock)).toEqual(boot)
    expect(all.filter((index) => !Buffer.from(describePcr(index).data).equals(ZERO))).toEqual([0, 1, 2, 4])
    for (const index of boot) {
      expect(ask(enclave, { LockPCR: { index } })).toEqual(error('ReadOnlyIndex'))
      expect(ask(enclave, { ExtendPCR: { index, data: Uint8Array.of(1) } })).toEqual(error('ReadOnlyIndex'))
    }
    let value: Uint8Array = ZERO
    for (let round = 0; round < 3; round++) {
      value = extended(value, Uint8Array.of(1, 2, 3))
      for (const index of own) {
        expect(ask(enclave, { ExtendPCR: { index, data: Uint8Array.of(1, 2, 3) } })).toEqual({
          ExtendPCR: { data: value },
        })
      }
    }
    for (const index of own) expect(ask(enclave, { LockPCR: { index } })).toBe('LockPCR')
    expect(ask(enclave, { LockPCRs: { range: 32 } })).toBe('LockPCRs')
    expect(ask(enclave, { LockPCRs: { range: 33 } })).toEqual(error('InvalidIndex'))
    for (const index of all) {
      expect(ask(enclave, { ExtendPCR: { index, data: Uint8Array.of(1) } })).toEqual(error('ReadOnlyIndex'))
      expect(describePcr(index).lock).toBe(true)
    }
    for (const index of own) expect(describePcr(index).data).toEqual(value)
  })

  it('below a range are locked, those of the range and above stay open', () => {
    const enclave = start()
    expect(ask(enclave, { LockPCRs: { range: 0 } })).toBe('LockPCRs')
    expect(ask(enclave, { LockPCRs: { range: 18 } })).toBe('LockPCRs')
    expect(ask(enclave, 'DescribeNSM')).toMatchObject({
      DescribeNSM: { locked_pcrs: Array.from({ length: 18 }, (_, index) => index) },
    })
    expect(ask(enclave, { ExtendPCR: { index: 17, data: ZERO } })).toEqual(error('ReadOnlyIndex'))
    expect(ask(enclave, { ExtendPCR: { index: 18, data: ZERO } })).toEqual({
      ExtendPCR: { data: extended(ZERO, ZERO) },
    })
  })

  it('stand in documents once they are locked, with what they held then', () => {
    const enclave = start()
    ask(enclave, { ExtendPCR: { index: 20, data: utf8('one') } })
    expect([...readDocument(documentOf(enclave)).pcrs.keys()]).toEqual(
      Array.from({ length: 16 }, (_, i) => i),
    )
    ask(enclave, { LockPCR: { index: 20 } })
    const { pcrs } = readDocument(documentOf(enclave))
    expect([...pcrs.keys()].slice(16)).toEqual([20])
    expect(pcrs.get(20)).toEqual(extended(ZERO, utf8('one')))
  })

  it('of one enclave are not those of another', () => {
    const host = makeHost()
    const [one, other] = [startEnclave(host), startEnclave(host, { instanceId: 'i-0123456789abcdef0' })]
    ask(one, { ExtendPCR: { index: 16, data: ZERO } })
    expect(ask(other, { DescribePCR: { index: 16 } })).toEqual({ DescribePCR: { lock: false, data: ZERO } })
  })
})

const REFUSED: readonly (readonly [what: string, request: unknown, name: string])[] = [
  ['DescribePCR of 32', { DescribePCR: { index: 32 } }, 'InvalidIndex'],
  ['DescribePCR of 65536', { DescribePCR: { index: 65_536 } }, 'InvalidIndex'],
  ['DescribePCR of 2^64 - 1', { DescribePCR: { index: 2n ** 64n - 1n } }, 'InvalidIndex'],
  ['ExtendPCR of 32', { ExtendPCR: { index: 32, data: ZERO } }, 'InvalidIndex'],
  ['ExtendPCR of 0', { ExtendPCR: { index: 0, data: ZERO } }, 'ReadOnlyIndex'],
  ['LockPCR of 32', { LockPCR: { index: 32 } }, 'InvalidIndex'],
  ['LockPCR of 15', { LockPCR: { index: 15 } }, 'ReadOnlyIndex'],
  ['LockPCRs of 33', { LockPCRs: { range: 33 } }, 'InvalidIndex'],
  ['a negative index', { DescribePCR: { index: -1 } }, 'InvalidOperation'],
  ['an index that is text', { DescribePCR: { index: '16' } }, 'InvalidOperation'],
  ['an index that is a fraction', { LockPCR: { index: 1.5 } }, 'InvalidOperation'],
  ['a range that is null', { LockPCRs: { range: null } }, 'InvalidOperation'],
  ['data that is a number', { ExtendPCR: { index: 16, data: 1 } }, 'InvalidOperation'],
  ['data that is an array', { ExtendPCR: { index: 16, data: [1, 2] } }, 'InvalidOperation'],
  ['data that is null', { ExtendPCR: { index: 16, data: null } }, 'InvalidOperation'],
  ['ExtendPCR without data', { ExtendPCR: { index: 16 } }, 'InvalidOperation'],
  ['ExtendPCR without index', { ExtendPCR: { data: ZERO } }, 'InvalidOperation'],
  ['DescribePCR without index', { DescribePCR: {} }, 'InvalidOperation'],
  ['LockPCR with a range', { LockPCR: { range: 1 } }, 'InvalidOperation'],
  ['LockPCRs with an index', { LockPCRs: { index: 1 } }, 'InvalidOperation'],
  ['a nonce that is a number', { Attestation: { nonce: 1 } }, 'InvalidOperation'],
  ['user data that is a map', { Attestation: { user_data: {} } }, 'InvalidOperation'],
  ['a public key that is false', { Attestation: { public_key: false } }, 'InvalidOperation'],
  ['fields that are an array', { Attestation: [] }, 'InvalidOperation'],
  ['fields that are null', { Attestation: null }, 'InvalidOperation'],
  ['Attestation without fields', 'Attestation', 'InvalidOperation'],
  ['GetRandom with fields', { GetRandom: {} }, 'InvalidOperation'],
  ['DescribeNSM with null', { DescribeNSM: null }, 'InvalidOperation'],
  ['a name in other letters', 'getrandom', 'InvalidOperation'],
  ['a name in other letters', { describePCR: { index: 0 } }, 'InvalidOperation'],
  ['an unknown name', 'Reboot', 'InvalidOperation'],
  ['a name that objects have', { constructor: {} }, 'InvalidOperation'],
  ['a name that objects have', '__proto__', 'InvalidOperation'],
  ['an empty name', '', 'InvalidOperation'],
  ['an empty map', {}, 'InvalidOperation'],
  ['two requests in a map', { DescribePCR: { index: 0 }, LockPCR: { index: 16 } }, 'InvalidOperation'],
  ['a number', 5, 'InvalidOperation'],
  ['null', null, 'InvalidOperation'],
  ['a byte string', utf8('GetRandom'), 'InvalidOperation'],
  ['an array', ['GetRandom'], 'InvalidOperation'],
  ['a map with a number as key', new Map([[1, {}]]), 'InvalidOperation'],
  [
    'fields with a number as key',
    {
      DescribePCR: new Map<unknown, unknown>([
        [0, 0],
        ['index', 0],
      ]),
    },
    'InvalidOperation',
  ],
  ['a nonce of 1025 bytes', { Attestation: { nonce: new Uint8Array(1025) } }, 'InputTooLarge'],
  ['user data of 1025 bytes', { Attestation: { user_data: new Uint8Array(1025) } }, 'InputTooLarge'],
  ['a public key of 1025 characters', { Attestation: { public_key: 'x'.repeat(1025) } }, 'InputTooLarge'],
  ['a request of 4097 bytes', { ExtendPCR: { index: 16, data: new Uint8Array(4097 - 27) } }, 'InputTooLarge'],
]

describe('a request that is refused', () => {
  it.each(REFUSED)('for %s changes nothing', (_, request, name) => {
    const enclave = start()
    const before = enclave.registers()
    expect(ask(enclave, request)).toEqual(error(name))
    expect(enclave.registers()).toEqual(before)
  })

  it.each([
    ['no bytes', ''],
    ['no CBOR', 'ff'],
    ['half a request', '69476574'],
    ['a byte behind it', '6947657452616e646f6d00'],
    ['two requests', '6947657452616e646f6d6947657452616e646f6d'],
    ['a tag', `d8186947657452616e646f6d`],
    ['text that is not UTF-8', '69ff657452616e646f6d'],
    ['text in chunks', '7f6947657452616e646f6dff'],
    ['a field given twice', `a16b${text('DescribePCR')}a265${text('index')}0065${text('index')}00`],
    [
      'a request given twice',
      `a267${text('LockPCR')}a165${text('index')}1067${text('LockPCR')}a165${text('index')}10`,
    ],
    ['bytes in chunks', `a16b${text('Attestation')}a165${text('nonce')}5f4101ff`],
    ['4,096 nested arrays', '81'.repeat(4096)],
    ['4,096 nested maps without end', 'bf'.repeat(4096)],
  ])('for %s gets InvalidOperation', (_, request) => {
    expect(decodeResponse(start().respond(parseHex(request)))).toEqual(error('InvalidOperation'))
  })
})

describe('a request that is odd', () => {
  it.each([
    [
      'in a map without length',
      `bf69${text('ExtendPCR')}bf65${text('index')}1064${text('data')}43010203ffff`,
    ],
    [
      'with its fields in another order',
      `a169${text('ExtendPCR')}a264${text('data')}4301020365${text('index')}10`,
    ],
    [
      'with a number in two bytes more than it needs',
      `a169${text('ExtendPCR')}a265${text('index')}19001064${text('data')}43010203`,
    ],
    [
      'with text in place of bytes',
      `a169${text('ExtendPCR')}a265${text('index')}1064${text('data')}63010203`,
    ],
    [
      'with a field of another name',
      `a169${text('ExtendPCR')}a361780065${text('index')}1064${text('data')}43010203`,
    ],
  ])('%s is answered', (_, request) => {
    expect(decodeResponse(start().respond(parseHex(request)))).toEqual({
      ExtendPCR: { data: extended(ZERO, Uint8Array.of(1, 2, 3)) },
    })
  })

  it('of 4,096 bytes is answered', () => {
    const request = encode({ ExtendPCR: { index: 16, data: new Uint8Array(4096 - 27) } })
    expect(request.length).toBe(4096)
    expect(decodeResponse(start().respond(request))).toEqual({
      ExtendPCR: { data: extended(ZERO, new Uint8Array(4096 - 27)) },
    })
  })

  it('gives 256 random bytes, others each time', () => {
    const enclave = start()
    const random = () => (ask(enclave, 'GetRandom') as { GetRandom: { random: Uint8Array } }).GetRandom.random
    const [one, other] = [random(), random()]
    expect(one).toHaveLength(256)
    expect(one).not.toEqual(other)
  })
})

const NAMES = ['Attestation', 'DescribeNSM', 'DescribePCR', 'ExtendPCR', 'GetRandom', 'LockPCR', 'LockPCRs']
const FIELD = fc.constantFrom('index', 'data', 'range', 'user_data', 'nonce', 'public_key', 'x')
const VALUE = fc.oneof(
  fc.nat(40),
  fc.integer(),
  fc.uint8Array({ maxLength: 64 }),
  fc.string(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Requests, nearly requests, damaged requests, and any bytes. */
const REQUEST = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => encode(name)),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.dictionary(FIELD, VALUE))
    .map(([name, fields]) => encode({ [name]: fields })),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.dictionary(FIELD, VALUE), fc.nat(255), fc.nat(255))
    .map(([name, fields, at, byte]) =>
      encode({ [name]: fields })
        .with(0, 0xa1)
        .map((old, i) => (i === at ? byte : old)),
    ),
  fc.uint8Array({ maxLength: 300 }),
)

describe('a module, whatever it is asked,', () => {
  it('gives exactly one item, which fits, and keeps what is locked as it is', () => {
    const enclave = start()
    fc.assert(
      fc.property(REQUEST, (request) => {
        const before = enclave.registers()
        const response = enclave.respond(request)
        expect(response.length).toBeLessThanOrEqual(12_288)
        const decoded = decodeResponse(response)
        const name = typeof decoded === 'string' ? decoded : Object.keys(decoded as object)[0]
        expect([...NAMES, 'Error']).toContain(name)
        const after = enclave.registers()
        for (const [index, register] of before.entries()) {
          if (register.locked) expect(after[index]).toEqual(register)
        }
        if (name === 'Error') expect(after).toEqual(before)
      }),
      runs(1_000),
    )
  })
})
