import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import { goodPcrs, pcrValue, withField } from '../../support/attestation/an-attestation.ts'
import type { Entry } from '../../support/attestation/cbor-bytes.ts'
import { array, bytes, map, NULL, text, uint } from '../../support/attestation/cbor-bytes.ts'
import { hex } from '../../support/attestation/der-bytes.ts'
import type { Refusal } from './refusal.ts'

const field = (name: string, value: Uint8Array | null): AttestationSpec => ({
  fields: withField(name, value),
})
const added = (...entries: readonly Entry[]): AttestationSpec => ({
  fields: (fields) => [...fields, ...entries],
})
const pcrs = (...entries: readonly Entry[]): AttestationSpec => field('pcrs', map(entries))
const filler = (length: number): Uint8Array => bytes(new Uint8Array(length))

const MANDATORY = ['module_id', 'digest', 'timestamp', 'certificate', 'cabundle']

export const DOCUMENT_REFUSALS: readonly Refusal[] = [
  { code: 'DOCUMENT_NOT_A_MAP', what: 'an array', spec: { payload: () => hex('81 01') } },
  { code: 'DOCUMENT_NOT_A_MAP', what: 'a boolean', spec: { payload: () => hex('f5') } },
  { code: 'DOCUMENT_KEY_INVALID', what: 'a number as a key', spec: added([uint(7), NULL]) },
  {
    code: 'DOCUMENT_KEY_INVALID',
    what: 'the key digest as bytes',
    spec: added([bytes(Buffer.from('digest')), NULL]),
  },
  {
    code: 'DOCUMENT_KIND_AMBIGUOUS',
    what: 'both PCR maps',
    spec: added([text('nitrotpm_pcrs'), map(goodPcrs)]),
  },
  { code: 'DOCUMENT_KIND_AMBIGUOUS', what: 'a null second map', spec: added([text('nitrotpm_pcrs'), NULL]) },
  { code: 'DOCUMENT_KIND_UNKNOWN', what: 'no PCR map', spec: field('pcrs', null) },
  ...MANDATORY.map((name): Refusal => ({
    code: 'DOCUMENT_FIELD_MISSING',
    what: `no ${name}`,
    spec: field(name, null),
  })),
  ...[...MANDATORY, 'pcrs'].map((name): Refusal => ({
    code: 'DOCUMENT_FIELD_TYPE_INVALID',
    what: `${name} null`,
    spec: field(name, NULL),
  })),
  ...[...MANDATORY, 'pcrs', 'public_key', 'user_data', 'nonce'].map((name): Refusal => ({
    code: 'DOCUMENT_FIELD_TYPE_INVALID',
    what: `${name} a boolean`,
    spec: field(name, hex('f5')),
  })),
  { code: 'DOCUMENT_FIELD_TYPE_INVALID', what: 'a timestamp of -1', spec: field('timestamp', hex('20')) },
  { code: 'DOCUMENT_FIELD_TYPE_INVALID', what: 'PCRs in an array', spec: field('pcrs', array(filler(48))) },
  {
    code: 'DOCUMENT_FIELD_TYPE_INVALID',
    what: 'a bundle item of text',
    spec: field('cabundle', array(text('a'))),
  },
  { code: 'DOCUMENT_FIELD_TYPE_INVALID', what: 'a public key of text', spec: field('public_key', text('a')) },
  { code: 'DOCUMENT_MODULE_ID_INVALID', what: 'an empty module id', spec: field('module_id', text('')) },
  { code: 'DOCUMENT_MODULE_ID_INVALID', what: 'a space', spec: field('module_id', text('i-1 x')) },
  {
    code: 'DOCUMENT_MODULE_ID_INVALID',
    what: 'a line feed at the end',
    spec: field('module_id', text('i-1\n')),
  },
  { code: 'DOCUMENT_MODULE_ID_INVALID', what: 'an umlaut', spec: field('module_id', text('i-ä')) },
  {
    code: 'DOCUMENT_MODULE_ID_INVALID',
    what: '257 characters',
    spec: field('module_id', text('i'.repeat(257))),
  },
  { code: 'DOCUMENT_DIGEST_UNSUPPORTED', what: 'SHA512', spec: field('digest', text('SHA512')) },
  { code: 'DOCUMENT_DIGEST_UNSUPPORTED', what: 'sha384', spec: field('digest', text('sha384')) },
  { code: 'DOCUMENT_TIMESTAMP_INVALID', what: '0', spec: field('timestamp', uint(0)) },
  { code: 'DOCUMENT_TIMESTAMP_INVALID', what: '2^53', spec: field('timestamp', uint(2n ** 53n)) },
  { code: 'DOCUMENT_TIMESTAMP_INVALID', what: '2^64 - 1', spec: field('timestamp', uint(2n ** 64n - 1n)) },
  // Beyond every date, yet exact: the clock refuses it.
  { code: 'DOCUMENT_FROM_FUTURE', what: '2^53 - 1', spec: field('timestamp', uint(2n ** 53n - 1n)) },
  { code: 'DOCUMENT_PCR_COUNT_INVALID', what: 'no PCR', spec: pcrs() },
  {
    code: 'DOCUMENT_PCR_COUNT_INVALID',
    what: '33 PCRs',
    spec: pcrs(...Array.from({ length: 33 }, (_, index): Entry => [uint(index), filler(48)])),
  },
  { code: 'DOCUMENT_PCR_INDEX_INVALID', what: 'index 32', spec: pcrs([uint(32), filler(48)]) },
  { code: 'DOCUMENT_PCR_INDEX_INVALID', what: 'index -1', spec: pcrs([hex('20'), filler(48)]) },
  { code: 'DOCUMENT_PCR_INDEX_INVALID', what: 'index 2^63', spec: pcrs([uint(2n ** 63n), filler(48)]) },
  { code: 'DOCUMENT_PCR_INDEX_INVALID', what: 'the text 0', spec: pcrs([text('0'), filler(48)]) },
  {
    code: 'DOCUMENT_PCR_INDEX_INVALID',
    what: 'the text 0 beside the number',
    spec: pcrs(...goodPcrs, [text('0'), filler(48)]),
  },
  ...[0, 20, 32, 47, 49, 64].map((length): Refusal => ({
    code: 'DOCUMENT_PCR_VALUE_INVALID',
    what: `a value of ${length} bytes`,
    spec: pcrs([uint(0), filler(length)]),
  })),
  {
    code: 'DOCUMENT_PCR_VALUE_INVALID',
    what: 'a value of text',
    spec: pcrs([uint(0), text('0'.repeat(48))]),
  },
  { code: 'DOCUMENT_PCR_VALUE_INVALID', what: 'a value of null', spec: pcrs([uint(0), NULL]) },
  {
    code: 'DOCUMENT_PCR_VALUE_INVALID',
    what: 'a NitroTPM value of 20 bytes',
    spec: {
      fields: (fields) => [
        ...withField('pcrs', null)(fields),
        [text('nitrotpm_pcrs'), map([[uint(4), bytes(pcrValue(4).subarray(28))]])],
      ],
    },
  },
  { code: 'DOCUMENT_CABUNDLE_COUNT_INVALID', what: 'an empty bundle', spec: field('cabundle', array()) },
  {
    code: 'DOCUMENT_CABUNDLE_COUNT_INVALID',
    what: 'nine certificates',
    spec: field('cabundle', array(...Array.from({ length: 9 }, () => filler(1)))),
  },
  { code: 'DOCUMENT_CERTIFICATE_SIZE_INVALID', what: 'an empty leaf', spec: field('certificate', filler(0)) },
  {
    code: 'DOCUMENT_CERTIFICATE_SIZE_INVALID',
    what: 'a leaf of 1025 bytes',
    spec: field('certificate', filler(1025)),
  },
  {
    code: 'DOCUMENT_CERTIFICATE_SIZE_INVALID',
    what: 'an empty item',
    spec: field('cabundle', array(filler(0))),
  },
  {
    code: 'DOCUMENT_CERTIFICATE_SIZE_INVALID',
    what: 'an item of 1025 bytes',
    spec: field('cabundle', array(filler(1), filler(1025))),
  },
  ...['public_key', 'user_data', 'nonce'].map((name): Refusal => ({
    code: 'DOCUMENT_OPTIONAL_SIZE_INVALID',
    what: `${name} of 1025 bytes`,
    spec: field(name, filler(1025)),
  })),
]
