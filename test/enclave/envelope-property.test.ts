import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBer, toDer } from '../../enclave/client/ber.ts'
import { describeEnvelope, openEnvelope } from '../../enclave/client/envelope.ts'
import { EnclaveError } from '../../enclave/client/errors.ts'
import { makeEnvelope } from '../support/an-envelope.ts'
import { dice } from '../support/attestation/cbor-changes.ts'
import { DER_CHANGES } from '../support/attestation/der-changes.ts'
import type { DerNode } from '../support/attestation/der-tree.ts'
import {
  derNodesOf,
  derTree,
  encodeDerTree,
  replaceDerNode,
  toDerTree,
} from '../support/attestation/der-tree.ts'
import { runs } from '../support/property-runs.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'

const key = makeRsaKey(2048)
const plaintext = Uint8Array.from({ length: 1500 }, (_, at) => at & 0xff)
const envelope = makeEnvelope({ key, plaintext, indefinite: [] })
const tree = toDerTree(envelope)

/** The code of the refusal; `opened` where there is none. Anything but an `EnclaveError` is thrown on. */
function outcome(changed: Uint8Array): string {
  try {
    openEnvelope(changed, key.privateKey)
    return 'opened'
  } catch (error) {
    if (error instanceof EnclaveError) return error.code
    throw error
  }
}

/** Writes an element with a length of any form that BER has (X.690 §8.1.3); `forms` are used up in turn. */
function encodeBer(node: DerNode, forms: number[]): Uint8Array {
  if ('raw' in node) return node.raw
  const form = forms.pop() ?? 0
  const isConstructed = 'children' in node
  const content = isConstructed
    ? Buffer.concat(node.children.map((one) => encodeBer(one, forms)))
    : node.content
  if (isConstructed && form === 3) return Buffer.concat([Buffer.of(node.tag, 0x80), content, Buffer.of(0, 0)])
  const shortest = content.length < 0x80 ? 0 : content.length < 0x100 ? 1 : 2
  const octets = Math.max(shortest, Math.min(form, 3))
  const digits = Array.from({ length: octets }, (_, at) => (content.length >> (8 * (octets - 1 - at))) & 0xff)
  return Buffer.concat([
    Buffer.of(node.tag, ...(octets === 0 ? [content.length] : [0x80 | octets, ...digits])),
    content,
  ])
}

/** What OCTET STRINGs in pieces become; the order of a SET does not matter to this reader. */
const forms = fc.array(fc.nat(3), { minLength: 80, maxLength: 80 })

describe('an envelope in any form of BER', () => {
  it('is opened to the same plaintext', () => {
    fc.assert(
      fc.property(forms, (some) => {
        const written = encodeBer(tree, [...some])
        expect(Buffer.from(toDer(parseBer(written))).equals(envelope)).toBe(true)
        expect(Buffer.from(openEnvelope(written, key.privateKey)).equals(plaintext)).toBe(true)
      }),
      runs(25),
    )
  })

  it('is read for any tree as its DER', () => {
    fc.assert(
      fc.property(derTree(5), forms, (node, some) => {
        expect(toDer(parseBer(encodeBer(node, [...some])))).toEqual(encodeDerTree(node))
      }),
      runs(120),
    )
  })
})

describe('an envelope whose elements were changed', () => {
  it('is refused with an ENVELOPE code, or opened; never with its ends moved', () => {
    const change = fc.record({ which: fc.nat(5), place: dice, how: dice })
    fc.assert(
      fc.property(derTree(3), fc.array(change, { minLength: 1, maxLength: 2 }), (donor, changes) => {
        const changed = changes.reduce<DerNode>((current, { which, place, how }) => {
          const nodes = derNodesOf(current)
          const target = nodes[place % nodes.length] ?? current
          const broken = DER_CHANGES[how % DER_CHANGES.length]?.apply(target, how)
          const raw = { raw: Buffer.of(how & 0xff, ...encodeDerTree(target).subarray(1)) }
          const other = nodes[how % nodes.length] ?? current
          const replacement = [[], [target, target], [other], [donor], [raw], [broken ?? target]][which]
          return replaceDerNode(current, target, replacement ?? [])
        }, tree)
        const encoded = encodeDerTree(changed)
        expect(outcome(encoded)).toMatch(/^(?:opened|ENVELOPE_[A-Z_]+)$/)
        expect(outcome(Buffer.concat([encoded, Buffer.of(0)]))).toMatch(/^ENVELOPE_/)
        try {
          describeEnvelope(encoded)
        } catch (error) {
          expect(error).toBeInstanceOf(EnclaveError)
        }
      }),
      runs(120),
    )
  })
})
