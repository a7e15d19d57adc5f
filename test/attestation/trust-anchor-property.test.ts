import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { makeCertificate } from '../support/attestation/a-certificate.ts'
import { dice } from '../support/attestation/cbor-changes.ts'
import { certificateRecipe, toSpec } from '../support/attestation/certificate-recipe.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { DER_CHANGES } from '../support/attestation/der-changes.ts'
import { derNodesOf, encodeDerTree, replaceDerNode, toDerTree } from '../support/attestation/der-tree.ts'
import { runs } from '../support/property-runs.ts'

const label = { name: 'a root', partitions: ['aws'], source: 'root.pem' } as const
const certificate = certificateRecipe.map((recipe) => makeCertificate(toSpec(recipe)))
const codeFor = (content: Uint8Array): string | null => codeOf(() => parseTrustAnchor(content, label))

const space = fc
  .array(fc.constantFrom(' ', '\n', '\r\n', '\t'), { maxLength: 3 })
  .map((parts) => parts.join(''))

interface Layout {
  readonly width: number
  readonly before: string
  readonly between: string
  readonly after: string
}

const layout: fc.Arbitrary<Layout> = fc.record({
  width: fc.integer({ min: 1, max: 200 }),
  before: space,
  between: space.map((text) => `\n${text}`),
  after: space,
})

function toPem(der: Uint8Array, { width, before, between, after }: Layout): Uint8Array {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  const block = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join(between)
  return Buffer.from(`${before}${block}${after}`)
}

describe('parseTrustAnchor', () => {
  it('reads a root the same from DER and from PEM of any layout', () => {
    fc.assert(
      fc.property(certificate, layout, (der, how) => {
        const fromDer = parseTrustAnchor(der, label)
        expect(fromDer.sha256).toBe(createHash('sha256').update(der).digest('hex'))
        expect(parseTrustAnchor(toPem(der, how), label)).toEqual(fromDer)
      }),
      runs(20),
    )
  })

  it('refuses a fault in the encoding with CERT_NOT_DER, from DER and from PEM', () => {
    fc.assert(
      fc.property(
        certificate,
        layout,
        fc.constantFrom(...DER_CHANGES),
        fc.tuple(dice, dice),
        (der, how, change, [place, kind]) => {
          const node = toDerTree(der)
          const candidates = derNodesOf(node).filter((one) => change.apply(one, kind) !== null)
          fc.pre(candidates.length > 0)
          const target = candidates[place % candidates.length] ?? node
          const changed = encodeDerTree(replaceDerNode(node, target, [change.apply(target, kind) ?? target]))
          expect([codeFor(changed), codeFor(toPem(changed, how))]).toEqual(['CERT_NOT_DER', 'CERT_NOT_DER'])
        },
      ),
      runs(25),
    )
  })

  const PART = fc.constantFrom(
    '-----BEGIN CERTIFICATE-----',
    '-----END CERTIFICATE-----',
    '-----BEGIN X-----',
    '\n',
    ' ',
    'MIIB',
    'AA==',
    '=',
    '-',
    '\0',
    'ÿ',
  )

  it('answers a code for any text made of the parts of PEM files', () => {
    fc.assert(
      fc.property(fc.array(PART, { maxLength: 30 }), (parts) => {
        expect(codeFor(Buffer.from(parts.join('')))).toMatch(/^CERT_/)
      }),
      runs(200),
    )
  })

  it('refuses PEM with a character, a block or text too many with CERT_NOT_DER', () => {
    fc.assert(
      fc.property(certificate, layout, PART, dice, (der, how, part, at) => {
        const pem = Buffer.from(toPem(der, how)).toString('latin1')
        fc.pre(part.trim() !== '')
        const from = at % (pem.length + 1)
        const changed = pem.slice(0, from) + part + pem.slice(from)
        // A root is one certificate, so nothing that base64 could hold beside it leaves it whole.
        expect(codeFor(Buffer.from(changed, 'latin1'))).toBe('CERT_NOT_DER')
      }),
      runs(25),
    )
  })
})
