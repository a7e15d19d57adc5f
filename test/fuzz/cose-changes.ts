import { CBOR_CHANGES } from '../support/attestation/cbor-changes.ts'
import { bytes, concat, longHead, NULL } from '../support/attestation/cbor-bytes.ts'
import { encodeTree } from '../support/attestation/cbor-tree.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose, drawBytes } from './choose.ts'
import type { Change, CoseState, Outcome } from './change.ts'
import { drawTree } from './draw-payload.ts'
import { turnSignature } from './plan-changes.ts'

type Elements = readonly Uint8Array[]

function elementsWith(
  name: string,
  outcome: Outcome,
  alter: (elements: Elements, dice: Dice) => Elements | null,
): Change<CoseState> {
  return {
    name,
    apply(state, dice) {
      const elements = state.elements.length === 4 ? alter(state.elements, dice) : null
      return elements && { state: { elements }, outcome }
    },
  }
}

/** The signature, which is the content of the fourth element, in another form. */
const signatureWith = (
  name: string,
  outcome: Outcome,
  alter: (signature: Uint8Array, dice: Dice) => Uint8Array,
): Change<CoseState> =>
  elementsWith(name, outcome, (elements, dice) => {
    const signature = elements[3]
    return signature?.length === 98 ? elements.with(3, bytes(alter(signature.subarray(2), dice))) : null
  })

const STRUCTURE = ['COSE_STRUCTURE_INVALID']
const ORDER = hex(
  'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
)

export const COSE_CHANGES: readonly Change<CoseState>[] = [
  elementsWith('an element missing', STRUCTURE, (all, dice) => all.toSpliced(dice(4), 1)),
  elementsWith('an element too many', STRUCTURE, (all, dice) =>
    all.toSpliced(dice(5), 0, choose(dice, [NULL, ...all])),
  ),
  elementsWith('an element of another type', STRUCTURE, (all, dice) => {
    const at = dice(4)
    const other = choose(dice, [
      NULL,
      hex('00'),
      hex('60'),
      hex('80'),
      hex('f5'),
      at === 1 ? hex('40') : hex('a0'),
    ])
    return all.with(at, other)
  }),
  elementsWith('two elements exchanged', 'judged', (all, dice) => {
    const [one, other] = [dice(4), dice(4)]
    return all.with(one, all[other] ?? NULL).with(other, all[one] ?? NULL)
  }),
  elementsWith('an empty unprotected header of indefinite length', 'accepted', (all) =>
    all.with(1, hex('bfff')),
  ),
  elementsWith('an unprotected header', ['COSE_UNPROTECTED_NOT_EMPTY'], (all, dice) =>
    all.with(1, concat(hex(choose(dice, ['a101', 'a104', 'a16178', 'a120'])), encodeTree(drawTree(dice, 3)))),
  ),
  elementsWith('a longer head', ['CBOR_NOT_SHORTEST'], (all, dice) => {
    const at = choose(dice, [0, 3])
    const content =
      at === 0 ? (all[0] ?? NULL).subarray((all[0]?.[0] ?? 0) === 0x58 ? 2 : 1) : (all[3] ?? NULL).subarray(2)
    return all.with(at, concat(longHead(2, content.length, choose(dice, [4, 8])), content))
  }),
  elementsWith('an element in a tag', ['CBOR_TAG_UNEXPECTED'], (all, dice) => {
    const at = dice(4)
    return all.with(at, concat(hex(choose(dice, ['d2', 'd818', 'c0'])), all[at] ?? NULL))
  }),
  elementsWith('an element in chunks', ['CBOR_INDEFINITE_STRING'], (all, dice) => {
    const at = choose(dice, [0, 2, 3])
    return all.with(at, concat(hex('5f'), all[at] ?? NULL, hex('ff')))
  }),
  elementsWith('no payload', ['COSE_PAYLOAD_SIZE_INVALID'], (all) => all.with(2, hex('40'))),
  elementsWith('a payload that is too long', ['COSE_PAYLOAD_SIZE_INVALID'], (all) =>
    all.with(2, bytes(new Uint8Array(16_385))),
  ),
  ...CBOR_CHANGES.filter(({ code }) => code !== 'CBOR_DUPLICATE_KEY' && code !== 'CBOR_NOT_SHORTEST').map(
    ({ name, code, apply }) =>
      elementsWith(`${name} for an element`, [code], (all, dice) => {
        const content = { type: 'text', content: 'a' } as const
        return all.with(
          dice(4),
          encodeTree(apply(content, dice(2 ** 16)) ?? { type: 'raw', content: hex('1f') }),
        )
      }),
  ),
  signatureWith('the other signature of the two that hold', 'accepted', turnSignature),
  signatureWith(
    'a bit of the signature',
    ['COSE_SIGNATURE_INVALID', 'COSE_SIGNATURE_RANGE_INVALID'],
    (signature, dice) => {
      const at = dice(signature.length)
      return signature.with(at, (signature[at] ?? 0) ^ (1 << dice(8)))
    },
  ),
  signatureWith('r and s exchanged', ['COSE_SIGNATURE_INVALID'], (signature) =>
    concat(signature.subarray(48), signature.subarray(0, 48)),
  ),
  signatureWith(
    'any other signature',
    ['COSE_SIGNATURE_INVALID', 'COSE_SIGNATURE_RANGE_INVALID'],
    (_, dice) => drawBytes(dice, 96),
  ),
  signatureWith('a signature of another length', ['COSE_SIGNATURE_LENGTH_INVALID'], (signature, dice) =>
    choose(dice, [signature.subarray(0, dice(96)), concat(signature, drawBytes(dice, between(dice, 1, 40)))]),
  ),
  signatureWith(
    'a number of the signature out of range',
    ['COSE_SIGNATURE_RANGE_INVALID'],
    (signature, dice) => {
      const odd = choose(dice, [new Uint8Array(48), ORDER, new Uint8Array(48).fill(0xff)])
      return choose(dice, [
        concat(odd, signature.subarray(48)),
        concat(signature.subarray(0, 48), odd),
        concat(odd, odd),
      ])
    },
  ),
]
