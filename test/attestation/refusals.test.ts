import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import { JUDGED } from '../support/attestation/an-attestation.ts'
import { verdictOn } from '../support/attestation/code-of.ts'
import { ALL_REFUSALS } from './refusals/all.ts'

describe('a document with one thing wrong', () => {
  it('is accepted while nothing is wrong', async () => {
    expect(await verdictOn({})).toBe(null)
  })

  it.each(ALL_REFUSALS)('$code: $what', async ({ code, spec = {}, options = {} }) => {
    expect(await verdictOn(spec, { clock: { now: () => JUDGED }, ...options })).toBe(code)
  })

  it('is there for every check', () => {
    const fired = new Set(ALL_REFUSALS.map(({ code }) => code))
    expect(ATTESTATION_CHECKS.map(({ code }) => code).filter((code) => !fired.has(code))).toEqual([])
  })
})

describe('the source of the verifier', () => {
  const folder = new URL('../../src/attestation/', import.meta.url)
  const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')

  it.each(ATTESTATION_CHECKS)('makes the error $code in one place', ({ code }) => {
    const makes = source.match(new RegExp(`new AttestationError\\(\\s*'${code}'`, 'g'))
    expect(makes).toHaveLength(1)
  })

  it('names each check once, in words of its own', () => {
    expect(ATTESTATION_CHECKS).toHaveLength(69)
    expect(new Set(ATTESTATION_CHECKS.map(({ code }) => code)).size).toBe(69)
    expect(new Set(ATTESTATION_CHECKS.map(({ name }) => name)).size).toBe(69)
  })
})
