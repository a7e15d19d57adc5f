import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { walkCbor } from '../../src/attestation/cbor-walk.ts'
import {
  array,
  bytes,
  longHead,
  map,
  NULL,
  openArray,
  openMap,
  text,
  uint,
} from '../support/attestation/cbor-bytes.ts'
import type { CborValue } from '../support/attestation/cbor-value.ts'
import { decodeCbor } from '../support/attestation/cbor-value.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { hex } from '../support/attestation/der-bytes.ts'

/** As strict as cborg can be told to be; indefinite lengths are what the walk takes beside that. */
const STRICT = {
  strict: true,
  allowIndefinite: true,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
}

/** Values of both readers in one form: every number is a bigint, every byte string a plain array. */
function normalize(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(value)
  if (value instanceof Uint8Array) return ['bytes', ...value]
  if (Array.isArray(value)) return value.map(normalize)
  if (value instanceof Map) return [...value].map(([key, inner]) => [normalize(key), normalize(inner)])
  return value
}

const item = fc.letrec<{ node: Uint8Array }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(0n, 2n ** 64n - 1n).map(uint),
    fc.nat(300).map(uint),
    fc.uint8Array({ maxLength: 40 }).map(bytes),
    fc.string({ unit: 'grapheme', maxLength: 90 }).map((one) => text(one.replace(/^\u{feff}+/u, ''))),
    fc.constantFrom(NULL, hex('f4'), hex('f5'), hex('20'), hex('38 ff'), hex('3a ffffffff')),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => array(...items)),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => openArray(...items)),
    fc
      .uniqueArray(fc.nat(500), { maxLength: 4 })
      .chain((keys) =>
        fc
          .tuple(...keys.map(() => tie('node')))
          .map((values) => map(keys.map((key, index) => [uint(key), values[index] ?? NULL]))),
      ),
    tie('node').map((value) => openMap([[text('key'), value]])),
  ),
})).node

describe('walkCbor and readScalar, with cborg as a second opinion', () => {
  it('reads what a writer of its own writes as cborg does', () => {
    fc.assert(
      fc.property(item, (input) => {
        expect(normalize(decodeCbor(input))).toEqual(normalize(decode(input, STRICT)))
      }),
      { numRuns: 500 },
    )
  })

  it('reads what cborg writes', () => {
    const value = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 20 }),
        fc.array(tie('node'), { maxLength: 4 }),
      ),
    })).node
    fc.assert(
      fc.property(value, (one) => {
        expect(normalize(decodeCbor(encode(one)))).toEqual(normalize(one))
      }),
    )
  })

  it('answers a value or one of its codes for any bytes, and takes nothing that cborg refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (input) => {
        let value: CborValue
        try {
          value = decodeCbor(input)
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^CBOR_/))
          return
        }
        expect(normalize(value)).toEqual(normalize(decode(input, STRICT)))
      }),
      { numRuns: 5000 },
    )
  })

  it('answers a value or one of its codes for any flipped bit', () => {
    fc.assert(
      fc.property(item, fc.nat(), (input, bit) => {
        const at = (bit >> 3) % input.length
        const flipped = input.with(at, (input[at] ?? 0) ^ (1 << (bit & 7)))
        expect([null, expect.stringMatching(/^CBOR_/)]).toContainEqual(codeOf(() => decodeCbor(flipped)))
      }),
      { numRuns: 1000 },
    )
  })

  it('bounds time and memory by the input: claimed counts are not believed', () => {
    for (const major of [2, 3, 4, 5]) {
      for (const claim of [2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 64n - 1n]) {
        expect(codeOf(() => decodeCbor(longHead(major, claim, 8)))).toMatch(/^CBOR_(TRUNCATED|NOT_SHORTEST)$/)
      }
    }
    expect(codeOf(() => decodeCbor(new Uint8Array(16_384).fill(0x81)))).toBe('CBOR_DEPTH_EXCEEDED')
    expect(codeOf(() => decodeCbor(new Uint8Array(16_384).fill(0x9f)))).toBe('CBOR_DEPTH_EXCEEDED')
    expect(codeOf(() => decodeCbor(new Uint8Array(16_384).fill(0xbf)))).toBe('CBOR_DEPTH_EXCEEDED')
  })
})

describe('walkCbor', () => {
  it('says where items lie', () => {
    const input = hex('d2 82 43 010203 a1 01 38 22')
    const { items, ...outer } = walkCbor(input, { allowTag: true })
    expect(outer).toEqual({ major: 4, indefinite: false, start: 1, contentStart: 2, end: 10 })
    expect(items.map(({ major, start, contentStart, end }) => [major, start, contentStart, end])).toEqual([
      [2, 2, 3, 6],
      [5, 6, 7, 10],
    ])
    expect(items[1]?.items.map(({ start, end }) => [start, end])).toEqual([
      [7, 8],
      [8, 10],
    ])
  })

  it('says so in a part of a larger buffer as well', () => {
    const input = hex('ffff 41 07 ffff').subarray(2, 4)
    expect(walkCbor(input)).toMatchObject({ start: 0, contentStart: 1, end: 2 })
    expect(decodeCbor(input)).toEqual(Uint8Array.of(7))
  })

  it('takes a tag only where it is allowed', () => {
    expect(codeOf(() => walkCbor(hex('d2 80')))).toBe('CBOR_TAG_UNEXPECTED')
    expect(codeOf(() => walkCbor(hex('d2 80'), { allowTag: true }))).toBe(null)
  })
})

describe('what is relied on of cbor-x', () => {
  it('numbers in 64-bit form are exact', () => {
    expect(decodeCbor(uint(2n ** 64n - 1n))).toBe(2n ** 64n - 1n)
    expect(decodeCbor(uint(1_768_478_400_250))).toBe(1_768_478_400_250n)
  })

  it('its native half is not loaded even where one is installed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'attested-kms-'))
    try {
      const source = new URL('../../node_modules/cbor-x/', import.meta.url).pathname
      cpSync(source, join(folder, 'node_modules/cbor-x'), { recursive: true })
      const native = join(folder, 'node_modules/cbor-extract')
      mkdirSync(native)
      writeFileSync(join(native, 'package.json'), '{"name":"cbor-extract","main":"index.js"}')
      writeFileSync(join(native, 'index.js'), 'exports.extractStrings = () => []')
      const isNative = (entry: string): string => {
        const script = `import { isNativeAccelerationEnabled } from '${entry}'; console.log(isNativeAccelerationEnabled)`
        const file = join(folder, 'main.mjs')
        writeFileSync(file, script)
        return execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim()
      }
      expect(isNative('cbor-x/decode')).toBe('false')
      // The other entry would load it: the test can fail.
      expect(isNative('cbor-x')).toBe('true')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
