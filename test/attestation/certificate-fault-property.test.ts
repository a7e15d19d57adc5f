import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/attestation/certificate.ts'
import { checkCertificates } from '../../src/attestation/certificate-checks.ts'
import type { CertificateSpec } from '../support/attestation/a-certificate.ts'
import { ECDSA_SHA256, makeCertificate } from '../support/attestation/a-certificate.ts'
import { dice } from '../support/attestation/cbor-changes.ts'
import {
  certificateRecipe,
  extensionOf,
  toSpec,
  withExtensions,
} from '../support/attestation/certificate-recipe.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import {
  bitString,
  boolean,
  hex,
  integer,
  octetString,
  oid,
  seq,
  set,
  time,
  tlv,
} from '../support/attestation/der-bytes.ts'
import { runs } from '../support/property-runs.ts'

/** The code of the checks that need no other certificate. */
const codeFor = (der: Uint8Array): string | null =>
  codeOf(() => {
    checkCertificates({ bundle: [], leaf: { place: 'test', certificate: parseCertificate(der, 'test') } })
  })

/** One fault that the issuer signs, and the code for it. */
type SignedFault = readonly [
  name: string,
  code: string,
  change: (spec: CertificateSpec, how: number) => Partial<CertificateSpec>,
]

const pick = <Choice>(choices: readonly [Choice, ...Choice[]], how: number): Choice =>
  choices[how % choices.length] ?? choices[0]
/** BIT STRING content of a point and its SubjectPublicKeyInfo. */
const spkiWith = (algorithm: Uint8Array, point: Uint8Array): Uint8Array => seq(algorithm, bitString(point))
const P384_KEY = hex('301006072a8648ce3d020106052b81040022')
const CONSTRAINTS = '2.5.29.19'
const USAGE = '2.5.29.15'

const SIGNED_FAULTS: readonly SignedFault[] = [
  [
    'another version',
    'CERT_VERSION_UNSUPPORTED',
    (_, how) => ({
      version: pick(
        [
          hex(''),
          tlv(0xa0, integer(0)),
          tlv(0xa0, integer(1)),
          tlv(0xa0, integer(3)),
          tlv(0xa0, integer(258)),
          tlv(0xa0, hex('0201ff')),
        ],
        how,
      ),
    }),
  ],
  [
    'two algorithms',
    'CERT_ALGORITHM_MISMATCH',
    (_, how) =>
      how % 2
        ? { algorithm: ECDSA_SHA256, outerAlgorithm: seq(oid('1.2.840.10045.4.3.3')) }
        : { outerAlgorithm: ECDSA_SHA256 },
  ],
  [
    'another algorithm',
    'CERT_ALGORITHM_UNSUPPORTED',
    (_, how) => ({
      algorithm: pick(
        [
          ECDSA_SHA256,
          seq(oid('1.2.840.10045.4.3.3'), hex('0500')),
          seq(oid('1.2.840.113549.1.1.12'), hex('0500')),
          seq(oid('1.3.101.112')),
        ],
        how,
      ),
    }),
  ],
  [
    'a reversed window',
    'CERT_VALIDITY_INVALID',
    (spec) => ({ notBefore: time('490101000000Z'), notAfter: time('480101000000Z'), serial: spec.serial }),
  ],
  [
    'a time in another form',
    'CERT_VALIDITY_INVALID',
    (_, how) => ({
      notAfter: pick(
        [
          time('20491231235959Z'),
          tlv(0x17, Buffer.from('2601010000Z')),
          tlv(0x17, Buffer.from('260101000000+0000')),
          tlv(0x18, Buffer.from('20500101000000.5Z')),
          tlv(0x17, Buffer.from('261301000000Z')),
          tlv(0x17, Buffer.from('260230000000Z')),
          tlv(0x17, Buffer.from('260101240000Z')),
          tlv(0x17, Buffer.from('260101006000Z')),
          tlv(0x17, Buffer.from('260101000060Z')),
          tlv(0x17, Buffer.from('２６0101000000Z')),
          integer(1),
          tlv(0x13, Buffer.from('260101000000Z')),
        ],
        how,
      ),
    }),
  ],
  [
    'a key for another curve or use',
    'CERT_KEY_UNSUPPORTED',
    (_, how) => ({
      spki: spkiWith(
        pick(
          [
            seq(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')),
            seq(oid('1.2.840.10045.2.1')),
            seq(oid('1.2.840.10045.2.1'), seq(integer(1))),
            seq(oid('1.3.101.112')),
            seq(oid('1.2.840.113549.1.1.1'), hex('0500')),
          ],
          how,
        ),
        new Uint8Array(97).fill(4),
      ),
    }),
  ],
  [
    'a key that is no point',
    'CERT_KEY_POINT_INVALID',
    (_, how) => ({
      spki: spkiWith(
        P384_KEY,
        pick(
          [
            new Uint8Array(97).fill(4),
            new Uint8Array(97),
            hex('00'),
            hex(''),
            new Uint8Array(49).fill(2),
            Uint8Array.from([4, ...new Uint8Array(96).fill(0xff)]),
            Uint8Array.from([6, ...new Uint8Array(96)]),
          ],
          how,
        ),
      ),
    }),
  ],
  [
    'an extension twice',
    'CERT_EXTENSION_DUPLICATE',
    (spec, how) => {
      const again = pick([CONSTRAINTS, USAGE, '1.2.3'], how)
      return {
        extensionsField: withExtensions(
          spec,
          extensionOf(again, hex('3000')),
          extensionOf(again, pick([hex('3000'), hex('03020780')], how)),
        ),
      }
    },
  ],
  ['an empty list of extensions', 'CERT_EXTENSION_INVALID', () => ({ extensionsField: tlv(0xa3, seq()) })],
  [
    'extensions that are no list',
    'CERT_EXTENSION_INVALID',
    (_, how) => ({
      extensionsField: tlv(
        0xa3,
        ...pick(
          [
            [],
            [integer(1)],
            [set(extensionOf('1.2.3', hex('')))],
            [seq(integer(1))],
            [seq(seq())],
            [seq(extensionOf('1.2.3', hex(''))), seq()],
          ],
          how,
        ),
      ),
    }),
  ],
  [
    'an extension of other parts',
    'CERT_EXTENSION_INVALID',
    (spec, how) => ({
      extensionsField: withExtensions(
        spec,
        pick(
          [
            seq(oid('1.2.3')),
            seq(octetString(hex(''))),
            seq(oid('1.2.3'), octetString(hex('')), boolean(true)),
            seq(oid('1.2.3'), boolean(true)),
            seq(oid('1.2.3'), integer(1), octetString(hex(''))),
            seq(oid('1.2.3'), boolean(true), boolean(true), octetString(hex(''))),
            seq(oid('1.2.3'), bitString(hex('00'))),
          ],
          how,
        ),
      ),
    }),
  ],
  [
    'basicConstraints of other parts',
    'CERT_EXTENSION_INVALID',
    (spec, how) => ({
      extensionsField: withExtensions(
        spec,
        extensionOf(
          CONSTRAINTS,
          pick(
            [
              hex(''),
              boolean(true),
              seq(integer(1), boolean(true)),
              seq(boolean(true), hex('0201ff')),
              seq(boolean(true), boolean(true)),
              seq(boolean(true), integer(1), integer(1)),
              seq(hex('0500')),
              set(boolean(true)),
              hex('300000'),
            ],
            how,
          ),
        ),
      ),
    }),
  ],
  [
    'keyUsage of other parts',
    'CERT_EXTENSION_INVALID',
    (spec, how) => ({
      extensionsField: withExtensions(
        spec,
        extensionOf(
          USAGE,
          pick(
            [
              hex(''),
              hex('0300'),
              hex('030100'),
              octetString(hex('86')),
              integer(6),
              seq(),
              hex('0302018600'),
            ],
            how,
          ),
        ),
      ),
    }),
  ],
]

describe('a certificate with one fault that its issuer signed', () => {
  it.each(SIGNED_FAULTS)('%s: %s', (_, code, change) => {
    fc.assert(
      fc.property(certificateRecipe, dice, (recipe, how) => {
        const spec = toSpec(recipe)
        expect(codeFor(makeCertificate({ ...spec, ...change(spec, how) }))).toBe(code)
      }),
      runs(10),
    )
  })
})
