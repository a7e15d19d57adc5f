import { X509Certificate, verify } from 'node:crypto'
import { encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/simulator/faults/fault.ts'
import { FAULTS } from '../../src/simulator/faults.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import type { ReadDocument } from './read-document.ts'
import { readDocument } from './read-document.ts'

/*
 * That a document differs from a good one in one thing only, as far as a reader that shares nothing with the issuer can
 * tell: by what stands in the document, and by whether the signature covers it.
 */

const request = { kind: 'nitro-enclave', at: new Date('2026-04-21T22:09:27.456Z') } as const
const issuer = new LabIssuer({ pki: createLabPki({ seed: 'alone' }), clock: { now: () => request.at } })
const good = issuer.issue(request)
const goodRead = readDocument(good.document)

/** Faults that take more than one step of the making, with what the further step is for. */
const TWO_STEPS: Readonly<Record<string, string>> = {
  'cose-alg-only-unprotected': 'the algorithm moves from one header to the other',
  'tpm-pcr-value-20-bytes': 'the fault is one of a NitroTPM, whatever was asked for',
  'chain-leaf-used-as-issuer': 'the further leaf is planned, and its issuer put into the bundle',
  'chain-extra-ca-below-instance': 'the leaf gets another issuer, which is put into the bundle',
  'chain-instance-as-leaf': 'the instance certificate stands in two places, and its key signs',
}

/** Faults that change more than one certificate, by level from the root. */
const SEVERAL_LEVELS: Readonly<Record<string, readonly number[]>> = {
  // Another root key: everything below is signed anew.
  'chain-foreign-root-same-name': [0, 1, 2, 3, 4],
  // The changed key signs the leaf anew.
  'cert-instance-p521-key': [3, 4],
}

/** Faults whose documents no reader gets into, by the beginning of their codes. */
const UNREADABLE = /^(?:INPUT|CBOR|COSE_STRUCTURE|COSE_PAYLOAD_SIZE|DOCUMENT_NOT_A_MAP)_?/
/** The same for single faults: without its bundle a document has no certificates to be read. */
const WITHOUT_BUNDLE = new Set(['doc-missing-cabundle', 'doc-null-cabundle'])

const stepsOf = ({ alter }: Fault): string => Object.keys(alter).join('+')
const same = (one: unknown, other: unknown): boolean =>
  Buffer.compare(encode(one ?? null), encode(other ?? null)) === 0

function read({ id }: Fault): ReadDocument | null {
  try {
    return readDocument(issuer.issue({ ...request, fault: id }).document)
  } catch {
    return null
  }
}

/** How many entries have to be added, left out or replaced to get from one list to the other. */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = to.map((_, index) => index + 1)
  for (const [index, entry] of from.entries()) {
    const above = row
    row = []
    for (const [at, other] of to.entries()) {
      const diagonal = at === 0 ? index : (above[at - 1] ?? 0)
      const left = at === 0 ? index + 1 : (row[at - 1] ?? 0)
      row.push(Math.min(diagonal + (entry === other ? 0 : 1), (above[at] ?? 0) + 1, left + 1))
    }
  }
  return row.at(-1) ?? from.length
}

/** The fields with their values, in order; certificates are looked at elsewhere. */
const entriesOf = ({ fields }: ReadDocument): readonly string[] =>
  [...fields].map(([name, value]) =>
    name === 'certificate' || name === 'cabundle' ? name : Buffer.from(encode([name, value])).toString('hex'),
  )

/** Whether the signature of a document holds over what it carries, under the key of the good leaf. */
function holds({ protectedHeader, payload, signature }: ReadDocument): boolean {
  const structure = encode(['Signature1', protectedHeader, new Uint8Array(), payload])
  const { publicKey } = new X509Certificate(good.certificates.at(-1) ?? '')
  return verify('sha384', structure, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

const readable = FAULTS.flatMap((fault) => {
  const document = read(fault)
  return document ? [{ ...fault, document }] : []
})

describe('a fault', () => {
  it('is made at one step, but for those listed', () => {
    const twice = FAULTS.filter((fault) => stepsOf(fault).includes('+')).map(({ id }) => id)
    expect(twice.sort()).toEqual(Object.keys(TWO_STEPS).sort())
  })

  it('leaves a document that can be read, unless it lies in what reading takes', () => {
    const readableIds = new Set(readable.map(({ id }) => id))
    const unread = FAULTS.filter(({ id }) => !readableIds.has(id) && !WITHOUT_BUNDLE.has(id))
    expect(readable.length).toBeGreaterThan(200)
    expect(unread.filter(({ code }) => !UNREADABLE.test(code ?? '')).map(({ id }) => id)).toEqual([])
  })
})

describe('of the parts of a document', () => {
  /** Two fields change places: each is replaced by the other. */
  const SWAP = 'tamper-field-order'
  /** A NitroTPM document where an enclave's was asked for has another module_id too. */
  const OTHER_KIND = 'tpm-pcr-value-20-bytes'
  const single = readable.filter(({ id }) => id !== SWAP && id !== OTHER_KIND && TWO_STEPS[id] === undefined)

  it.for(single)('$id changes at most one header, field or certificate list', ({ document }) => {
    const certificates = [document.fields.get('certificate'), document.fields.get('cabundle')]
    const goodCertificates = [goodRead.fields.get('certificate'), goodRead.fields.get('cabundle')]
    const changes = [
      same(document.protectedHeader, goodRead.protectedHeader) ? 0 : 1,
      same(document.unprotected, goodRead.unprotected) ? 0 : 1,
      editDistance(entriesOf(goodRead), entriesOf(document)),
      // A field that is left out counts among the fields already.
      certificates.includes(undefined) || same(certificates, goodCertificates) ? 0 : 1,
    ]
    expect(changes.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(1)
  })
})

describe('the signature', () => {
  const SIGNED = /^(?:request|content|pcrs|chain|bundle|payload)$/
  /** Faults of the leaf's own key: it has signed, and the key of the good leaf has not. */
  const OWN_KEY = /^cert-leaf-(?:p256|rsa)-key$|^chain-foreign-root-same-name$/
  const signed = readable.filter((fault) => SIGNED.test(stepsOf(fault)) && !OWN_KEY.test(fault.id))
  const unsigned = readable.filter((fault) => /^(?:sign|signature|afterSigning)$/.test(stepsOf(fault)))

  it.for(signed)('of $id is made over what the document says', ({ document }) => {
    expect(holds(document)).toBe(true)
  })

  it.for(unsigned)('of $id does not hold over what the document says', ({ document }) => {
    expect(holds(document)).toBe(false)
  })

  it.for(readable.filter((fault) => stepsOf(fault) === 'afterSigning'))(
    'of $id is that of the good document',
    ({ document }) => {
      expect(document.signature).toEqual(goodRead.signature)
    },
  )

  it.for(readable.filter((fault) => /^sign(?:ature)?$/.test(stepsOf(fault))))(
    'of $id is all that differs',
    ({ document }) => {
      expect(document.payload).toEqual(goodRead.payload)
      expect(document.signature).not.toEqual(goodRead.signature)
    },
  )
})

describe('of the certificates', () => {
  it.for(readable.filter((fault) => stepsOf(fault) === 'chain'))(
    '$id changes one, and those that it signs if its key changed',
    ({ id, document }) => {
      const { certificates } = document
      const changed = [0, 1, 2, 3, 4].filter((level) => !same(certificates[level], good.certificates[level]))
      expect(certificates).toHaveLength(5)
      expect(changed).toEqual(SEVERAL_LEVELS[id] ?? [changed[0] ?? 'none'])
    },
  )
})
