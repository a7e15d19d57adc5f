import { concatBytes, parseHex, utf8 } from '../../core/bytes.ts'
import { encodeBase64 } from '../../core/base64.ts'
import type { Alterations } from '../alterations.ts'
import { SIGNATURE_ALGORITHM } from '../certificate-plan.ts'
import {
  DER_TAG,
  DER_TRUE,
  der,
  derExplicit,
  derObjectIdentifier,
  derSequence,
  derTime,
  derUnsigned,
} from '../der-writer.ts'
import { EXTENSION_ID, subjectKeyIdentifier } from '../extension.ts'
import { usualRsaPublicKeyInfo } from '../rsa-public-key.ts'
import type { SigningKey } from '../signing-key.ts'
import { createSigningKey, ecPublicKeyInfo, specifiedP384 } from '../signing-key.ts'
import {
  BUNDLE_POSITION,
  bundleItems,
  certificateFields,
  extensionWith,
  flipBit,
  leafBytes,
  leafWith,
} from './alter-chain.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'

const P384 = derObjectIdentifier('1.3.132.0.34')

/** A version 1 certificate has no version field and no extensions. */
const VERSION_1 = { version: new Uint8Array(), extensions: [] } as const
const VERSION_2 = { version: derExplicit(0, derUnsigned(Uint8Array.of(1))) } as const

/** The algorithm of the plan with NULL parameters. */
const WITH_NULL = derSequence(derObjectIdentifier('1.2.840.10045.4.3.3'), der(DER_TAG.null))

/** Another SubjectPublicKeyInfo in the leaf; the document is signed with the key that ought to stand there. */
const leafKeyInfo = (info: (key: SigningKey) => Uint8Array): Alterations =>
  leafWith((leaf) => ({ ...leaf, publicKeyInfo: info(leaf.key) }))

const utcTime = (text: string): Uint8Array => der(DER_TAG.utcTime, utf8(text))

/** The validity of the leaf with another first time, given its digits `YYMMDDHHMMSS`. */
const leafNotBefore = (spell: (digits: string) => string): Alterations =>
  leafWith((leaf) => {
    const digits = leaf.notBefore.toISOString().replaceAll(/\D/g, '').slice(2, 14)
    return { ...leaf, validity: derSequence(utcTime(spell(digits)), derTime(leaf.notAfter)) }
  })

const compressed = (point: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(2 + ((point.at(-1) ?? 0) & 1)), point.subarray(1, 49))

const signedWith = (hash: 'sha256' | 'sha512') => ({
  hash,
  innerAlgorithm: SIGNATURE_ALGORITHM[hash],
  outerAlgorithm: SIGNATURE_ALGORITHM[hash],
})

/** What is wrong with a certificate by itself; all but the outermost bytes is signed. */
export const CERTIFICATE_FAULTS: readonly Fault[] = [
  ...refusedWith('CERT_NOT_DER', [
    [
      'cert-leaf-trailing-byte',
      'a zero byte behind the leaf',
      leafBytes((leaf) => concatBytes(leaf, Uint8Array.of(0))),
    ],
    [
      'cert-leaf-truncated',
      'the last byte of the leaf is missing',
      leafBytes((leaf) => leaf.subarray(0, -1)),
    ],
    [
      'cert-leaf-long-length',
      'the length of the leaf in three bytes where two do',
      leafBytes((leaf) => concatBytes(parseHex('308300'), leaf.subarray(2))),
    ],
    [
      'cert-leaf-indefinite-length',
      'the leaf has indefinite length',
      leafBytes((leaf) => concatBytes(parseHex('3080'), leaf.subarray(4), parseHex('0000'))),
    ],
    [
      'cert-leaf-inner-long-length',
      "the length of the leaf's validity in two bytes where one does, inside the signed part",
      leafWith((leaf) => {
        const times = concatBytes(derTime(leaf.notBefore), derTime(leaf.notAfter))
        return { ...leaf, validity: concatBytes(Uint8Array.of(DER_TAG.sequence, 0x81, times.length), times) }
      }),
    ],
    [
      'cert-leaf-pem',
      'the leaf as PEM',
      leafBytes((leaf) =>
        utf8(`-----BEGIN CERTIFICATE-----\n${encodeBase64(leaf)}\n-----END CERTIFICATE-----\n`),
      ),
    ],
    [
      'cert-zonal-garbage',
      'another tag on the signed part of the zonal certificate',
      bundleItems((items) =>
        items.map((item, level) =>
          level === BUNDLE_POSITION.zonal ? item.map((byte, at) => (at === 4 ? 0x70 : byte)) : item,
        ),
      ),
    ],
  ]),
  ...refusedWith('CERT_VERSION_UNSUPPORTED', [
    ['cert-leaf-v1', 'the leaf is of version 1, without extensions', certificateFields('leaf', VERSION_1)],
    ['cert-intermediate-v1', 'the zonal certificate is of version 1', certificateFields('zonal', VERSION_1)],
    ['cert-intermediate-v2', 'the zonal certificate is of version 2', certificateFields('zonal', VERSION_2)],
  ]),
  ...refusedWith('CERT_ALGORITHM_MISMATCH', [
    [
      'cert-leaf-algorithm-mismatch',
      'the leaf names SHA-256 outside and SHA-384 inside',
      certificateFields('leaf', { outerAlgorithm: SIGNATURE_ALGORITHM.sha256 }),
    ],
  ]),
  ...refusedWith('CERT_ALGORITHM_UNSUPPORTED', [
    [
      'cert-leaf-sha256',
      'the leaf is signed with SHA-256 and says so',
      certificateFields('leaf', signedWith('sha256')),
    ],
    [
      'cert-instance-sha512',
      'the instance certificate is signed with SHA-512 and says so',
      certificateFields('instance', signedWith('sha512')),
    ],
    [
      'cert-leaf-algorithm-null-params',
      'NULL parameters in both algorithms of the leaf',
      certificateFields('leaf', { innerAlgorithm: WITH_NULL, outerAlgorithm: WITH_NULL }),
    ],
  ]),
  ...refusedWith('CERT_VALIDITY_INVALID', [
    [
      'cert-validity-local-time',
      'a UTCTime with an offset in the leaf',
      leafNotBefore((digits) => `${digits}+0000`),
    ],
    [
      'cert-validity-no-seconds',
      'a UTCTime without seconds in the leaf',
      leafNotBefore((digits) => `${digits.slice(0, 10)}Z`),
    ],
    [
      'cert-validity-reversed',
      'the leaf ends before it begins',
      leafWith((leaf) => ({ ...leaf, notBefore: leaf.notAfter, notAfter: leaf.notBefore })),
    ],
    [
      'cert-validity-month-13',
      'the leaf begins in a thirteenth month',
      leafNotBefore((digits) => `${digits.slice(0, 2)}13${digits.slice(4)}Z`),
    ],
  ]),
  ...refusedWith('CERT_KEY_UNSUPPORTED', [
    [
      'cert-leaf-p256-key',
      'a P-256 key in the leaf',
      leafWith((leaf, { pki }) => ({
        ...leaf,
        publicKeyInfo: createSigningKey(pki.derive(56, 'key', 'p256'), 'P-256').publicKeyInfo,
      })),
    ],
    [
      'cert-instance-p521-key',
      'the instance certificate has a P-521 key and signs the leaf with it',
      {
        chain: ({ instance, leaf, ...above }, { pki }) => {
          const key = createSigningKey(pki.derive(80, 'key', 'p521'), 'P-521')
          const extensions = instance.extensions.map((extension) =>
            extension.id === EXTENSION_ID.subjectKeyIdentifier ? subjectKeyIdentifier(key) : extension,
          )
          return { ...above, instance: { ...instance, key, extensions }, leaf: { ...leaf, issuerKey: key } }
        },
      },
    ],
    [
      'cert-leaf-rsa-key',
      'an RSA key in the leaf',
      leafWith((leaf, { pki }) => ({ ...leaf, publicKeyInfo: usualRsaPublicKeyInfo(pki.derive, 'leaf') })),
    ],
    [
      'cert-leaf-explicit-curve',
      "the curve of the leaf's key is written out instead of named",
      leafKeyInfo(({ point }) => ecPublicKeyInfo(specifiedP384(), point)),
    ],
  ]),
  ...refusedWith('CERT_KEY_POINT_INVALID', [
    [
      'cert-leaf-point-off-curve',
      "the point of the leaf's key is not on the curve",
      leafKeyInfo(({ point }) => ecPublicKeyInfo(P384, flipBit(point, -1))),
    ],
    [
      'cert-leaf-point-compressed',
      "the point of the leaf's key is compressed",
      leafKeyInfo(({ point }) => ecPublicKeyInfo(P384, compressed(point))),
    ],
    [
      'cert-leaf-point-infinity',
      "the point of the leaf's key is the point at infinity",
      leafKeyInfo(() => ecPublicKeyInfo(P384, Uint8Array.of(0))),
    ],
  ]),
  ...refusedWith('CERT_EXTENSION_DUPLICATE', [
    [
      'cert-duplicate-basic-constraints',
      'basicConstraints twice in the instance certificate',
      extensionWith('instance', EXTENSION_ID.basicConstraints, (extension) => [extension, extension]),
    ],
  ]),
  ...refusedWith('CERT_EXTENSION_INVALID', [
    [
      'cert-basic-constraints-garbage',
      'true is written 01 in basicConstraints of the instance certificate',
      extensionWith('instance', EXTENSION_ID.basicConstraints, (extension) => [
        {
          ...extension,
          value: derSequence(DER_TRUE.with(2, 0x01), derUnsigned(Uint8Array.of(0))),
        },
      ]),
    ],
    [
      'cert-key-usage-empty',
      'keyUsage of the instance certificate is a BIT STRING without content',
      extensionWith('instance', EXTENSION_ID.keyUsage, (extension) => [
        { ...extension, value: der(DER_TAG.bitString) },
      ]),
    ],
  ]),
]
