import { concatBytes, utf8 } from '../../core/bytes.ts'
import type { Alterations } from '../alterations.ts'
import type { CertificatePlan } from '../certificate-plan.ts'
import { encodeCertificate, encodeToBeSigned, planCertificate, signCertificate } from '../certificate-plan.ts'
import { planLeaf } from '../chain-plan.ts'
import { deriveSerial } from '../derive.ts'
import { derExplicit, derImplicit, derObjectIdentifier, derSequence, derUnsigned } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { EXTENSION_ID, authorityConstraints, keyUsage } from '../extension.ts'
import { authorityName, derName } from '../name.ts'
import { createSigningKey } from '../signing-key.ts'
import { certificateWith, extensionAdded, extensionWith, leafWith } from './alter-chain.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'
import type { AlterationContext } from '../alterations.ts'

const ZERO = derUnsigned(Uint8Array.of(0))

const constraints = (value: Uint8Array) => (extension: Extension) => [{ ...extension, value }]
const none = (): readonly Extension[] => []
const critical = (id: string, value: Uint8Array): Extension => ({ id, critical: true, value })

/** permittedSubtrees with one DNS name (RFC 5280 §4.2.1.10). */
const NAME_CONSTRAINTS = derSequence(derExplicit(0, derSequence(derImplicit(2, utf8('lab.invalid')))))

/** requireExplicitPolicy after no certificate (RFC 5280 §4.2.1.11). */
const POLICY_CONSTRAINTS = derSequence(derImplicit(0, Uint8Array.of(0)))

const CLIENT_AUTHENTICATION = derSequence(derObjectIdentifier('1.3.6.1.5.5.7.3.2'))

/** A certificate authority that the instance certificate issues although its path length forbids it. */
function extraAuthority({ pki, chain: { instance } }: AlterationContext): CertificatePlan {
  const key = createSigningKey(pki.derive(56, 'key', 'extra authority'))
  return planCertificate({
    ...instance,
    key,
    issuerKey: instance.key,
    issuer: instance.subject,
    serial: deriveSerial(pki.derive, 20, 'extra authority'),
    subject: derName(authorityName(`extra.${pki.partition}.nitro-enclaves`)),
    extensions: [authorityConstraints(), keyUsage(true, 'keyCertSign')],
  })
}

/** The genuine leaf issues a further leaf, which signs the document. */
const LEAF_AS_ISSUER: Alterations = {
  chain: (chain, { pki, request }) => {
    const leaf = planLeaf(pki, chain.leaf, request)
    const key = createSigningKey(pki.derive(56, 'key', 'further leaf'))
    return { ...chain, leaf: { ...leaf, key, serial: deriveSerial(pki.derive, 16, 'further leaf') } }
  },
  bundle: ({ cabundle, certificate }, { pki, request, chain }) => ({
    cabundle: [...cabundle, encodeCertificate(planLeaf(pki, chain.instance, request))],
    certificate,
  }),
}

/** Signs a leaf as it is and then changes its serial number. */
const serialChanged = (change: (serial: Uint8Array) => Uint8Array): Alterations =>
  leafWith((leaf) => ({
    ...leaf,
    serial: change(leaf.serial),
    signature: () => signCertificate(leaf, encodeToBeSigned(leaf)),
  }))

const signature = (make: (plan: CertificatePlan, toBeSigned: Uint8Array) => Uint8Array): Alterations =>
  leafWith((leaf) => ({ ...leaf, signature: (toBeSigned) => make(leaf, toBeSigned) }))

const lastByte = (change: (byte: number) => number) => (bytes: Uint8Array) =>
  bytes.with(bytes.length - 1, change(bytes.at(-1) ?? 0) & 0xff)

/** What is wrong with the right of a certificate to issue or to sign, and with the signatures of certificates. */
export const AUTHORITY_FAULTS: readonly Fault[] = [
  ...refusedWith('CHAIN_UNKNOWN_CRITICAL', [
    [
      'chain-critical-name-constraints',
      'critical nameConstraints in the zonal certificate',
      extensionAdded('zonal', critical(EXTENSION_ID.nameConstraints, NAME_CONSTRAINTS)),
    ],
    [
      'chain-critical-policy-constraints',
      'critical policyConstraints in the regional certificate',
      extensionAdded('regional', critical(EXTENSION_ID.policyConstraints, POLICY_CONSTRAINTS)),
    ],
    [
      'chain-critical-crl-dp',
      'the CRL distribution points of the regional certificate are critical',
      extensionWith('regional', EXTENSION_ID.crlDistributionPoints, (extension) => [
        { ...extension, critical: true },
      ]),
    ],
    [
      'chain-critical-eku-leaf',
      'critical extKeyUsage in the leaf',
      extensionAdded('leaf', critical(EXTENSION_ID.extendedKeyUsage, CLIENT_AUTHENTICATION)),
    ],
    [
      'chain-critical-unknown-oid-leaf',
      'a critical extension in the leaf that nobody knows',
      extensionAdded('leaf', critical('1.3.6.1.4.1.55738.2', ZERO)),
    ],
  ]),
  ...refusedWith('CHAIN_NOT_A_CA', [
    [
      'chain-intermediate-no-basic-constraints',
      'the zonal certificate has no basicConstraints',
      extensionWith('zonal', EXTENSION_ID.basicConstraints, none),
    ],
    [
      'chain-intermediate-ca-false',
      'the zonal certificate is no authority by its basicConstraints',
      extensionWith('zonal', EXTENSION_ID.basicConstraints, constraints(derSequence())),
    ],
    ['chain-leaf-used-as-issuer', 'a genuine leaf issued the leaf', LEAF_AS_ISSUER],
  ]),
  ...refusedWith('CHAIN_LEAF_IS_CA', [
    [
      'chain-leaf-is-ca',
      'the leaf is an authority by its basicConstraints',
      extensionWith('leaf', EXTENSION_ID.basicConstraints, () => [authorityConstraints()]),
    ],
    [
      'chain-leaf-has-pathlen',
      'the leaf is no authority and has a path length',
      extensionWith('leaf', EXTENSION_ID.basicConstraints, constraints(derSequence(ZERO))),
    ],
    [
      'chain-instance-as-leaf',
      'the instance certificate stands for the leaf, and its key signs',
      {
        bundle: ({ cabundle }) => ({
          cabundle: cabundle.slice(0, -1),
          certificate: cabundle.at(-1) ?? new Uint8Array(),
        }),
        sign: ({ signatureStructure }, { chain }) => chain.instance.key.sign(signatureStructure),
      },
    ],
  ]),
  ...refusedWith('CHAIN_KEY_USAGE_INVALID', [
    [
      'chain-instance-no-key-usage',
      'the instance certificate has no keyUsage',
      extensionWith('instance', EXTENSION_ID.keyUsage, none),
    ],
    [
      'chain-instance-no-cert-sign',
      'the instance certificate may not sign certificates',
      extensionWith('instance', EXTENSION_ID.keyUsage, () => [keyUsage(true, 'digitalSignature')]),
    ],
  ]),
  ...refusedWith('CHAIN_LEAF_KEY_USAGE_INVALID', [
    [
      'chain-leaf-no-key-usage',
      'the leaf has no keyUsage',
      extensionWith('leaf', EXTENSION_ID.keyUsage, none),
    ],
    [
      'chain-leaf-no-digital-signature',
      'the leaf may only encipher keys',
      extensionWith('leaf', EXTENSION_ID.keyUsage, () => [keyUsage(false, 'keyEncipherment')]),
    ],
  ]),
  ...refusedWith('CHAIN_PATH_TOO_LONG', [
    [
      'chain-pathlen-regional-too-small',
      'the regional certificate allows one authority below, and there are two',
      extensionWith('regional', EXTENSION_ID.basicConstraints, () => [authorityConstraints(1)]),
    ],
    [
      'chain-pathlen-zonal-zero',
      'the zonal certificate allows no authority below, and there is one',
      extensionWith('zonal', EXTENSION_ID.basicConstraints, () => [authorityConstraints(0)]),
    ],
    [
      'chain-extra-ca-below-instance',
      'an authority between instance certificate and leaf',
      {
        chain: (chain, context) => {
          const extra = extraAuthority(context)
          return { ...chain, leaf: { ...chain.leaf, issuer: extra.subject, issuerKey: extra.key } }
        },
        bundle: ({ cabundle, certificate }, context) => ({
          cabundle: [...cabundle, encodeCertificate(extraAuthority(context))],
          certificate,
        }),
      },
    ],
  ]),
  ...refusedWith('CHAIN_SIGNATURE_INVALID', [
    [
      'chain-leaf-signed-by-zonal',
      'the leaf is signed with the zonal key and names the instance',
      leafWith((leaf, { chain }) => ({ ...leaf, issuerKey: chain.zonal.key })),
    ],
    [
      'chain-zonal-signed-by-foreign-key',
      'the zonal certificate is signed with a key of nobody here',
      certificateWith('zonal', (zonal, { pki }) => ({
        ...zonal,
        issuerKey: createSigningKey(pki.derive(56, 'key', 'unrelated')),
      })),
    ],
    [
      'chain-zonal-self-signed',
      'the zonal certificate is signed with its own key and names the regional one',
      certificateWith('zonal', (zonal) => ({ ...zonal, issuerKey: zonal.key })),
    ],
    [
      'chain-leaf-tbs-bit-flip',
      "one bit of the leaf's serial number was flipped after signing",
      serialChanged(lastByte((byte) => byte ^ 0x01)),
    ],
    [
      'chain-leaf-serial-changed',
      "the leaf's serial number was raised by one after signing",
      serialChanged(lastByte((byte) => byte + 1)),
    ],
    [
      'chain-signature-raw-not-der',
      "the leaf's signature is r and s without DER",
      signature((leaf, toBeSigned) => leaf.issuerKey.sign(toBeSigned)),
    ],
    [
      'chain-signature-zero',
      "r and s of the leaf's signature are zero",
      signature(() => derSequence(ZERO, ZERO)),
    ],
    [
      'chain-signature-trailing',
      "a zero byte behind the leaf's signature",
      signature((leaf, toBeSigned) => concatBytes(signCertificate(leaf, toBeSigned), Uint8Array.of(0))),
    ],
    [
      'chain-sha256-under-sha384-oid',
      'the leaf is signed with SHA-256 and says SHA-384',
      leafWith((leaf) => ({ ...leaf, hash: 'sha256' })),
    ],
  ]),
]
