import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Fault, VerifyWith } from '../../src/simulator/faults/fault.ts'
import { FAULTS, ODDITIES, findFault } from '../../src/simulator/faults.ts'
import type { IssuedDocument } from '../../src/simulator/issue-document.ts'
import type { IssuerRequest } from '../../src/simulator/issuer.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import type { Verification } from './code-from-verifier.ts'
import { codeFromVerifier } from './code-from-verifier.ts'

const pki = createLabPki({ seed: 'faults under test' })
const at = new Date('2026-04-21T22:09:27.456Z')
const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  type: 'spki',
  format: 'der',
})
/** Certificates that no fault touches are made once. */
const issuer = new LabIssuer({ pki, clock: { now: () => at } })
const base: IssuerRequest = { kind: 'nitro-enclave', publicKey }

function rootsFor(roots: VerifyWith['roots'], { certificates }: IssuedDocument): Verification['roots'] {
  if (roots === 'none') return []
  if (roots === 'aws') return ['aws']
  return [roots === 'as-issued' ? (certificates[0] ?? pki.rootCertificate) : pki.rootCertificate]
}

async function verdict(fault: Fault, options: IssuerRequest): Promise<string | null> {
  const issued = issuer.issue({ ...options, fault: fault.id })
  const { clock = { secondsAfterIssue: 1 }, roots, maxAgeSeconds, recipientKey } = fault.verifyWith ?? {}
  return codeFromVerifier({
    document: issued.document,
    now: clock === 'document' ? clock : new Date(at.getTime() + clock.secondsAfterIssue * 1000),
    roots: rootsFor(roots, issued),
    maxAgeSeconds,
    recipientKey,
  })
}

describe('the catalogue', () => {
  it('gives every fault and oddity an id of its own', () => {
    const ids = [...FAULTS, ...ODDITIES].map((fault) => fault.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('refuses an id that is not in it with SIMULATOR_FAULT_UNKNOWN', () => {
    expect(() => findFault('constructor')).toThrow(
      expect.objectContaining({ code: 'SIMULATOR_FAULT_UNKNOWN' }),
    )
  })
})

describe('an enclave document that is faulty is refused with the code of its fault', () => {
  it.for(FAULTS)('$id: $code', async (fault) => {
    expect(await verdict(fault, base)).toBe(fault.code)
  })
})

describe('a NitroTPM document in an old shape that is faulty is refused with the code of its fault', () => {
  it.for(FAULTS)('$id: $code', async (fault) => {
    expect(await verdict(fault, { kind: 'nitrotpm', profile: '2021', nonce: new Uint8Array(20) })).toBe(
      fault.code,
    )
  })
})

describe('a document that is odd is accepted', () => {
  it.for(ODDITIES)('$id', async (oddity) => {
    expect(await verdict(oddity, base)).toBeNull()
  })
})
