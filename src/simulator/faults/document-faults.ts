import { utf8 } from '../../core/bytes.ts'
import { CBOR_NULL, cborArray, cborBytes, cborInteger, cborMap, cborText } from '../cbor-writer.ts'
import type { CertificatePlan } from '../certificate-plan.ts'
import { encodeCertificate } from '../certificate-plan.ts'
import { documentField, pcrFieldName } from '../document-content.ts'
import { appendEntry, dropField, pcrEntry, renameField, setField } from './alter-fields.ts'
import { leafWith } from './alter-chain.ts'
import type { Fault, FaultRow } from './fault.ts'
import { refusedWith } from './fault.ts'

const MANDATORY = ['module_id', 'digest', 'timestamp', 'certificate', 'cabundle'] as const

/** One byte more than certificates and optional fields may have. */
const OVERSIZE = 1025

const ZERO_PCRS = cborMap(Array.from({ length: 24 }, (_, index) => pcrEntry(index, new Uint8Array(48))))

/** One fault for each mandatory field. */
const each = (prefix: string, what: string, alter: (field: string) => FaultRow[2]): readonly FaultRow[] =>
  MANDATORY.map((field) => [`${prefix}-${field.replace('_', '-')}`, `${field} ${what}`, alter(field)])

const set = (field: string, value: Uint8Array): FaultRow[2] => ({ content: setField(field, value) })

/** A certificate that an extension nobody has to know makes exactly as long as wanted. */
function padded(plan: CertificatePlan, length: number): CertificatePlan {
  const withFilling = (filling: Uint8Array): CertificatePlan => ({
    ...plan,
    extensions: [...plan.extensions, { id: '1.3.6.1.4.1.55738.1', critical: false, value: filling }],
  })
  const guess = 300
  const size = guess + length - encodeCertificate(withFilling(new Uint8Array(guess))).length
  // A signature is a byte or two longer or shorter from one message to the next, so the right filling is tried for.
  for (let attempt = 0; attempt < 256; attempt++) {
    const candidate = withFilling(new Uint8Array(size).fill(attempt))
    if (encodeCertificate(candidate).length === length) return candidate
  }
  throw new TypeError('no filling gives the length wanted')
}

/** What is wrong with the fields of the document; all of it is signed. */
export const DOCUMENT_FAULTS: readonly Fault[] = [
  ...refusedWith('DOCUMENT_NOT_A_MAP', [
    ['doc-payload-array', 'the payload is an array', { payload: () => cborArray([cborInteger(1)]) }],
  ]),
  ...refusedWith('CBOR_TRAILING_BYTES', [
    [
      'doc-payload-plain-text',
      'the payload is an English sentence',
      { payload: () => utf8('I am not an attestation document, though I am signed.') },
    ],
  ]),
  ...refusedWith('DOCUMENT_KEY_INVALID', [
    [
      'doc-integer-key',
      'a field with the key 7',
      { content: appendEntry({ key: cborInteger(7), value: CBOR_NULL }) },
    ],
    [
      'doc-bytes-key',
      'the key digest is a byte string',
      { content: renameField('digest', cborBytes(utf8('digest'))) },
    ],
  ]),
  ...refusedWith('DOCUMENT_FIELD_MISSING', [
    ...each('doc-missing', 'is left out', (field) => ({ content: dropField(field) })),
    [
      'doc-key-wrong-case',
      'Digest instead of digest',
      { content: renameField('digest', cborText('Digest')) },
    ],
  ]),
  ...refusedWith('DOCUMENT_FIELD_TYPE_INVALID', [
    ...each('doc-null', 'is null', (field) => set(field, CBOR_NULL)),
    ['doc-null-pcrs', 'the map of measurements is null', set('pcrs', CBOR_NULL)],
    [
      'doc-pcrs-array',
      'the measurements are an array',
      {
        content: setField('pcrs', ({ request }) => cborArray([...request.pcrs.values()].map(cborBytes))),
      },
    ],
    ['doc-certificate-text', 'the certificate is a text', set('certificate', cborText('certificate'))],
    [
      'doc-cabundle-not-array',
      'cabundle is one byte string',
      { content: setField('cabundle', ({ pki }) => cborBytes(pki.rootCertificate)) },
    ],
    [
      'doc-cabundle-item-null',
      'null as fifth item of cabundle',
      {
        content: setField('cabundle', ({ chain: { root, regional, zonal, instance } }) =>
          cborArray([
            ...[root, regional, zonal, instance].map((plan) => cborBytes(encodeCertificate(plan))),
            CBOR_NULL,
          ]),
        ),
      },
    ],
    ['doc-public-key-text', 'the public key is a text', set('public_key', cborText('key'))],
    ['doc-user-data-map', 'user_data is a map', set('user_data', cborMap([]))],
    ['doc-nonce-integer', 'the nonce is an integer', set('nonce', cborInteger(5))],
    ['doc-timestamp-negative', 'the timestamp is -1', set('timestamp', cborInteger(-1))],
    ['doc-timestamp-text', 'the timestamp is a text', set('timestamp', cborText('2026-01-01T00:00:00Z'))],
  ]),
  ...refusedWith('DOCUMENT_KIND_UNKNOWN', [
    ['doc-no-pcr-map', 'no map of measurements', { content: dropField('pcrs') }],
  ]),
  ...refusedWith('DOCUMENT_KIND_AMBIGUOUS', [
    [
      'doc-both-pcr-maps',
      'measurements of both kinds',
      {
        content: (content, { request }) => {
          const other = pcrFieldName(request.kind === 'nitrotpm' ? 'nitro-enclave' : 'nitrotpm')
          return { ...content, fields: [...content.fields, documentField(other, ZERO_PCRS)] }
        },
      },
    ],
  ]),
  ...refusedWith('DOCUMENT_MODULE_ID_INVALID', [
    ['doc-module-id-empty', 'an empty module_id', set('module_id', cborText(''))],
    [
      'doc-module-id-newline',
      'a line feed and a forged log field in module_id',
      set('module_id', cborText('i-0\nverdict=accepted')),
    ],
    ['doc-module-id-257', 'a module_id of 257 characters', set('module_id', cborText('i'.repeat(257)))],
  ]),
  ...refusedWith('DOCUMENT_DIGEST_UNSUPPORTED', [
    ['doc-digest-sha512', 'SHA512 as digest', set('digest', cborText('SHA512'))],
    ['doc-digest-lower-case', 'the digest in small letters', set('digest', cborText('sha384'))],
  ]),
  ...refusedWith('DOCUMENT_TIMESTAMP_INVALID', [
    ['doc-timestamp-zero', 'the timestamp is 0', set('timestamp', cborInteger(0))],
    ['doc-timestamp-2-53', 'the timestamp is 2^53', set('timestamp', cborInteger(2n ** 53n))],
  ]),
  ...refusedWith('DOCUMENT_CABUNDLE_COUNT_INVALID', [
    ['doc-cabundle-empty', 'cabundle has no item', { bundle: (bundle) => ({ ...bundle, cabundle: [] }) }],
    [
      'doc-cabundle-nine',
      'cabundle has nine items',
      {
        bundle: (bundle) => ({
          ...bundle,
          cabundle: [...bundle.cabundle, ...bundle.cabundle, ...bundle.cabundle].slice(0, 9),
        }),
      },
    ],
  ]),
  ...refusedWith('DOCUMENT_CERTIFICATE_SIZE_INVALID', [
    [
      'doc-certificate-empty',
      'a certificate of no bytes',
      { bundle: (bundle) => ({ ...bundle, certificate: new Uint8Array() }) },
    ],
    [
      'doc-certificate-1025',
      `a leaf of ${OVERSIZE} bytes, by an extension that need not be known`,
      leafWith((leaf) => padded(leaf, OVERSIZE)),
    ],
  ]),
  ...refusedWith('DOCUMENT_OPTIONAL_SIZE_INVALID', [
    [
      'doc-public-key-1025',
      `a public key of ${OVERSIZE} bytes`,
      set('public_key', cborBytes(new Uint8Array(OVERSIZE))),
    ],
    [
      'doc-user-data-1025',
      `user data of ${OVERSIZE} bytes`,
      set('user_data', cborBytes(new Uint8Array(OVERSIZE))),
    ],
    ['doc-nonce-1025', `a nonce of ${OVERSIZE} bytes`, set('nonce', cborBytes(new Uint8Array(OVERSIZE)))],
  ]),
]
