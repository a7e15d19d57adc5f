import { concatBytes, parseHex, utf8 } from '../../core/bytes.ts'
import type { Alterations } from '../alterations.ts'
import { signatureStructure } from '../build-document.ts'
import { CBOR_NULL, cborArray, cborBytes, cborInteger, cborMap, cborText } from '../cbor-writer.ts'
import { bigEndian } from '../big-endian.ts'
import { P384_ORDER, createSigningKey, toDerSignature } from '../signing-key.ts'
import { flipBit } from './alter-chain.ts'
import { setItem, setProtectedHeader } from './alter-cose.ts'
import { appendField } from './alter-fields.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'

const EMPTY = new Uint8Array()
const ES384 = cborInteger(-35)

/** Labels of header parameters (RFC 9052 §3.1). */
const LABEL = { algorithm: 1, critical: 2, contentType: 3, keyIdentifier: 4 } as const

const label = (name: keyof typeof LABEL, value: Uint8Array): { key: Uint8Array; value: Uint8Array } => ({
  key: cborInteger(LABEL[name]),
  value,
})

/** A protected header that names another algorithm; the signature stays ES384. */
const algorithm = (value: Uint8Array): Alterations => setProtectedHeader(cborMap([label('algorithm', value)]))

const unprotected = (...entries: ReturnType<typeof label>[]): Alterations =>
  setItem('unprotectedHeader', () => cborMap(entries))

const r = (signature: Uint8Array): Uint8Array => signature.subarray(0, 48)
const s = (signature: Uint8Array): Uint8Array => signature.subarray(48)

/** The documented limit of the payload, and one byte. */
const PAYLOAD_SIZE = 16_385

/** What is wrong with headers, payload and signature of the COSE structure. */
export const COSE_FAULTS: readonly Fault[] = [
  ...refusedWith('COSE_STRUCTURE_INVALID', [
    ['cose-payload-not-bstr', 'an empty map as payload', setItem('payload', () => cborMap([]))],
    ['cose-payload-detached', 'null as payload', setItem('payload', () => CBOR_NULL)],
    [
      'cose-protected-as-map',
      'the protected header is a map without a byte string around it',
      setItem('protectedHeader', ({ protectedHeader }) => protectedHeader),
    ],
  ]),
  ...refusedWith('COSE_PAYLOAD_SIZE_INVALID', [
    ['cose-payload-empty', 'a payload of no bytes', { payload: () => EMPTY }],
    [
      'cose-payload-16385',
      `a payload of ${PAYLOAD_SIZE} bytes`,
      {
        content: (content, context) => {
          const used = [...content.fields].reduce((sum, { key, value }) => sum + key.length + value.length, 0)
          // Around the filling: the map's head and perhaps its break, the name of the field, the length of its value.
          const around = (content.mapForm === 'indefinite' ? 2 : 1) + cborText('future_field').length + 3
          return appendField('future_field', cborBytes(new Uint8Array(PAYLOAD_SIZE - used - around)))(
            content,
            context,
          )
        },
      },
    ],
  ]),
  ...refusedWith('COSE_PROTECTED_INVALID', [
    ['cose-protected-not-map', 'the protected header is an array', setProtectedHeader(cborArray([ES384]))],
  ]),
  ...refusedWith('CBOR_TRAILING_BYTES', [
    [
      'cose-protected-trailing',
      'a zero byte behind the map of the protected header',
      setProtectedHeader(concatBytes(cborMap([label('algorithm', ES384)]), Uint8Array.of(0))),
    ],
  ]),
  ...refusedWith('CBOR_DUPLICATE_KEY', [
    [
      'cose-protected-duplicate-alg',
      'the algorithm twice in the protected header',
      setProtectedHeader(cborMap([label('algorithm', ES384), label('algorithm', cborInteger(-7))])),
    ],
  ]),
  ...refusedWith('COSE_ALGORITHM_MISSING', [
    ['cose-protected-empty', 'a protected header of no bytes', setProtectedHeader(EMPTY)],
    [
      'cose-alg-only-unprotected',
      'the algorithm stands in the unprotected header only',
      { ...setProtectedHeader(EMPTY), ...unprotected(label('algorithm', ES384)) },
    ],
  ]),
  ...refusedWith('COSE_ALGORITHM_UNSUPPORTED', [
    ['cose-alg-es256', 'ES256 as algorithm', algorithm(cborInteger(-7))],
    ['cose-alg-es512', 'ES512 as algorithm', algorithm(cborInteger(-36))],
    ['cose-alg-text-es384', 'the algorithm by its name', algorithm(cborText('ES384'))],
    ['cose-alg-minus-one-mock', 'algorithm -1, as the device of QEMU writes', algorithm(cborInteger(-1))],
    ['cose-alg-fully-specified-esp384', 'ESP384 as algorithm (RFC 9864)', algorithm(cborInteger(-51))],
    ['cose-alg-hmac', 'HMAC 384/384 as algorithm', algorithm(cborInteger(6))],
    ['cose-alg-zero', 'the reserved algorithm 0', algorithm(cborInteger(0))],
  ]),
  ...refusedWith('CBOR_TAG_UNEXPECTED', [
    ['cose-alg-bignum', 'the algorithm -35 as a bignum', algorithm(parseHex('c34122'))],
  ]),
  ...refusedWith('COSE_CRITICAL_UNSUPPORTED', [
    [
      'cose-crit-header',
      'a critical header parameter',
      setProtectedHeader(
        cborMap([label('algorithm', ES384), label('critical', cborArray([cborInteger(LABEL.algorithm)]))]),
      ),
    ],
  ]),
  ...refusedWith('COSE_UNPROTECTED_NOT_EMPTY', [
    [
      'cose-unprotected-kid',
      'a key identifier in the unprotected header',
      unprotected(label('keyIdentifier', cborBytes(utf8('leaf')))),
    ],
    [
      'cose-unprotected-alg-conflict',
      'another algorithm in the unprotected header',
      unprotected(label('algorithm', cborInteger(-7))),
    ],
  ]),
  ...refusedWith('COSE_SIGNATURE_LENGTH_INVALID', [
    ['cose-signature-95', 'a signature of 95 bytes', { signature: (bytes) => bytes.subarray(0, -1) }],
    [
      'cose-signature-97',
      'a signature of 97 bytes',
      { signature: (bytes) => concatBytes(bytes, Uint8Array.of(0)) },
    ],
    ['cose-signature-empty', 'a signature of no bytes', { signature: () => EMPTY }],
    ['cose-signature-der', 'the signature as DER', { signature: (bytes) => toDerSignature(bytes) }],
  ]),
  ...refusedWith('COSE_SIGNATURE_RANGE_INVALID', [
    ['cose-signature-zero', 'r and s are zero', { signature: () => new Uint8Array(96) }],
    [
      'cose-signature-r-zero',
      'r is zero',
      { signature: (bytes) => concatBytes(new Uint8Array(48), s(bytes)) },
    ],
    [
      'cose-signature-s-equals-order',
      's is the order of the curve',
      { signature: (bytes) => concatBytes(r(bytes), bigEndian(P384_ORDER, 48)) },
    ],
    [
      'cose-signature-s-above-order',
      's is 2^384 - 1',
      { signature: (bytes) => concatBytes(r(bytes), new Uint8Array(48).fill(0xff)) },
    ],
  ]),
  ...refusedWith('COSE_SIGNATURE_INVALID', [
    ['cose-signature-bit-flip', 'one bit of r is flipped', { signature: (bytes) => flipBit(bytes, 47) }],
    [
      'cose-signature-r-s-swapped',
      's in front of r',
      { signature: (bytes) => concatBytes(s(bytes), r(bytes)) },
    ],
    [
      'cose-signature-sha256',
      'signed with SHA-256',
      { sign: (input, { chain }) => chain.leaf.key.sign(input.signatureStructure, { hash: 'sha256' }) },
    ],
    [
      'cose-signature-over-payload-only',
      'the payload alone is signed, without Sig_structure',
      { sign: ({ payload }, { chain }) => chain.leaf.key.sign(payload) },
    ],
    [
      'cose-signature-external-aad',
      'signed with external data',
      {
        sign: ({ protectedHeader, payload }, { chain }) =>
          chain.leaf.key.sign(signatureStructure(protectedHeader, payload, utf8('KMS'))),
      },
    ],
    [
      'cose-signed-by-instance-key',
      "signed with the instance certificate's key",
      { sign: (input, { chain }) => chain.instance.key.sign(input.signatureStructure) },
    ],
    [
      'cose-signed-by-other-leaf',
      'signed with a key of no certificate here',
      {
        sign: (input, { pki }) =>
          createSigningKey(pki.derive(56, 'key', 'unrelated')).sign(input.signatureStructure),
      },
    ],
    [
      'cose-protected-reencoded-after-signing',
      'the protected header is sent as a map of indefinite length and was signed otherwise',
      {
        afterSigning: {
          content: (content) => ({ ...content, protectedHeader: parseHex('bf013822ff') }),
        },
      },
    ],
  ]),
]
