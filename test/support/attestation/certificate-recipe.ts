import fc from 'fast-check'
import type { CertificateSpec, ExtensionSpec } from './a-certificate.ts'
import type { Level } from './an-attestation.ts'
import { certificateSpec, KEYS } from './an-attestation.ts'
import { spkiOf } from './a-certificate.ts'
import { bitString, boolean, integer, octetString, oid, seq, set, tlv } from './der-bytes.ts'

/** A certificate that must be read, and what it says. */
export interface CertificateRecipe {
  readonly serial: Uint8Array
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly window: { readonly notBefore: Date; readonly notAfter: Date }
  /** `null` where the extension is absent. */
  readonly constraints: { readonly isCa: boolean; readonly pathLength: number | null } | null
  /** The first octet of keyUsage, which has one bit set at least; `null` where the extension is absent. */
  readonly keyUsage: number | null
  readonly others: readonly ExtensionSpec[]
  readonly critical: { readonly constraints: boolean; readonly keyUsage: boolean }
  /** The level whose key it is for, and which signs it. */
  readonly level: Level
}

const PRINTABLE = "ABCXYZabcxyz0189 '()+,-./:=?"
const value = fc.oneof(
  fc
    .string({ unit: fc.constantFrom(...PRINTABLE), maxLength: 20 })
    .map((text) => tlv(0x13, Buffer.from(text))),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => tlv(0x0c, Buffer.from(text))),
)
const attribute = fc
  .tuple(
    fc.constantFrom(
      '2.5.4.3',
      '2.5.4.6',
      '2.5.4.7',
      '2.5.4.8',
      '2.5.4.10',
      '2.5.4.11',
      '1.2.840.113549.1.9.1',
    ),
    value,
  )
  .map(([type, content]) => seq(oid(type), content))

/** Names of RFC 5280 §4.1.2.4, some with two attributes in one part. */
export const distinguishedName: fc.Arbitrary<Uint8Array> = fc
  .array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { maxLength: 5 })
  .map((parts) =>
    seq(...parts.map((attributes) => set(...attributes.toSorted((a, b) => Buffer.compare(a, b))))),
  )

/** Whole seconds from 1950 to 9999; RFC 5280 §4.1.2.5 changes the form of times at the end of 2049. */
const second = fc.oneof(
  fc
    .constantFrom(
      '1950-01-01T00:00:00Z',
      '1999-12-31T23:59:59Z',
      '2000-02-29T00:00:00Z',
      '2049-12-31T23:59:59Z',
      '2050-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    )
    .map((text) => new Date(text)),
  fc
    .date({
      min: new Date('1950-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
)
const window = fc.tuple(second, second).map(([one, other]) => ({
  notBefore: one < other ? one : other,
  notAfter: one < other ? other : one,
}))

const serial = fc
  .uint8Array({ minLength: 1, maxLength: 21 })
  .map((octets) => integer(BigInt(`0x${Buffer.from(octets).toString('hex')}`)))

const others = fc.uniqueArray(
  fc.record({
    oid: fc.constantFrom(
      '2.5.29.14',
      '2.5.29.31',
      '2.5.29.35',
      '2.5.29.37',
      '1.3.6.1.4.1.4843.1',
      '2.5.29.153',
      '2.5.29.2147483647',
    ),
    critical: fc.boolean(),
    value: fc.uint8Array({ maxLength: 30 }),
  }),
  { maxLength: 4, selector: (extension) => extension.oid },
)

/** Certificates that pass every check which needs no other certificate. */
export const certificateRecipe: fc.Arbitrary<CertificateRecipe> = fc.record({
  serial,
  issuer: distinguishedName,
  subject: distinguishedName,
  window,
  constraints: fc.option(
    fc.record({
      isCa: fc.boolean(),
      pathLength: fc.option(fc.oneof(fc.nat(3), fc.constantFrom(127, 128, 255, 256, 2 ** 31 - 1))),
    }),
  ),
  keyUsage: fc.option(fc.integer({ min: 1, max: 255 })),
  others,
  critical: fc.record({ constraints: fc.boolean(), keyUsage: fc.boolean() }),
  level: fc.constantFrom<Level[]>('root', 'regional', 'zonal', 'instance', 'leaf'),
})

/** The recipe as parts of a certificate. */
export function toSpec(recipe: CertificateRecipe): CertificateSpec {
  const { constraints, keyUsage, critical, others: unknown, level, ...rest } = recipe
  const { serial: serialNumber, issuer, subject, window: times } = rest
  return {
    ...certificateSpec(level, level),
    serial: serialNumber,
    issuer,
    subject,
    ...times,
    spki: spkiOf(KEYS[level].publicKey),
    extensions: [
      ...unknown.slice(0, 1),
      ...(constraints
        ? [{ oid: '2.5.29.19', critical: critical.constraints, value: constraintsValue(constraints) }]
        : []),
      ...unknown.slice(1),
      ...(keyUsage === null
        ? []
        : [{ oid: '2.5.29.15', critical: critical.keyUsage, value: keyUsageValue(keyUsage) }]),
    ],
  }
}

function constraintsValue({ isCa, pathLength }: NonNullable<CertificateRecipe['constraints']>): Uint8Array {
  return seq(...(isCa ? [boolean(true)] : []), ...(pathLength === null ? [] : [integer(pathLength)]))
}

/** X.690 §11.2.2: bits at the end that are not set are left out. */
function keyUsageValue(octet: number): Uint8Array {
  return bitString(Uint8Array.of(octet), 31 - Math.clz32(octet & -octet))
}

/** The DER of an extension. */
export const extensionOf = (id: string, content: Uint8Array): Uint8Array => seq(oid(id), octetString(content))

/** The extensions field of a specification without basicConstraints and keyUsage, and with others at its end. */
export function withExtensions(spec: CertificateSpec, ...more: readonly Uint8Array[]): Uint8Array {
  const own = spec.extensions.filter((one) => one.oid !== '2.5.29.19' && one.oid !== '2.5.29.15')
  return tlv(0xa3, seq(...own.map((one) => extensionOf(one.oid, one.value)), ...more))
}
