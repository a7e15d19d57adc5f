import { concatBytes, parseHex, toHex } from '../../core/bytes.ts'
import type { AlterationContext, Alterations, SigningInput } from '../alterations.ts'
import { cborBytes, cborInteger, cborMap, cborText } from '../cbor-writer.ts'
import { encodeCertificate } from '../certificate-plan.ts'
import { documentField } from '../document-content.ts'
import type { IssueRequest } from '../issue-request.ts'
import { P384_ORDER, createSigningKey } from '../signing-key.ts'
import { setProtectedHeader } from './alter-cose.ts'
import { appendField, dropField, pcrEntry, prependEntry, setField } from './alter-fields.ts'
import { asNitroTpm } from './alter-request.ts'
import type { Fault } from './fault.ts'
import { accepted } from './fault.ts'

const VALUE = new Uint8Array(48).fill(0x5a)
const ES384 = { key: cborInteger(1), value: cborInteger(-35) }

const request = (change: Partial<IssueRequest>): Alterations => ({
  request: (asked) => ({ ...asked, ...change }),
})

/** Registers in place of, or beside, the defaults. */
const registers = (
  change: (pcrs: ReadonlyMap<number, Uint8Array>) => Iterable<[number, Uint8Array]>,
): Alterations => ({
  request: (asked) => ({ ...asked, pcrs: new Map(change(asked.pcrs)) }),
})

const optional = (bytes: Uint8Array | null): Alterations =>
  request({ publicKey: bytes, userData: bytes, nonce: bytes })

/** The first of the valid signatures of a document that is as wanted. */
const signedSoThat =
  (wanted: (signature: Uint8Array) => boolean) =>
  ({ signatureStructure }: SigningInput, { chain }: AlterationContext): Uint8Array => {
    for (let variant = 0; ; variant++) {
      const signature = chain.leaf.key.sign(signatureStructure, { variant })
      if (wanted(signature)) return signature
    }
  }

const hasHighS = (signature: Uint8Array): boolean =>
  BigInt(`0x${toHex(signature.subarray(48))}`) > P384_ORDER / 2n

/** Documents that look wrong at first sight and are not; a verifier that refuses one is too strict. */
export const DOCUMENT_ODDITIES: readonly Fault[] = accepted([
  [
    'definite-payload-map',
    'the payload map has definite length',
    { content: (content) => ({ ...content, mapForm: 'definite' }) },
  ],
  [
    'indefinite-payload-map',
    'the payload map has indefinite length',
    { content: (content) => ({ ...content, mapForm: 'indefinite' }) },
  ],
  ['tagged-18', 'tagged as COSE_Sign1', { document: (bytes) => concatBytes(parseHex('d2'), bytes) }],
  ['high-s-signature', 's lies above half the order', { sign: signedSoThat(hasHighS) }],
  [
    'low-s-signature',
    's lies below half the order',
    { sign: signedSoThat((signature) => !hasHighS(signature)) },
  ],
  [
    'signature-with-leading-zero',
    'r or s begins with a zero byte',
    { sign: signedSoThat((signature) => signature[0] === 0 || signature[48] === 0) },
  ],
  ['optional-fields-null', 'public_key, user_data and nonce are null', optional(null)],
  [
    'optional-fields-absent',
    'public_key, user_data and nonce are left out',
    {
      content: (content, context) =>
        ['public_key', 'user_data', 'nonce'].reduce((rest, name) => dropField(name)(rest, context), content),
    },
  ],
  ['optional-fields-empty', 'public_key, user_data and nonce have no bytes', optional(new Uint8Array())],
  [
    'optional-fields-1024',
    'public_key, user_data and nonce have 1,024 bytes',
    optional(new Uint8Array(1024).fill(0x61)),
  ],
  ['user-data-746', 'user data of 746 bytes', request({ userData: new Uint8Array(746).fill(0x61) })],
  [
    'debug-zero-pcrs',
    'PCR0, PCR1 and PCR2 are zero',
    registers((pcrs) => [
      ...pcrs,
      ...[0, 1, 2].map((index): [number, Uint8Array] => [index, new Uint8Array(48)]),
    ]),
  ],
  ['seventeen-pcrs', 'PCR16 beside PCR0 to PCR15', registers((pcrs) => [...pcrs, [16, VALUE]])],
  [
    'thirty-two-pcrs',
    'PCR0 to PCR31',
    { pcrs: () => Array.from({ length: 32 }, (_, index) => pcrEntry(index, VALUE)) },
  ],
  ['one-pcr', 'PCR0 alone', { pcrs: (entries) => entries.slice(0, 1) }],
  ['pcrs-out-of-order', 'the measurements in descending order', { pcrs: (entries) => entries.toReversed() }],
  [
    'fields-in-other-order',
    'the fields in reverse order',
    { content: (content) => ({ ...content, fields: content.fields.toReversed() }) },
  ],
  [
    'unknown-extra-key',
    'a field that nobody knows',
    { content: appendField('future_field', cborText('value')) },
  ],
  [
    'unknown-key-proto',
    'a field named __proto__ in front',
    {
      content: prependEntry({
        key: cborText('__proto__'),
        value: cborMap([documentField('digest', cborText('SHA512'))]),
      }),
    },
  ],
  ['nitrotpm-24-pcrs', 'a NitroTPM document', { request: asNitroTpm }],
  [
    'nitrotpm-key-ec-point',
    'a NitroTPM document whose public key is a raw point of 65 bytes',
    {
      request: (asked, pki) => ({
        ...asNitroTpm(asked, pki),
        publicKey: createSigningKey(pki.derive(56, 'key', 'point'), 'P-256').point,
      }),
    },
  ],
  [
    'nitrotpm-index-above-23',
    'a NitroTPM document with a register 24',
    {
      request: (asked, pki) => {
        const tpm = asNitroTpm(asked, pki)
        return { ...tpm, pcrs: new Map([...tpm.pcrs, [24, VALUE]]) }
      },
    },
  ],
  [
    'module-id-other-pattern',
    'a module_id of another form',
    { content: setField('module_id', cborText('i-234-enc5678')) },
  ],
  [
    'module-id-kind-differs-from-map',
    'the module_id of an instance over the measurements of an enclave',
    {
      content: setField('module_id', ({ request: { instanceId } }) =>
        cborText(`${instanceId}-tpm${'0'.repeat(16)}`),
      ),
    },
  ],
  [
    'protected-header-extra-label',
    'a content type in the protected header',
    setProtectedHeader(cborMap([ES384, { key: cborInteger(3), value: cborInteger(0) }])),
  ],
  [
    'protected-indefinite-map',
    'the protected header is a map of indefinite length, and signed so',
    setProtectedHeader(parseHex('bf013822ff')),
  ],
  [
    'cabundle-indefinite-array',
    'cabundle has indefinite length',
    {
      content: setField('cabundle', ({ chain: { root, regional, zonal, instance } }) =>
        concatBytes(
          parseHex('9f'),
          ...[root, regional, zonal, instance].map((plan) => cborBytes(encodeCertificate(plan))),
          parseHex('ff'),
        ),
      ),
    },
  ],
])
