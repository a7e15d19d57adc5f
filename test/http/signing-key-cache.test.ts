import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSigningKeyCache } from '../../src/http/signing-key-cache.ts'

const KEY = createSecretKey(Buffer.alloc(32, 1))

describe('signing key cache', () => {
  it('finds what was kept, for the same credential and secret only', () => {
    const cache = createSigningKeyCache()
    cache.keep('one', 'secret', KEY)
    expect(cache.find('one', 'secret')).toBe(KEY)
    expect(cache.find('two', 'secret')).toBeUndefined()
    expect(cache.find('one', 'new')).toBeUndefined()
  })

  it('holds 1024 keys, and lets go of the oldest first', () => {
    const cache = createSigningKeyCache()
    for (let day = 0; day <= 1024; day++) cache.keep(`${day}`, 'secret', KEY)
    const kept = Array.from({ length: 1025 }, (_, day) => cache.find(`${day}`, 'secret')).map(Boolean)
    expect(kept).toEqual([false, ...Array.from({ length: 1024 }, () => true)])
  })
})
