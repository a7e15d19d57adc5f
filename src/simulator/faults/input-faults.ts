import { encodeBase64 } from '../../core/base64.ts'
import { concatBytes, parseHex, utf8 } from '../../core/bytes.ts'
import { coseItems } from '../build-document.ts'
import { cborBytes, cborHead, cborTagged } from '../cbor-writer.ts'
import { setItem } from './alter-cose.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'

/** One byte more than a verifier reads: the documented payload limit of 16,384 bytes, and 256 for what is around it. */
const OVERSIZE = 16_641

const prefixed = (hex: string) => ({ document: (bytes: Uint8Array) => concatBytes(parseHex(hex), bytes) })
const tagged = (tag: number) => ({ document: (bytes: Uint8Array) => cborTagged(tag, bytes) })
const headReplaced = (hex: string) => ({
  document: (bytes: Uint8Array) => concatBytes(parseHex(hex), bytes.subarray(1)),
})

/** A byte string in two chunks (RFC 8949 §3.2.3). */
export function chunked(bytes: Uint8Array): Uint8Array {
  const middle = bytes.length >> 1
  return concatBytes(
    parseHex('5f'),
    cborBytes(bytes.subarray(0, middle)),
    cborBytes(bytes.subarray(middle)),
    parseHex('ff'),
  )
}

/** Arrays of one item around an item. */
export function nested(levels: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(levels).fill(0x81), bytes)
}

/** What is wrong with the input as a whole and with the outermost CBOR item. */
export const INPUT_FAULTS: readonly Fault[] = [
  ...refusedWith('INPUT_EMPTY', [['input-empty', 'no bytes at all', { document: () => new Uint8Array() }]]),
  ...refusedWith('INPUT_TOO_LARGE', [
    [
      'input-oversize',
      `filled up with zero bytes to ${OVERSIZE} bytes`,
      { document: (bytes) => concatBytes(bytes, new Uint8Array(Math.max(1, OVERSIZE - bytes.length))) },
    ],
  ]),
  ...refusedWith('CBOR_TRAILING_BYTES', [
    [
      'input-base64-text',
      'the base64 text of a document instead of its bytes',
      { document: (bytes) => utf8(encodeBase64(bytes)) },
    ],
    [
      'input-pem-text',
      'the base64 text of a document in PEM-like armour',
      {
        document: (bytes) =>
          utf8(
            `-----BEGIN ATTESTATION DOCUMENT-----\n${encodeBase64(bytes)}\n-----END ATTESTATION DOCUMENT-----\n`,
          ),
      },
    ],
    [
      'cbor-trailing-byte',
      'a zero byte behind the document',
      { document: (bytes) => concatBytes(bytes, Uint8Array.of(0)) },
    ],
    [
      'cbor-second-document-appended',
      'the document twice, one behind the other',
      { document: (bytes) => concatBytes(bytes, bytes) },
    ],
  ]),
  ...refusedWith('CBOR_TRUNCATED', [
    ['cbor-truncated-last-byte', 'the last byte is missing', { document: (bytes) => bytes.subarray(0, -1) }],
    [
      'cbor-truncated-in-payload',
      'nothing behind the first 2,000 bytes',
      { document: (bytes) => bytes.subarray(0, 2000) },
    ],
    [
      'cbor-huge-array-count',
      'the outer array claims to have 2^63 - 1 items',
      headReplaced('9b7fffffffffffffff'),
    ],
    [
      'cbor-huge-bstr-length',
      'the protected header claims to have 2^64 - 1 bytes',
      setItem('protectedHeader', ({ protectedHeader }) =>
        concatBytes(cborHead(2, 2n ** 64n - 1n), protectedHeader),
      ),
    ],
  ]),
  ...refusedWith('CBOR_MALFORMED', [
    [
      'cbor-reserved-additional-info',
      'the first byte has the reserved additional information 28',
      headReplaced('9c'),
    ],
    ['cbor-stray-break', 'a break code in front', prefixed('ff')],
  ]),
  ...refusedWith('CBOR_DEPTH_EXCEEDED', [
    ['cbor-deep-nesting', 'inside 64 arrays', { document: (bytes) => nested(64, bytes) }],
  ]),
  ...refusedWith('CBOR_NOT_SHORTEST', [
    [
      'cbor-long-length-form',
      'the length of the protected header in two bytes where one does',
      setItem('protectedHeader', ({ protectedHeader }) => concatBytes(parseHex('5804'), protectedHeader)),
    ],
    [
      'cbor-outer-count-long-form',
      'the count of the outer array in two bytes where one does',
      headReplaced('9804'),
    ],
  ]),
  ...refusedWith('CBOR_INDEFINITE_STRING', [
    ['cbor-chunked-payload', 'the payload in chunks', setItem('payload', ({ payload }) => chunked(payload))],
  ]),
  ...refusedWith('CBOR_TAG_UNEXPECTED', [
    ['cbor-tag-18-twice', 'two tags 18 in front', prefixed('d2d2')],
    ['cbor-tag-17-mac0', 'tagged as COSE_Mac0', tagged(17)],
    ['cbor-tag-98-cose-sign', 'tagged as COSE_Sign', tagged(98)],
    ['cbor-tag-55799-self-described', 'tagged as self-described CBOR', tagged(55_799)],
  ]),
  ...refusedWith('COSE_STRUCTURE_INVALID', [
    [
      'cose-three-elements',
      'the signature element is missing',
      { assemble: (parts) => concatBytes(cborHead(4, 3), ...coseItems(parts).slice(0, 3)) },
    ],
    [
      'cose-five-elements',
      'null as a fifth element',
      { assemble: (parts) => concatBytes(cborHead(4, 5), ...coseItems(parts), parseHex('f6')) },
    ],
    [
      'cose-outer-map',
      'a map with the labels 0 to 3 instead of an array',
      {
        assemble: (parts) =>
          concatBytes(cborHead(5, 4), ...coseItems(parts).flatMap((item, at) => [Uint8Array.of(at), item])),
      },
    ],
    [
      'cose-outer-indefinite',
      'the outer array has indefinite length',
      { assemble: (parts) => concatBytes(parseHex('9f'), ...coseItems(parts), parseHex('ff')) },
    ],
  ]),
]
