import { describe, expect, it } from 'vitest'
import { createEnclaveRegistry } from '../../../src/simulator/nsm/enclave-registry.ts'
import { ask, makeHost } from './an-enclave-host.ts'

describe('a registry of enclaves', () => {
  it('finds what it started, lists it in order, and ends it', () => {
    const registry = createEnclaveRegistry(makeHost())
    const [one, other] = [registry.start({}), registry.start({ region: 'eu-west-1' })]
    expect(registry.find(one.moduleId)).toBe(one)
    expect(registry.list()).toEqual([one, other])
    expect(registry.end(one.moduleId)).toBe(true)
    expect(registry.end(one.moduleId)).toBe(false)
    expect(registry.find(one.moduleId)).toBeUndefined()
    expect(registry.list()).toEqual([other])
    registry.endAll()
    expect(registry.list()).toEqual([])
  })

  it('gives enclaves of one instance and one moment ids of their own, and registers of their own', () => {
    const registry = createEnclaveRegistry(makeHost())
    const enclaves = Array.from({ length: 20 }, () => registry.start({}))
    expect(new Set(enclaves.map(({ moduleId }) => moduleId)).size).toBe(20)
    const [one, other] = enclaves
    if (!one || !other) throw new TypeError('two enclaves')
    ask(one, { LockPCRs: { range: 32 } })
    expect(other.registers().filter(({ locked }) => locked)).toHaveLength(16)
  })

  it('refuses one enclave too many with SIMULATOR_ENCLAVES_FULL, and ends none for it', () => {
    const registry = createEnclaveRegistry(makeHost(), 2)
    const [one, other] = [registry.start({}), registry.start({})]
    expect(() => registry.start({})).toThrow(expect.objectContaining({ code: 'SIMULATOR_ENCLAVES_FULL' }))
    expect(registry.list()).toEqual([one, other])
    registry.end(one.moduleId)
    expect(registry.start({}).moduleId).not.toBe(other.moduleId)
  })

  it('keeps nothing of an enclave that could not be started', () => {
    const registry = createEnclaveRegistry(makeHost())
    expect(() => registry.start({ region: 'nowhere' })).toThrow(
      expect.objectContaining({ code: 'SIMULATOR_REGION_INVALID' }),
    )
    expect(registry.list()).toEqual([])
  })
})
