import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeEnvelope, openEnvelope } from '../../enclave/client/envelope.ts'
import { EnclaveError } from '../../enclave/client/errors.ts'
import { makeEnvelope, join, hex, tlv } from '../support/an-envelope.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'
import { walkTlv } from '../support/tlv-walk.ts'

const key = makeRsaKey(2048)
const plaintext = Uint8Array.from({ length: 32 }, (_, at) => at)
const single = makeEnvelope({ key, plaintext })
const chunked = makeEnvelope({ key, plaintext: new Uint8Array(2384) })

/** The code of the refusal; `opened` where there is none. Anything but an `EnclaveError` is thrown on. */
function outcome(envelope: Uint8Array): string {
  try {
    openEnvelope(envelope, key.privateKey)
    return 'opened'
  } catch (error) {
    if (error instanceof EnclaveError) return error.code
    throw error
  }
}

describe('a changed envelope', () => {
  it('cut off anywhere is refused with ENVELOPE_ENCODING_INVALID', () => {
    for (const envelope of [single, chunked]) {
      const outcomes = Array.from(envelope, (_, length) => outcome(envelope.subarray(0, length)))
      expect(new Set(outcomes)).toEqual(new Set(['ENVELOPE_ENCODING_INVALID']))
    }
  })

  it('with anything behind it is refused with ENVELOPE_ENCODING_INVALID', () => {
    for (const rest of ['0a', '0000', '3000']) {
      expect(outcome(join(single, hex(rest)))).toBe('ENVELOPE_ENCODING_INVALID')
    }
  })

  it('with any bit flipped outside IV and ciphertext is not opened', () => {
    const octets = walkTlv(single).filter((line) => line.tag === 0x04)
    const [encryptedKey, iv, ciphertext] = octets.map(({ offset, header, length }) => ({
      start: offset + header,
      end: offset + header + Number(length),
    }))
    const unauthenticated = [iv, ciphertext]
    const opened: string[] = []
    for (let at = 0; at < single.length; at++) {
      if (unauthenticated.some((range) => range && at >= range.start && at < range.end)) continue
      // RSA is slow and treats all its bits alike; one of each byte is enough there.
      const insideKey = encryptedKey && at >= encryptedKey.start && at < encryptedKey.end
      for (const bit of insideKey ? [at % 8] : [0, 1, 2, 3, 4, 5, 6, 7]) {
        const changed = single.slice()
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        if (outcome(changed) === 'opened') opened.push(`${at}.${bit}`)
      }
    }
    expect(opened).toEqual([])
  })

  it('at several places gives a plaintext or an EnclaveError', () => {
    const change = fc.record({
      at: fc.nat(chunked.length - 1),
      remove: fc.nat(3),
      insert: fc.uint8Array({ maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = [...chunked]
        for (const { at, remove, insert } of changes) changed.splice(at, remove, ...insert)
        expect(outcome(Uint8Array.from(changed))).toMatch(/^(?:opened|ENVELOPE_[A-Z_]+)$/)
      }),
      { numRuns: 1000 },
    )
  })

  it('with whole elements taken out, doubled or swapped gives a plaintext or an EnclaveError', () => {
    const lines = walkTlv(single).filter(({ length }) => length !== 'indefinite')
    const slices = lines.map(({ offset, header, length }) => ({
      offset,
      end: offset + header + Number(length),
    }))
    for (const { offset, end } of slices) {
      for (const other of slices) {
        const copy = single.subarray(other.offset, other.end)
        const changed = join(single.subarray(0, offset), copy, single.subarray(end))
        const doubled = join(single.subarray(0, offset), copy, single.subarray(offset))
        expect([outcome(changed), outcome(doubled)].join()).toMatch(/^(?:opened|ENVELOPE_|[A-Z_,])+$/)
      }
      const without = join(single.subarray(0, offset), single.subarray(end))
      expect(outcome(without)).not.toBe('opened')
    }
  })
})

describe('bytes that are no envelope', () => {
  it('of any kind give an EnclaveError, from both readers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(outcome(bytes)).toMatch(/^ENVELOPE_/)
        expect(() => describeEnvelope(bytes)).toThrow(EnclaveError)
      }),
      { numRuns: 2000 },
    )
  })

  const element = (depth: number): fc.Arbitrary<Uint8Array> => {
    const tag = fc.constantFrom(0x02, 0x04, 0x05, 0x06, 0x24, 0x30, 0x31, 0x80, 0xa0, 0xa1)
    const primitive = fc.tuple(tag, fc.uint8Array({ maxLength: 12 })).map(([t, body]) => tlv(t & ~0x20, body))
    if (depth === 0) return primitive
    const inner = fc.array(element(depth - 1), { maxLength: 5 })
    return fc.oneof(
      primitive,
      fc.tuple(tag, inner).map(([t, parts]) => tlv(t | 0x20, ...parts)),
    )
  }

  it('of well-formed DER give an EnclaveError', () => {
    const content = element(4).map((inner) =>
      tlv(0x30, hex('06092a864886f70d010703'), tlv(0xa0, tlv(0x30, hex('020102'), inner))),
    )
    fc.assert(
      fc.property(fc.oneof(element(5), content), (bytes) => {
        expect(outcome(bytes)).toMatch(/^ENVELOPE_/)
      }),
      { numRuns: 2000 },
    )
  })

  it('with as many elements as the walk lets through are refused', () => {
    const many = tlv(0x30, ...Array.from({ length: 1023 }, () => hex('0500')))
    expect(outcome(many)).toBe('ENVELOPE_STRUCTURE_INVALID')
    const recipients = tlv(0x31, ...Array.from({ length: 500 }, () => hex('a1020500')))
    const data = tlv(0x30, hex('020102'), recipients)
    const contentInfo = tlv(0x30, hex('06092a864886f70d010703'), tlv(0xa0, data))
    expect(outcome(contentInfo)).toBe('ENVELOPE_STRUCTURE_INVALID')
  })
})
