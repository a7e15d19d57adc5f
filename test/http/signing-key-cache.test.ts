import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSigningKeyCache } from '../../src/http/signing-key-cache.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'

const KEY = createSecretKey(Buffer.alloc(32, 1))

describe('signing key cache', () => {
  it('finds what was kept, for the same credential and secret only', () => {
    const cache = createSigningKeyCache()
    cache.keep('one', LAB_ACCESS_KEY, KEY)
    expect(cache.find('one', LAB_ACCESS_KEY)).toBe(KEY)
    expect(cache.find('two', LAB_ACCESS_KEY)).toBeUndefined()
    expect(cache.find('one', { ...LAB_ACCESS_KEY, secretAccessKey: 'new' })).toBeUndefined()
  })

  it('holds 1024 keys, and lets go of the oldest first', () => {
    const cache = createSigningKeyCache()
    for (let day = 0; day <= 1024; day++) cache.keep(`${day}`, LAB_ACCESS_KEY, KEY)
    const kept = Array.from({ length: 1025 }, (_, day) => cache.find(`${day}`, LAB_ACCESS_KEY)).map(Boolean)
    expect(kept).toEqual([false, ...Array.from({ length: 1024 }, () => true)])
  })
})
