import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import { bytes, concat, map, NULL, openArray, text, uint } from '../../support/attestation/cbor-bytes.ts'
import { hex } from '../../support/attestation/der-bytes.ts'
import type { CoseParts } from '../../support/attestation/an-attestation.ts'
import { KEYS } from '../../support/attestation/an-attestation.ts'
import type { Refusal } from './refusal.ts'

const N = hex(
  'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
)
const header = (digits: string): AttestationSpec => ({ protectedHeader: hex(digits) })
const cose = (change: (parts: CoseParts) => Partial<CoseParts>): AttestationSpec => ({
  cose: (parts) => ({ ...parts, ...change(parts) }),
})
/** Gives the 96 bytes of the signature, without their head, to a function. */
const signature = (change: (signature: Uint8Array) => Uint8Array): AttestationSpec =>
  cose((parts) => ({ signature: bytes(change(parts.signature.subarray(2))) }))
const flipLast = (content: Uint8Array): Uint8Array =>
  content.map((octet, index) => (index === content.length - 1 ? octet ^ 1 : octet))

export const COSE_REFUSALS: readonly Refusal[] = [
  {
    code: 'COSE_STRUCTURE_INVALID',
    what: 'three elements',
    spec: { input: (input) => concat(hex('83'), input.subarray(1, -98)) },
  },
  {
    code: 'COSE_STRUCTURE_INVALID',
    what: 'a fifth element',
    spec: { input: (input) => concat(hex('85'), input.subarray(1), NULL) },
  },
  {
    code: 'COSE_STRUCTURE_INVALID',
    what: 'an indefinite array',
    spec: { input: (input) => openArray(input.subarray(1)) },
  },
  {
    code: 'COSE_STRUCTURE_INVALID',
    what: 'a map of two pairs of the same items',
    spec: { input: (input) => concat(hex('a2'), input.subarray(1)) },
  },
  { code: 'COSE_STRUCTURE_INVALID', what: 'a number', spec: { input: () => hex('00') } },
  { code: 'COSE_STRUCTURE_INVALID', what: 'a detached payload', spec: cose(() => ({ payload: NULL })) },
  { code: 'COSE_STRUCTURE_INVALID', what: 'a payload of text', spec: cose(() => ({ payload: text('a') })) },
  {
    code: 'COSE_STRUCTURE_INVALID',
    what: 'a protected header that is not wrapped',
    spec: cose(() => ({ protectedHeader: hex('a1 01 38 22') })),
  },
  {
    code: 'COSE_STRUCTURE_INVALID',
    what: 'an unprotected header that is an array',
    spec: cose(() => ({ unprotectedHeader: hex('80') })),
  },
  { code: 'COSE_PROTECTED_INVALID', what: 'an array in the protected header', spec: header('81 00') },
  { code: 'COSE_PROTECTED_INVALID', what: 'null in the protected header', spec: header('f6') },
  { code: 'COSE_PROTECTED_INVALID', what: 'a label of bytes', spec: header('a2 01 38 22 41 00 00') },
  { code: 'COSE_CRITICAL_UNSUPPORTED', what: 'crit', spec: header('a2 01 38 22 02 81 01') },
  { code: 'COSE_ALGORITHM_MISSING', what: 'an empty protected header', spec: header('') },
  { code: 'COSE_ALGORITHM_MISSING', what: 'an empty map', spec: header('a0') },
  { code: 'COSE_ALGORITHM_MISSING', what: 'the label 1 as text', spec: header('a1 61 31 38 22') },
  {
    code: 'COSE_ALGORITHM_MISSING',
    what: 'alg in the unprotected header alone',
    spec: { ...header(''), unprotectedHeader: hex('a1 01 38 22') },
  },
  { code: 'COSE_ALGORITHM_UNSUPPORTED', what: 'ES256', spec: header('a1 01 26') },
  { code: 'COSE_ALGORITHM_UNSUPPORTED', what: 'ES512', spec: header('a1 01 38 23') },
  { code: 'COSE_ALGORITHM_UNSUPPORTED', what: 'ESP384', spec: header('a1 01 38 32') },
  { code: 'COSE_ALGORITHM_UNSUPPORTED', what: 'the text ES384', spec: header('a1 01 65 4553333834') },
  { code: 'COSE_ALGORITHM_UNSUPPORTED', what: 'the number 35', spec: header('a1 01 18 23') },
  { code: 'COSE_ALGORITHM_UNSUPPORTED', what: 'null', spec: header('a1 01 f6') },
  {
    code: 'COSE_UNPROTECTED_NOT_EMPTY',
    what: 'a kid',
    spec: { unprotectedHeader: map([[uint(4), bytes(N)]]) },
  },
  {
    code: 'COSE_UNPROTECTED_NOT_EMPTY',
    what: 'an indefinite header with an alg',
    spec: { unprotectedHeader: hex('bf 01 38 22 ff') },
  },
  { code: 'COSE_PAYLOAD_SIZE_INVALID', what: 'an empty payload', spec: { payload: () => new Uint8Array() } },
  {
    code: 'COSE_PAYLOAD_SIZE_INVALID',
    what: 'a payload of 16385 bytes',
    spec: {
      payload: (payload) => {
        const missing = 16_385 - payload.length - 5
        return concat(payload.subarray(0, -1), text('x'), bytes(new Uint8Array(missing)), hex('ff'))
      },
    },
  },
  { code: 'COSE_SIGNATURE_LENGTH_INVALID', what: '95 bytes', spec: signature((one) => one.subarray(1)) },
  {
    code: 'COSE_SIGNATURE_LENGTH_INVALID',
    what: '97 bytes',
    spec: signature((one) => concat(one, hex('00'))),
  },
  { code: 'COSE_SIGNATURE_LENGTH_INVALID', what: 'no bytes', spec: signature(() => new Uint8Array()) },
  { code: 'COSE_SIGNATURE_RANGE_INVALID', what: 'zeros', spec: signature(() => new Uint8Array(96)) },
  {
    code: 'COSE_SIGNATURE_RANGE_INVALID',
    what: 'r = 0',
    spec: signature((one) => concat(new Uint8Array(48), one.subarray(48))),
  },
  {
    code: 'COSE_SIGNATURE_RANGE_INVALID',
    what: 's = 0',
    spec: signature((one) => concat(one.subarray(0, 48), new Uint8Array(48))),
  },
  {
    code: 'COSE_SIGNATURE_RANGE_INVALID',
    what: 'r = n',
    spec: signature((one) => concat(N, one.subarray(48))),
  },
  {
    code: 'COSE_SIGNATURE_RANGE_INVALID',
    what: 's = n',
    spec: signature((one) => concat(one.subarray(0, 48), N)),
  },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 'r = 1',
    spec: signature((one) => concat(new Uint8Array(48).with(47, 1), one.subarray(48))),
  },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 's = n - 1',
    spec: signature((one) => concat(one.subarray(0, 48), N.with(47, 0x72))),
  },
  { code: 'COSE_SIGNATURE_INVALID', what: 'a flipped bit', spec: signature(flipLast) },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 's before r',
    spec: signature((one) => concat(one.subarray(48), one.subarray(0, 48))),
  },
  { code: 'COSE_SIGNATURE_INVALID', what: 'SHA-256', spec: { digest: 'sha256' } },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 'the key of a stranger',
    spec: { signWith: KEYS.stranger.privateKey },
  },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 'the key of its issuer',
    spec: { signWith: KEYS.instance.privateKey },
  },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 'a PCR changed after signing',
    spec: cose(({ payload }) => {
      const at = Buffer.from(payload).indexOf(Buffer.alloc(48, 5))
      return { payload: payload.with(at, 6) }
    }),
  },
  {
    code: 'COSE_SIGNATURE_INVALID',
    what: 'a protected header written anew after signing',
    spec: cose(() => ({ protectedHeader: bytes(hex('bf 01 38 22 ff')) })),
  },
]
