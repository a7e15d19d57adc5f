import { describe, expect, it } from 'vitest'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import { makeDice } from '../support/attestation/mutations.ts'
import { FACTOR, SEED } from '../support/property-runs.ts'
import { checkCase } from './check-case.ts'
import { makeCase } from './make-case.ts'
import { makeWorld } from './world.ts'

describe('documents made with structural changes', () => {
  it('are accepted and refused as what was changed demands, and as another verifier does', async () => {
    const world = makeWorld(SEED)
    const caches = { shared: createVerificationCache(), other: createVerificationCache(64) }
    const codes = new Set<string | null>()
    const violations: string[] = []
    for (let index = 0; index < 60 * FACTOR; index++) {
      const one = makeCase(makeDice(SEED + index), world)
      const result = await checkCase(one, caches)
      codes.add(result.code)
      // How long it takes is for the long run to say.
      const wrong = result.violations.filter((violation) => !violation.includes('processor time'))
      const names = one.changes.map(({ name }) => name).join('; ')
      if (wrong.length > 0) violations.push(`seed ${SEED}, case ${index}: ${wrong.join('; ')} [${names}]`)
    }
    expect(violations).toEqual([])
    expect(codes.has(null)).toBe(true)
    expect(codes.size).toBeGreaterThan(10)
  })
})
