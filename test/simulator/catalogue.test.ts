import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import type { Fault } from '../../src/simulator/faults/fault.ts'
import { CROSS_KIND_CASES } from '../../src/simulator/faults/cross-kind-cases.ts'
import { FAULTS, ODDITIES, findFault } from '../../src/simulator/faults.ts'
import type { DocumentKind } from '../../src/simulator/module-id.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { runCli } from '../support/run-cli.ts'

const ALL = [...FAULTS, ...ODDITIES, ...CROSS_KIND_CASES]
const CHECKS: ReadonlySet<string> = new Set(ATTESTATION_CHECKS.map(({ code }) => code))

describe('the catalogue', () => {
  it.each([
    ['faults', FAULTS, 259],
    ['oddities', ODDITIES, 44],
    ['cross-kind cases', CROSS_KIND_CASES, 10],
  ])(
    'has as many %s as were ever in it: people name them in scripts, so none goes away',
    (_, list, number) => {
      expect(list).toHaveLength(number)
    },
  )

  it('gives each an id of its own, of small letters, digits and hyphens', () => {
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length)
    expect(ALL.filter(({ id }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([])
  })

  it('says of each in words of its own what is wrong or odd', () => {
    expect(new Set(ALL.map(({ what }) => what)).size).toBe(ALL.length)
  })

  it('has a fault for every check of the verifier', () => {
    const faulty = new Set(FAULTS.map(({ code }) => code))
    expect([...CHECKS].filter((code) => !faulty.has(code))).toEqual([])
  })

  it('names no code that the verifier does not have', () => {
    expect(FAULTS.filter(({ code }) => code === null || !CHECKS.has(code))).toEqual([])
  })

  it('expects what is odd or of another kind to be accepted', () => {
    expect([...ODDITIES, ...CROSS_KIND_CASES].filter(({ code }) => code !== null)).toEqual([])
  })

  it('refuses an id that is not in it with SIMULATOR_FAULT_UNKNOWN', () => {
    expect(() => findFault('constructor')).toThrow(
      expect.objectContaining({ code: 'SIMULATOR_FAULT_UNKNOWN' }),
    )
  })
})

const SEED = 'issued twice'
const AT = '2026-04-21T22:09:27.456Z'

/** SHA-256 of every document of a list by its id, made by a lab of its own in the order of the list. */
function digestsOf(kind: DocumentKind, list: readonly Fault[]): ReadonlyMap<string, string> {
  const at = new Date(AT)
  const issuer = new LabIssuer({ pki: createLabPki({ seed: SEED }), clock: { now: () => at } })
  return new Map(
    list.map(({ id }) => [
      id,
      createHash('sha256')
        .update(issuer.issue({ kind, at, fault: id }).document)
        .digest('hex'),
    ]),
  )
}

describe('the same seed, time and id', () => {
  it.each(['nitro-enclave', 'nitrotpm'] as const)(
    'give the same bytes in another lab, whatever was issued before: all, for %s',
    (kind) => {
      const first = digestsOf(kind, ALL)
      expect(first.size).toBe(ALL.length)
      expect(digestsOf(kind, ALL.toReversed())).toEqual(first)
    },
  )

  it.each([
    ['payload-duplicate-pcrs-key', 'nitro-enclave'],
    ['cose-signed-by-other-leaf', 'nitrotpm'],
    ['cert-instance-p521-key', 'nitro-enclave'],
    ['chain-foreign-root-same-name', 'nitrotpm'],
    ['splice-leaf-of-other-enclave', 'nitro-enclave'],
    ['recipient-key-modulus-small-factor', 'nitro-enclave'],
    ['signature-with-leading-zero', 'nitrotpm'],
    ['rsa-4096-recipient', 'nitro-enclave'],
    ['kind-debug-document-against-zeros', 'nitrotpm'],
  ] as const)('give on the command line the bytes of the library: %s for %s', async (fault, kind) => {
    const args = ['attestation', 'issue', '--seed', SEED, '--at', AT, '--kind', kind, '--fault', fault]
    const { status, stdoutBytes, stderr } = await runCli(args)
    const { document } = issueDocument(createLabPki({ seed: SEED }), { kind, at: new Date(AT), fault })
    expect(status).toBe(0)
    expect(Buffer.compare(stdoutBytes, document)).toBe(0)
    expect(stderr).toContain(findFault(fault).code ?? 'must be accepted')
  })
})
