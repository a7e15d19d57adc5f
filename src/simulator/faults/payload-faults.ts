import { concatBytes, parseHex } from '../../core/bytes.ts'
import { cborBytes, cborInteger, cborMap, cborTagged, cborText } from '../cbor-writer.ts'
import { bigEndian } from '../big-endian.ts'
import { usualRsaPublicKeyInfo } from '../rsa-public-key.ts'
import { appendField, pcrEntry, prependEntry, renameField, setField } from './alter-fields.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'
import { chunked, nested } from './input-faults.ts'
import type { AlterationContext } from '../alterations.ts'

const NONCE = cborBytes(parseHex('0102030405060708'))
const OTHER_PCR = new Uint8Array(48).fill(0xee)

const milliseconds = ({ request }: AlterationContext): number => request.at.getTime()

/** The IEEE 754 double of the timestamp. */
function float64(context: AlterationContext): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, milliseconds(context))
  return concatBytes(parseHex('fb'), bytes)
}

/** What is wrong with the CBOR inside the payload; all of it is signed. */
export const PAYLOAD_FAULTS: readonly Fault[] = [
  ...refusedWith('CBOR_TRAILING_BYTES', [
    [
      'payload-trailing-byte',
      'a zero byte behind the payload map, inside the signed bytes',
      { payload: (payload) => concatBytes(payload, Uint8Array.of(0)) },
    ],
  ]),
  ...refusedWith('CBOR_TRUNCATED', [
    ['payload-truncated', 'the payload map is not closed', { payload: (payload) => payload.subarray(0, -1) }],
  ]),
  ...refusedWith('CBOR_DUPLICATE_KEY', [
    [
      'payload-duplicate-pcrs-key',
      'a second map of measurements at the end, with another PCR0',
      {
        content: (content, context) => {
          const name = content.fields.find((field) => field.name.endsWith('pcrs'))?.name ?? 'pcrs'
          return appendField(name, cborMap([pcrEntry(0, OTHER_PCR)]))(content, context)
        },
      },
    ],
    [
      'payload-duplicate-public-key',
      'a second public_key at the end, another RSA key',
      {
        content: appendField('public_key', ({ pki }) =>
          cborBytes(usualRsaPublicKeyInfo(pki.derive, 'second public key')),
        ),
      },
    ],
    [
      'payload-duplicate-module-id',
      'a second module_id in front',
      { content: prependEntry({ key: cborText('module_id'), value: cborText('i-00000000000000000-enc0') }) },
    ],
    [
      'pcr-duplicate-index',
      'PCR0 twice with different values',
      { pcrs: (entries) => [...entries, pcrEntry(0, OTHER_PCR)] },
    ],
  ]),
  ...refusedWith('CBOR_NOT_SHORTEST', [
    [
      'pcr-duplicate-index-long-form',
      'a second PCR0 whose index takes two bytes where one does',
      { pcrs: (entries) => [...entries, { key: parseHex('1800'), value: cborBytes(OTHER_PCR) }] },
    ],
  ]),
  ...refusedWith('CBOR_TEXT_INVALID', [
    [
      'payload-key-not-utf8',
      'a byte in the key nonce that is not UTF-8',
      { content: renameField('nonce', parseHex('656eb36e6365')) },
    ],
  ]),
  ...refusedWith('CBOR_TAG_UNEXPECTED', [
    [
      'payload-tagged-timestamp',
      'the timestamp tagged as a date',
      { content: setField('timestamp', (context) => cborTagged(1, cborInteger(milliseconds(context)))) },
    ],
    [
      'payload-tagged-bytes',
      'the nonce tagged as a typed array',
      { content: setField('nonce', cborTagged(64, NONCE)) },
    ],
    [
      'payload-bignum-timestamp',
      'the timestamp as a bignum',
      {
        content: setField('timestamp', (context) =>
          cborTagged(2, cborBytes(bigEndian(BigInt(milliseconds(context)), 8))),
        ),
      },
    ],
  ]),
  ...refusedWith('CBOR_TYPE_UNSUPPORTED', [
    [
      'payload-float-timestamp',
      'the timestamp as a floating-point number',
      { content: setField('timestamp', float64) },
    ],
    ['payload-undefined-nonce', 'undefined as nonce', { content: setField('nonce', parseHex('f7')) }],
  ]),
  ...refusedWith('CBOR_INDEFINITE_STRING', [
    [
      'payload-chunked-public-key',
      'the public key in two chunks',
      {
        content: setField('public_key', ({ pki, request }) =>
          chunked(request.publicKey ?? usualRsaPublicKeyInfo(pki.derive, 'chunked public key')),
        ),
      },
    ],
  ]),
  ...refusedWith('CBOR_MALFORMED', [
    [
      'payload-two-byte-null',
      'null as nonce, in two bytes',
      { content: setField('nonce', parseHex('f816')) },
    ],
  ]),
  ...refusedWith('CBOR_DEPTH_EXCEEDED', [
    [
      'payload-deep-unknown-value',
      'an unknown field that holds 40 arrays in one another',
      { content: appendField('future_field', nested(40, cborInteger(0))) },
    ],
  ]),
]
