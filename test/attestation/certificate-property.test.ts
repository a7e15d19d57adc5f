import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../src/attestation/certificate.ts'
import { parseCertificate } from '../../src/attestation/certificate.ts'
import { checkCertificates } from '../../src/attestation/certificate-checks.ts'
import { toHex } from '../../src/core/bytes.ts'
import { makeCertificate } from '../support/attestation/a-certificate.ts'
import { dice } from '../support/attestation/cbor-changes.ts'
import type { CertificateRecipe } from '../support/attestation/certificate-recipe.ts'
import {
  certificateRecipe,
  distinguishedName,
  extensionOf,
  toSpec,
  withExtensions,
} from '../support/attestation/certificate-recipe.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { integer, seq } from '../support/attestation/der-bytes.ts'
import { DER_CHANGES } from '../support/attestation/der-changes.ts'
import type { DerNode } from '../support/attestation/der-tree.ts'
import {
  derNodesOf,
  derTree,
  encodeDerTree,
  replaceDerNode,
  toDerTree,
} from '../support/attestation/der-tree.ts'
import { readByOpenssl, readBySchema } from '../support/attestation/second-reading.ts'
import { runs } from '../support/property-runs.ts'

/** What the verifier reads, in the words of its witnesses. */
function readingOf({ validity, extensions, ...rest }: Certificate): object {
  const { basicConstraints, keyUsage, critical } = extensions
  return {
    ...validity,
    spkiSha256: rest.spkiSha256,
    isCa: basicConstraints?.isCa ?? false,
    pathLength: basicConstraints?.pathLength?.toString() ?? null,
    keyCertSign: keyUsage?.keyCertSign ?? false,
    digitalSignature: keyUsage?.digitalSignature ?? false,
    criticalCount: critical.length,
    issuer: toHex(rest.issuer),
    subject: toHex(rest.subject),
    serialNumber: toHex(rest.serialNumber),
  }
}

/** The witness has numbers of four octets as text, whatever its type says. */
function bySchema(der: Uint8Array): object {
  const { pathLength, ...rest } = readBySchema(der)
  return { ...rest, pathLength: pathLength === null ? null : String(pathLength) }
}

/**
 * The same without names, which this witness writes back with odd strings bent; or, where it cannot read what nobody asks
 * for, such as a time in a name, what OpenSSL reads. Nothing where neither can.
 */
function byWitness(der: Uint8Array): object {
  try {
    return { ...bySchema(der), issuer: expect.any(String), subject: expect.any(String) }
  } catch {
    try {
      const { isCa: _, ...rest } = readByOpenssl(der)
      return rest
    } catch {
      return {}
    }
  }
}

/** The witness drops object identifiers with numbers of many octets, which the verifier takes as the bytes that they are. */
const donor = derTree(3).filter((node) =>
  derNodesOf(node).every((one) => !('content' in one) || one.tag !== 0x06 || one.content.length <= 4),
)

/** The code of the checks that need no other certificate. */
const codeFor = (der: Uint8Array): string | null =>
  codeOf(() => {
    checkCertificates({ bundle: [], leaf: { place: 'test', certificate: parseCertificate(der, 'test') } })
  })

describe('parseCertificate, given a certificate that it must take', () => {
  it('reads what was written, as @peculiar/asn1-x509 and OpenSSL do', () => {
    fc.assert(
      fc.property(certificateRecipe, (recipe) => {
        const der = makeCertificate(toSpec(recipe))
        expect(codeFor(der)).toBe(null)
        const read = readingOf(parseCertificate(der, 'test'))
        expect(read).toEqual(bySchema(der))
        const { isCa, ...others } = readByOpenssl(der)
        expect(read).toMatchObject(others)
        // OpenSSL calls nobody a CA who may not sign certificates or has an extension that it cannot read.
        const isPlain = recipe.others.length === 0 && ((recipe.keyUsage ?? 4) & 4) !== 0
        if (recipe.constraints && isPlain) expect(read).toMatchObject({ isCa })
        expect(read).toMatchObject({
          isCa: recipe.constraints?.isCa ?? false,
          pathLength: recipe.constraints?.pathLength?.toString() ?? null,
          ...recipe.window,
          subject: toHex(recipe.subject),
        })
      }),
      runs(50),
    )
  })

  it('never writes a character of a name that is not printable ASCII', () => {
    fc.assert(
      fc.property(distinguishedName, (subject) => {
        const spec = toSpec({ ...SIMPLE, subject })
        expect(parseCertificate(makeCertificate(spec), 'test').subjectText).toMatch(/^[\x20-\x7e]*$/)
      }),
      runs(30),
    )
  })
})

const SIMPLE: CertificateRecipe = {
  serial: integer(1),
  issuer: seq(),
  subject: seq(),
  window: { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') },
  constraints: { isCa: true, pathLength: 1 },
  keyUsage: 0x84,
  others: [],
  critical: { constraints: true, keyUsage: true },
  level: 'leaf',
}

const CONSTRAINTS = '2.5.29.19'
const USAGE = '2.5.29.15'
describe('a certificate with one fault in its encoding', () => {
  it.each(DER_CHANGES)('$name anywhere in it: CERT_NOT_DER', ({ apply }) => {
    fc.assert(
      fc.property(certificateRecipe, dice, dice, (recipe, place, how) => {
        const node = toDerTree(makeCertificate(toSpec(recipe)))
        const candidates = derNodesOf(node).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target = candidates[place % candidates.length] ?? node
        const changed = replaceDerNode(node, target, [apply(target, how) ?? target])
        expect(codeFor(encodeDerTree(changed))).toBe('CERT_NOT_DER')
      }),
      runs(8),
    )
  })

  it.each(DER_CHANGES)(
    '$name inside basicConstraints or keyUsage: CERT_EXTENSION_INVALID; inside others: none',
    ({ apply }) => {
      fc.assert(
        fc.property(
          certificateRecipe,
          derTree(3),
          fc.constantFrom(CONSTRAINTS, USAGE, '1.2.3'),
          fc.tuple(dice, dice),
          (recipe, node, id, [place, how]) => {
            const candidates = derNodesOf(node).filter((one) => apply(one, how) !== null)
            fc.pre(candidates.length > 0)
            const target = candidates[place % candidates.length] ?? node
            const content = encodeDerTree(replaceDerNode(node, target, [apply(target, how) ?? target]))
            const spec = toSpec(recipe)
            const der = makeCertificate({
              ...spec,
              extensionsField: withExtensions(spec, extensionOf(id, content)),
            })
            expect(codeFor(der)).toBe(id === '1.2.3' ? null : 'CERT_EXTENSION_INVALID')
          },
        ),
        runs(8),
      )
    },
  )
})

describe('a certificate whose elements were dropped, doubled, exchanged or given other tags', () => {
  it('is refused with a CERT code, or read as @peculiar/asn1-x509 or OpenSSL reads it if it can', () => {
    const change = fc.record({ which: fc.nat(4), place: dice, how: dice })
    fc.assert(
      fc.property(
        certificateRecipe,
        donor,
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (recipe, foreign, changes) => {
          const changed = changes.reduce<DerNode>(
            (current, { which, place, how }) => {
              const nodes = derNodesOf(current)
              const target = nodes[place % nodes.length] ?? current
              const other = nodes[how % nodes.length] ?? current
              const encoded = encodeDerTree(target)
              const replacement = [
                [],
                [target, target],
                [other],
                [foreign],
                [{ raw: Buffer.of(how & 0xff, ...encoded.subarray(1)) }],
              ][which]
              return replaceDerNode(current, target, replacement ?? [])
            },
            toDerTree(makeCertificate(toSpec(recipe))),
          )
          const der = encodeDerTree(changed)
          const code = codeFor(der)
          if (code === null) expect(readingOf(parseCertificate(der, 'test'))).toMatchObject(byWitness(der))
          else expect(code).toMatch(/^CERT_/)
        },
      ),
      runs(120),
    )
  })
})
