import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/simulator/faults/fault.ts'
import { CROSS_KIND_CASES } from '../../src/simulator/faults/cross-kind-cases.ts'
import { FAULTS, ODDITIES } from '../../src/simulator/faults.ts'
import type { IssuerRequest } from '../../src/simulator/issuer.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { makeCatalogueCase } from './catalogue-case.ts'
import { codeFromVerifier } from './code-from-verifier.ts'

const at = new Date('2026-04-21T22:09:27.456Z')
const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  type: 'spki',
  format: 'der',
})
/** Certificates that no fault touches are made once. */
const issuer = new LabIssuer({
  pki: createLabPki({ seed: 'faults under test' }),
  clock: { now: () => at },
})

/** What faults are made in; in the older shape with other bytes in the optional fields. */
const BASES = {
  'an enclave document': { kind: 'nitro-enclave', publicKey },
  'a NitroTPM document': { kind: 'nitrotpm', publicKey },
  'a NitroTPM document in the shape of 2021': {
    kind: 'nitrotpm',
    profile: '2021',
    nonce: new Uint8Array(20),
  },
} as const satisfies Readonly<Record<string, IssuerRequest>>

async function verdict(fault: Fault, request: IssuerRequest): Promise<string | null> {
  return codeFromVerifier(makeCatalogueCase(issuer, fault, { ...request, at }).verification)
}

/**
 * Oddities that are what such a document looks like anyway. They are verified like the others, and prove nothing new.
 */
const NOTHING_ODD: Readonly<Record<keyof typeof BASES, Readonly<Record<string, string>>>> = {
  'an enclave document': {
    'indefinite-payload-map': 'the payload map of this shape has indefinite length',
  },
  'a NitroTPM document': {
    'indefinite-payload-map': 'the payload map of this shape has indefinite length',
    'nitrotpm-24-pcrs': 'it is one',
    'module-id-kind-differs-from-map': 'the module_id of an instance belongs over its own measurements',
    'leaf-serial-four-bytes': 'the serial number of every such leaf has four bytes',
  },
  'a NitroTPM document in the shape of 2021': {
    'definite-payload-map': 'the payload map of this shape has definite length',
    'nitrotpm-24-pcrs': 'it is one',
    'module-id-kind-differs-from-map': 'the module_id of an instance belongs over its own measurements',
    'leaf-serial-four-bytes': 'the serial number of every such leaf has four bytes',
    'instance-without-key-ids': 'the instance certificate of this shape has none',
  },
}

/** Oddities that half of all documents have by chance: a number in them is what it happens to be. */
const BY_CHANCE = new Set([
  'high-s-signature',
  'low-s-signature',
  'signature-with-leading-zero',
  'instance-serial-21-octets',
])

describe.each(Object.entries(BASES))('%s', (name, base) => {
  it('is accepted as it is', async () => {
    const { document } = issuer.issue({ ...base, at })
    const now = new Date(at.getTime() + 1000)
    expect(await codeFromVerifier({ document, now, roots: [issuer.rootCertificate] })).toBeNull()
  })

  describe('that is faulty is refused with the code of its fault', () => {
    it.for(FAULTS)('$id: $code', async (fault) => {
      expect(await verdict(fault, base)).toBe(fault.code)
    })
  })

  describe('that is odd is accepted', () => {
    it.for(ODDITIES)('$id', async (oddity) => {
      expect(await verdict(oddity, base)).toBeNull()
    })
  })

  describe('that is not what a policy may take it for is accepted', () => {
    it.for(CROSS_KIND_CASES)('$id', async (one) => {
      expect(await verdict(one, base)).toBeNull()
    })
  })

  it('is odd in every oddity but those listed', () => {
    const good = issuer.issue({ ...base, at }).document
    const ownDocument = ODDITIES.filter(({ id, verifyWith }) => !verifyWith && !BY_CHANCE.has(id))
    const plain = ownDocument.filter(
      ({ id }) => Buffer.compare(issuer.issue({ ...base, at, fault: id }).document, good) === 0,
    )
    const listed = Object.entries(NOTHING_ODD).find(([key]) => key === name)?.[1]
    expect(plain.map(({ id }) => id).sort()).toEqual(Object.keys(listed ?? {}).sort())
  })
})
