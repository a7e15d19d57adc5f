import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import type { Level } from '../../support/attestation/an-attestation.ts'
import { after, anchorOf, JUDGED, KEYS, NAMES } from '../../support/attestation/an-attestation.ts'
import type { CertificateSpec, ExtensionSpec } from '../../support/attestation/a-certificate.ts'
import {
  basicConstraints,
  KEY_USAGE_CA,
  KEY_USAGE_LEAF,
  makeName,
  spkiOf,
} from '../../support/attestation/a-certificate.ts'
import { hex, integer, printableString, seq } from '../../support/attestation/der-bytes.ts'
import { AWS_NITRO_ROOT } from '../../../src/attestation/roots/aws-nitro.ts'
import type { Refusal } from './refusal.ts'

const certificate = (level: Level, parts: Partial<CertificateSpec>): AttestationSpec => ({
  certificates: { [level]: parts },
})
const extensions = (level: Level, ...list: readonly ExtensionSpec[]): AttestationSpec =>
  certificate(level, { extensions: list })
const chain = (change: (chain: readonly Uint8Array[]) => readonly Uint8Array[]): AttestationSpec => ({
  chain: change,
})
const signature = (change: (signature: Uint8Array) => Uint8Array): AttestationSpec =>
  certificate('leaf', { alterSignature: change })
const critical = (oid: string): ExtensionSpec => ({ oid, critical: true, value: hex('05 00') })

const NAMES_OF_ALL: readonly Level[] = ['root', 'regional', 'zonal', 'instance', 'leaf']
const AUTHORITIES: readonly Level[] = ['root', 'regional', 'zonal', 'instance']
const BELOW_THE_ROOT: readonly Level[] = ['regional', 'zonal', 'instance', 'leaf']
const KEY_CERT_SIGN_MISSING: ExtensionSpec = { oid: '2.5.29.15', critical: true, value: hex('03 02 07 80') }

/** encipherOnly, the bit beside those that are asked for (RFC 5280 §4.2.1.3). */
const ENCIPHER_ONLY: ExtensionSpec = { oid: '2.5.29.15', critical: true, value: hex('03 02 00 01') }

const rows = (levels: readonly Level[], row: (level: Level) => Refusal): readonly Refusal[] => levels.map(row)

export const CHAIN_REFUSALS: readonly Refusal[] = [
  { code: 'CHAIN_NO_ANCHORS', what: 'no anchor', options: { anchors: [] } },
  { code: 'CHAIN_UNTRUSTED_ROOT', what: 'another anchor', options: { anchors: [AWS_NITRO_ROOT] } },
  {
    code: 'CHAIN_UNTRUSTED_ROOT',
    what: 'the same root with one bit of its signature flipped',
    spec: chain(([root = hex(''), ...rest]) => [root.with(root.length - 1, (root.at(-1) ?? 0) ^ 1), ...rest]),
  },
  { code: 'CHAIN_UNTRUSTED_ROOT', what: 'no root in the bundle', spec: chain(([, ...rest]) => rest) },
  {
    code: 'CHAIN_UNTRUSTED_ROOT',
    what: 'the root as the leaf only',
    spec: chain(([root = hex(''), ...rest]) => [...rest.slice(0, 3), root]),
  },
  {
    code: 'CHAIN_ORDER_INVALID',
    what: 'the bundle reversed',
    spec: chain((all) => [...all.slice(0, -1).toReversed(), ...all.slice(-1)]),
  },
  {
    code: 'CHAIN_ORDER_INVALID',
    what: 'the root behind garbage',
    spec: chain((all) => [hex('00'), ...all]),
  },
  {
    code: 'CHAIN_DUPLICATE_CERTIFICATE',
    what: 'the root twice',
    spec: chain(([root = hex(''), ...rest]) => [root, root, ...rest]),
  },
  {
    code: 'CHAIN_DUPLICATE_CERTIFICATE',
    what: 'the zonal certificate twice',
    spec: chain((all) => [...all.slice(0, 3), ...all.slice(2)]),
  },
  {
    code: 'CHAIN_DUPLICATE_CERTIFICATE',
    what: 'the leaf in the bundle',
    spec: chain((all) => [...all, ...all.slice(-1)]),
  },
  {
    code: 'CHAIN_NAME_MISMATCH',
    what: 'two intermediates exchanged',
    spec: chain(([a = hex(''), b = hex(''), c = hex(''), ...rest]) => [a, c, b, ...rest]),
  },
  {
    code: 'CHAIN_NAME_MISMATCH',
    what: 'the zonal certificate missing',
    spec: chain((all) => all.toSpliced(2, 1)),
  },
  ...rows(BELOW_THE_ROOT, (level) => ({
    code: 'CHAIN_NAME_MISMATCH',
    what: `another issuer of ${level}`,
    spec: certificate(level, { issuer: makeName('another') }),
  })),
  {
    code: 'CHAIN_NAME_MISMATCH',
    what: 'the same letters of another string type',
    spec: certificate('leaf', {
      issuer: makeName('i-0123456789abcdef0.eu-test-1.test.nitro-enclaves', printableString),
    }),
  },
  ...rows(NAMES_OF_ALL, (level) => ({
    code: 'CHAIN_NOT_YET_VALID',
    what: `${level} starts 301 s later`,
    spec: certificate(level, { notBefore: after(301, JUDGED) }),
  })),
  ...rows(NAMES_OF_ALL, (level) => ({
    code: 'CHAIN_EXPIRED',
    what: `${level} ended a second ago`,
    spec: certificate(level, { notAfter: after(-1, JUDGED) }),
  })),
  {
    code: 'CHAIN_NOT_YET_VALID',
    what: 'the leaf is early, although the root has expired',
    spec: {
      certificates: { root: { notAfter: after(-1, JUDGED) }, leaf: { notBefore: after(301, JUDGED) } },
    },
  },
  ...rows(['root', 'regional', 'zonal', 'instance'], (level) => ({
    code: 'CHAIN_UNKNOWN_CRITICAL',
    what: `critical nameConstraints on ${level}`,
    spec: extensions(level, basicConstraints(true), KEY_USAGE_CA, critical('2.5.29.30')),
  })),
  {
    code: 'CHAIN_UNKNOWN_CRITICAL',
    what: 'critical extKeyUsage on the leaf',
    spec: extensions('leaf', KEY_USAGE_LEAF, critical('2.5.29.37')),
  },
  ...rows(AUTHORITIES, (level) => ({
    code: 'CHAIN_NOT_A_CA',
    what: `${level} without basicConstraints`,
    spec: extensions(level, KEY_USAGE_CA),
  })),
  {
    code: 'CHAIN_NOT_A_CA',
    what: 'cA false',
    spec: extensions('zonal', basicConstraints(false, 1), KEY_USAGE_CA),
  },
  {
    code: 'CHAIN_NOT_A_CA',
    what: 'an explicit cA false',
    spec: extensions('zonal', { oid: '2.5.29.19', value: hex('30 03 01 01 00') }, KEY_USAGE_CA),
  },
  {
    code: 'CHAIN_LEAF_IS_CA',
    what: 'a leaf with cA',
    spec: extensions('leaf', basicConstraints(true), KEY_USAGE_LEAF),
  },
  {
    code: 'CHAIN_LEAF_IS_CA',
    what: 'a leaf with a path length',
    spec: extensions('leaf', basicConstraints(false, 0), KEY_USAGE_LEAF),
  },
  {
    code: 'CHAIN_LEAF_IS_CA',
    what: 'the instance certificate as leaf',
    spec: { levels: ['root', 'regional', 'zonal', 'instance'], signWith: KEYS.instance.privateKey },
  },
  ...rows(AUTHORITIES, (level) => ({
    code: 'CHAIN_KEY_USAGE_INVALID',
    what: `${level} without keyUsage`,
    spec: extensions(level, basicConstraints(true)),
  })),
  {
    code: 'CHAIN_KEY_USAGE_INVALID',
    what: 'digitalSignature alone in the instance certificate',
    spec: extensions('instance', basicConstraints(true, 0), KEY_CERT_SIGN_MISSING),
  },
  {
    code: 'CHAIN_KEY_USAGE_INVALID',
    what: 'encipherOnly in the instance certificate',
    spec: extensions('instance', basicConstraints(true, 0), ENCIPHER_ONLY),
  },
  {
    code: 'CHAIN_LEAF_KEY_USAGE_INVALID',
    what: 'encipherOnly in the leaf',
    spec: extensions('leaf', basicConstraints(false), ENCIPHER_ONLY),
  },
  {
    code: 'CHAIN_LEAF_KEY_USAGE_INVALID',
    what: 'a leaf without keyUsage',
    spec: extensions('leaf', basicConstraints(false)),
  },
  {
    code: 'CHAIN_LEAF_KEY_USAGE_INVALID',
    what: 'keyEncipherment alone',
    spec: extensions('leaf', basicConstraints(false), { oid: '2.5.29.15', value: hex('03 02 05 20') }),
  },
  {
    code: 'CHAIN_PATH_TOO_LONG',
    what: 'path length 2 in the root',
    spec: extensions('root', basicConstraints(true, 2), KEY_USAGE_CA),
  },
  {
    code: 'CHAIN_PATH_TOO_LONG',
    what: 'path length 1 in the regional certificate',
    spec: extensions('regional', basicConstraints(true, 1), KEY_USAGE_CA),
  },
  {
    code: 'CHAIN_PATH_TOO_LONG',
    what: 'path length 0 in the zonal certificate',
    spec: extensions('zonal', basicConstraints(true, 0), KEY_USAGE_CA),
  },
  ...rows(BELOW_THE_ROOT, (level) => ({
    code: 'CHAIN_SIGNATURE_INVALID',
    what: `${level} signed by a stranger`,
    spec: certificate(level, { issuerKey: KEYS.stranger.privateKey }),
  })),
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'the zonal certificate signed by itself',
    spec: certificate('zonal', { issuerKey: KEYS.zonal.privateKey }),
  },
  { code: 'CHAIN_SIGNATURE_INVALID', what: 'SHA-256', spec: certificate('leaf', { digest: 'sha256' }) },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'r and s side by side',
    spec: certificate('leaf', { dsaEncoding: 'ieee-p1363' }),
  },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'a byte behind',
    spec: signature((one) => Buffer.concat([one, hex('00')])),
  },
  { code: 'CHAIN_SIGNATURE_INVALID', what: 'zeros', spec: signature(() => seq(integer(0), integer(0))) },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'three numbers',
    spec: signature(() => seq(integer(1), integer(1), integer(1))),
  },
  { code: 'CHAIN_SIGNATURE_INVALID', what: 'ones', spec: signature(() => seq(integer(1), integer(1))) },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'negative numbers',
    spec: signature(() => hex('30 06 02 01 ff 02 01 ff')),
  },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'numbers over n',
    spec: signature(() => seq(integer(2n ** 384n), integer(1))),
  },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'numbers of 60 bytes',
    spec: signature(() => seq(integer(1), integer(2n ** 480n))),
  },
  { code: 'CHAIN_SIGNATURE_INVALID', what: 'no SEQUENCE', spec: signature(() => integer(1)) },
  { code: 'CHAIN_SIGNATURE_INVALID', what: 'a SET', spec: signature((one) => one.with(0, 0x31)) },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'a serial number changed after signing',
    spec: chain((all) =>
      all.map((one, index) => {
        const serial = Buffer.from(one).indexOf(hex('9abcdef4'))
        return index === 4 ? one.with(serial, 0x9b) : one
      }),
    ),
  },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'a signature over the chain and the document of a stranger',
    spec: {
      certificates: { leaf: { issuerKey: KEYS.stranger.privateKey } },
      signWith: KEYS.stranger.privateKey,
    },
  },
  {
    code: 'CHAIN_UNTRUSTED_ROOT',
    what: 'a root of the same name with another key',
    spec: { certificates: { root: { spki: spkiOf(KEYS.stranger.publicKey), subject: NAMES.root } } },
    options: { anchors: [anchorOf(hex('00'))] },
  },
]
