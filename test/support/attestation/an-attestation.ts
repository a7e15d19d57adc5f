import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { TrustAnchor } from '../../../src/attestation/trust-anchor.ts'
import { createHash } from 'node:crypto'
import type { CertificateSpec, KeyPair } from './a-certificate.ts'
import {
  basicConstraints,
  ECDSA_SHA384,
  KEY_USAGE_CA,
  KEY_USAGE_LEAF,
  makeCertificate,
  makeKeyPair,
  makeName,
  spkiOf,
  VERSION_3,
} from './a-certificate.ts'
import type { Entry } from './cbor-bytes.ts'
import { array, bytes, map, NULL, openMap, text, uint } from './cbor-bytes.ts'
import { hex, integer } from './der-bytes.ts'

/** When the documents of the tests are made. */
export const MADE = new Date('2026-01-15T12:00:00.250Z')
/** When they are judged, one second later. */
export const JUDGED = new Date('2026-01-15T12:00:01.250Z')

const LEVELS = ['root', 'regional', 'zonal', 'instance', 'leaf'] as const
export type Level = (typeof LEVELS)[number]

export const KEYS: Readonly<Record<Level | 'stranger', KeyPair>> = {
  root: makeKeyPair(),
  regional: makeKeyPair(),
  zonal: makeKeyPair(),
  instance: makeKeyPair(),
  leaf: makeKeyPair(),
  stranger: makeKeyPair(),
}

const MODULE_ID = 'i-0123456789abcdef0-enc019bc13a1f3a0001'

export const NAMES: Readonly<Record<Level, Uint8Array>> = {
  root: makeName('test.nitro-enclaves'),
  regional: makeName('0011223344556677.eu-test-1.test.nitro-enclaves'),
  zonal: makeName('8899aabbccddeeff.zonal.eu-test-1.test.nitro-enclaves'),
  instance: makeName('i-0123456789abcdef0.eu-test-1.test.nitro-enclaves'),
  leaf: makeName(`${MODULE_ID}.eu-test-1.test`),
}

const DAY = 86_400
export const after = (seconds: number, from = MADE): Date => new Date(from.getTime() + seconds * 1000)

/** The parts of a good certificate of a level, below a parent. */
export function certificateSpec(level: Level, parent: Level): CertificateSpec {
  const shape = {
    root: { start: -3000 * DAY, end: 5000 * DAY, extensions: [basicConstraints(true), KEY_USAGE_CA] },
    regional: { start: -3 * DAY, end: 17 * DAY, extensions: [basicConstraints(true, 2), KEY_USAGE_CA] },
    zonal: { start: -DAY / 2, end: 5 * DAY, extensions: [basicConstraints(true, 1), KEY_USAGE_CA] },
    instance: { start: -7200, end: DAY - 7200, extensions: [basicConstraints(true, 0), KEY_USAGE_CA] },
    leaf: { start: -3, end: 10_800, extensions: [basicConstraints(false), KEY_USAGE_LEAF] },
  }[level]
  return {
    version: VERSION_3,
    serial: integer(BigInt(LEVELS.indexOf(level)) + 0x1234_5678_9abc_def0n),
    algorithm: ECDSA_SHA384,
    issuer: NAMES[parent],
    subject: NAMES[level],
    notBefore: after(shape.start),
    notAfter: after(shape.end),
    spki: spkiOf(KEYS[level].publicKey),
    extensions: shape.extensions,
    issuerKey: KEYS[parent].privateKey,
    digest: 'sha384',
    dsaEncoding: 'der',
  }
}

/** What COSE_Sign1 is put together from, each element encoded. */
export interface CoseParts {
  readonly protectedHeader: Uint8Array
  readonly unprotectedHeader: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** What is odd about a document; everything left out is as good as can be. */
export interface AttestationSpec {
  /** Parts of certificates by level. What a level signs is signed with what stands here. */
  readonly certificates?: Partial<Record<Level, Partial<CertificateSpec>>>
  /** The levels of the bundle and the leaf, in place of all five. */
  readonly levels?: readonly Level[]
  /** Changes the encoded chain, root first, leaf last, before the document is signed. */
  readonly chain?: (chain: readonly Uint8Array[]) => readonly Uint8Array[]
  /** Changes fields of the payload map before the document is signed. */
  readonly fields?: (fields: readonly Entry[]) => readonly Entry[]
  /** Changes the payload's bytes before the document is signed. */
  readonly payload?: (payload: Uint8Array) => Uint8Array
  /** Content of the protected header, signed as it is. */
  readonly protectedHeader?: Uint8Array
  readonly unprotectedHeader?: Uint8Array
  readonly signWith?: KeyObject
  readonly digest?: string
  /** Changes elements after signing. */
  readonly cose?: (parts: CoseParts) => CoseParts
  /** Changes the whole input. */
  readonly input?: (input: Uint8Array) => Uint8Array
}

export interface TestAttestation {
  readonly bytes: Uint8Array
  /** Root first, leaf last. */
  readonly chain: readonly Uint8Array[]
  readonly anchor: TrustAnchor
}

const NOTHING_ODD: Required<AttestationSpec> = {
  certificates: {},
  levels: LEVELS,
  chain: (chain) => chain,
  fields: (fields) => fields,
  payload: (payload) => payload,
  protectedHeader: hex('a1 01 38 22'),
  unprotectedHeader: map([]),
  signWith: KEYS.leaf.privateKey,
  digest: 'sha384',
  cose: (parts) => parts,
  input: (input) => input,
}

/** Makes a document with its own PKI, independent of the program's issuer. */
export function makeAttestation(changes: AttestationSpec = {}): TestAttestation {
  const spec = { ...NOTHING_ODD, ...changes }
  const made = spec.levels.map((level, index) =>
    makeCertificate({
      ...certificateSpec(level, spec.levels[index - 1] ?? level),
      ...spec.certificates[level],
    }),
  )
  const chain = spec.chain(made)
  const fields = goodFields(chain)
  const encoded = openMap(spec.fields(fields))
  const payload = bytes(spec.payload(encoded))
  const protectedHeader = bytes(spec.protectedHeader)
  const signature = sign(
    spec.digest,
    array(text('Signature1'), protectedHeader, bytes(new Uint8Array()), payload),
    { key: spec.signWith, dsaEncoding: 'ieee-p1363' },
  )
  const { unprotectedHeader } = spec
  const parts = spec.cose({ protectedHeader, unprotectedHeader, payload, signature: bytes(signature) })
  const input = array(parts.protectedHeader, parts.unprotectedHeader, parts.payload, parts.signature)
  const [root = new Uint8Array()] = made
  return { bytes: spec.input(input), chain, anchor: anchorOf(root) }
}

export function anchorOf(root: Uint8Array): TrustAnchor {
  const sha256 = createHash('sha256').update(root).digest('hex')
  return { name: 'test', partitions: ['aws'], sha256, notAfter: null, source: 'test' }
}

/** The value of every PCR of a good document. */
export const pcrValue = (index: number): Uint8Array => new Uint8Array(48).fill(index)

export const goodPcrs: readonly Entry[] = Array.from({ length: 16 }, (_, index) => [
  uint(index),
  bytes(pcrValue(index)),
])

function goodFields(chain: readonly Uint8Array[]): readonly Entry[] {
  return [
    [text('module_id'), text(MODULE_ID)],
    [text('digest'), text('SHA384')],
    [text('timestamp'), uint(MADE.getTime())],
    [text('pcrs'), map(goodPcrs)],
    [text('certificate'), bytes(chain.at(-1) ?? new Uint8Array())],
    [text('cabundle'), array(...chain.slice(0, -1).map(bytes))],
    [text('public_key'), NULL],
    [text('user_data'), NULL],
    [text('nonce'), NULL],
  ]
}

/** Replaces the value of a field, or leaves the field out for `null`. */
export function withField(name: string, value: Uint8Array | null) {
  const key = Buffer.from(text(name))
  return (fields: readonly Entry[]): readonly Entry[] =>
    fields.flatMap((entry): readonly Entry[] => {
      if (!key.equals(entry[0])) return [entry]
      return value === null ? [] : [[entry[0], value]]
    })
}
