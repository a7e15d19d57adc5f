import { createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { createMaterialCache } from '../../src/keys/material-cache.ts'

const key = (keyId: string, region = 'us-east-1'): { keyId: string; region: string } => ({ keyId, region })
const material = createSecretKey(new Uint8Array(32))
const makeLoad = (): (() => Promise<KeyObject>) => vi.fn(async () => material)

describe('createMaterialCache', () => {
  it('loads once what is asked for twice', async () => {
    const [cache, load] = [createMaterialCache(2), makeLoad()]
    expect(await cache.get(key('a'), 'm', load)).toBe(material)
    expect(await cache.get(key('a'), 'm', load)).toBe(material)
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('tells keys, Regions and materials apart', async () => {
    const [cache, load] = [createMaterialCache(10), makeLoad()]
    await cache.get(key('a'), 'm', load)
    await cache.get(key('a', 'eu-west-1'), 'm', load)
    await cache.get(key('b'), 'm', load)
    await cache.get(key('a'), 'n', load)
    expect(load).toHaveBeenCalledTimes(4)
  })

  it('lets go of what was used least recently', async () => {
    const [cache, load] = [createMaterialCache(2), makeLoad()]
    for (const id of ['a', 'b', 'a', 'c', 'a']) await cache.get(key(id), 'm', load)
    expect(load).toHaveBeenCalledTimes(3)
    await cache.get(key('b'), 'm', load)
    expect(load).toHaveBeenCalledTimes(4)
  })

  it('holds nothing with a limit of 0', async () => {
    const [cache, load] = [createMaterialCache(0), makeLoad()]
    for (const id of ['a', 'a']) await cache.get(key(id), 'm', load)
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('does not hold a failure', async () => {
    const cache = createMaterialCache(2)
    await expect(cache.get(key('a'), 'm', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await cache.get(key('a'), 'm', makeLoad())).toBe(material)
  })

  it('forgets all material of one key, and of no other', async () => {
    const [cache, load] = [createMaterialCache(10), makeLoad()]
    const all = [
      ['a', 'm'],
      ['a', 'n'],
      ['ab', 'm'],
    ] as const
    for (const [id, materialId] of all) await cache.get(key(id), materialId, load)
    cache.forget(key('a'))
    for (const [id, materialId] of all) await cache.get(key(id), materialId, load)
    expect(load).toHaveBeenCalledTimes(5)
    cache.clear()
    await cache.get(key('ab'), 'm', load)
    expect(load).toHaveBeenCalledTimes(6)
  })

  it.each(['forget', 'clear'] as const)('does not hold what was being loaded during a %s', async (what) => {
    const [cache, load] = [createMaterialCache(2), makeLoad()]
    const { promise, resolve } = Promise.withResolvers<KeyObject>()
    const loading = cache.get(key('a'), 'm', () => promise)
    if (what === 'forget') cache.forget(key('a'))
    else cache.clear()
    resolve(material)
    expect(await loading).toBe(material)
    await cache.get(key('a'), 'm', load)
    expect(load).toHaveBeenCalledTimes(1)
  })
})
