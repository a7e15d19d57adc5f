import { beforeEach, describe, expect, it } from 'vitest'
import type { AliasRecord, KeyRecord, KeyStore } from '../../src/store/key-store.ts'
import { makeKey, makeKeyId, makeMaterial } from './contract-records.ts'

function makeAlias(name: string, target: KeyRecord): AliasRecord {
  const [creationDate, lastUpdatedDate] = [new Date(1_000), new Date(2_000)]
  const { accountId, region, keyId } = target
  return { aliasName: `alias/${name}`, accountId, region, targetKeyId: keyId, creationDate, lastUpdatedDate }
}

const scope = { accountId: '111122223333', region: 'us-east-1' }
const fromStart = { after: null, limit: 100 }

/** What any store must do. `open` gives an empty one each time. */
export function describeKeyStore(name: string, open: () => KeyStore | Promise<KeyStore>): void {
  describe(`a key store ${name}`, () => {
    let store: KeyStore
    beforeEach(async () => {
      store = await open()
      return () => store.close()
    })
    const create = async (key: KeyRecord): Promise<void> => store.createKey(key, makeMaterial(key))

    it.each([
      ['symmetric', makeKey(1), makeMaterial(makeKey(1))],
      ['asymmetric', makeKey(2, { tags: [] }), makeMaterial(makeKey(2), { publicKey: Uint8Array.of(48, 0) })],
      ['pending deletion', makeKey(3, { deletionDate: new Date(5) }), makeMaterial(makeKey(3))],
      ['multi-Region', makeKey(4, { keyId: `mrk-${'a'.repeat(32)}` }), undefined],
    ])('gives a key back as it was put in: %s', async (_, key, material = makeMaterial(key)) => {
      await store.createKey(key, material)
      expect(await store.findKey(key)).toEqual(key)
      expect(await store.findMaterial(key, material.materialId)).toEqual(material)
    })

    it('finds nothing under another id, Region or material id', async () => {
      await create(makeKey(1))
      expect(await store.findKey(makeKey(2))).toBeUndefined()
      expect(await store.findKey(makeKey(1, { region: 'eu-west-1' }))).toBeUndefined()
      expect(await store.findMaterial(makeKey(1), 'f'.repeat(64))).toBeUndefined()
      expect(await store.findMaterial(makeKey(2), makeKey(1).currentMaterialId)).toBeUndefined()
    })

    it('refuses a second key of one identity: KEY_EXISTS, also for another account', async () => {
      await create(makeKey(1))
      await expect(create(makeKey(1, { accountId: '444455556666' }))).rejects.toMatchObject({
        code: 'KEY_EXISTS',
      })
      expect(await store.findKey(makeKey(1))).toEqual(makeKey(1))
    })

    it('takes one id in two Regions', async () => {
      await create(makeKey(1))
      await create(makeKey(1, { region: 'eu-west-1' }))
      expect(await store.findKey(makeKey(1, { region: 'eu-west-1' }))).toMatchObject({ region: 'eu-west-1' })
    })

    it.each([
      ['of another key', { keyId: makeKeyId(2) }],
      ['of another Region', { region: 'eu-west-1' }],
      ['that is not the current one', { materialId: 'f'.repeat(64) }],
    ])('refuses material %s: RECORD_INVALID', async (_, changes) => {
      const adding = store.createKey(makeKey(1), makeMaterial(makeKey(1), changes))
      await expect(adding).rejects.toMatchObject({ code: 'RECORD_INVALID' })
      expect(await store.findKey(makeKey(1))).toBeUndefined()
    })

    it.each([
      ['a lone surrogate', { description: 'a\ud800' }],
      ['an invalid date', { creationDate: new Date(Number.NaN) }],
    ])('refuses a record with %s: RECORD_INVALID', async (_, changes) => {
      await expect(create(makeKey(1, changes))).rejects.toMatchObject({ code: 'RECORD_INVALID' })
      await create(makeKey(1))
      await expect(store.updateKey(makeKey(1), (key) => ({ ...key, ...changes }))).rejects.toMatchObject({
        code: 'RECORD_INVALID',
      })
      expect(await store.findKey(makeKey(1))).toEqual(makeKey(1))
    })

    describe('updateKey', () => {
      it('replaces every part of a key that may change', async () => {
        await create(makeKey(1))
        const after = makeKey(1, {
          description: '',
          keySpec: 'ECC_NIST_P256',
          keyUsage: 'KEY_AGREEMENT',
          origin: 'EXTERNAL',
          keyState: 'PendingDeletion',
          creationDate: new Date(7),
          deletionDate: new Date(8),
          policy: '{}',
          currentMaterialId: 'e'.repeat(64),
          tags: [],
        })
        expect(await store.updateKey(makeKey(1), () => after)).toEqual(after)
        expect(await store.findKey(makeKey(1))).toEqual(after)
      })

      it('answers undefined for a key that is not there', async () => {
        expect(await store.updateKey(makeKey(1), (key) => key)).toBeUndefined()
      })

      it('passes on what the change throws, and changes nothing', async () => {
        await create(makeKey(1))
        const failure = new Error('no')
        const failing = store.updateKey(makeKey(1), () => {
          throw failure
        })
        await expect(failing).rejects.toBe(failure)
        expect(await store.findKey(makeKey(1))).toEqual(makeKey(1))
        expect(await store.updateKey(makeKey(1), (key) => key)).toEqual(makeKey(1))
      })

      it('loses none of many changes at once', async () => {
        await create(makeKey(1, { description: '' }))
        await Promise.all(
          Array.from({ length: 50 }, () =>
            store.updateKey(makeKey(1), (key) => ({ ...key, description: `${key.description}x` })),
          ),
        )
        expect((await store.findKey(makeKey(1)))?.description).toBe('x'.repeat(50))
      })

      it.each([{ keyId: makeKeyId(9) }, { region: 'eu-west-1' }, { accountId: '444455556666' }])(
        'refuses to make another key of one, %o: RECORD_INVALID',
        async (changes) => {
          await create(makeKey(1))
          await expect(store.updateKey(makeKey(1), (key) => ({ ...key, ...changes }))).rejects.toMatchObject({
            code: 'RECORD_INVALID',
          })
        },
      )
    })

    describe('deleteKey', () => {
      const due = new Date(1_000)

      it('destroys a key that is due, with its material and aliases, and nothing else', async () => {
        await create(makeKey(1, { deletionDate: due }))
        await create(makeKey(2, { deletionDate: due }))
        await store.createAlias(makeAlias('one', makeKey(1)), 50)
        await store.createAlias(makeAlias('two', makeKey(2)), 50)
        expect(await store.deleteKey(makeKey(1), due)).toBe(true)
        expect(await store.findKey(makeKey(1))).toBeUndefined()
        expect(await store.findMaterial(makeKey(1), makeKey(1).currentMaterialId)).toBeUndefined()
        expect((await store.listAliases(scope, fromStart)).items).toEqual([makeAlias('two', makeKey(2))])
        expect(await store.findMaterial(makeKey(2), makeKey(2).currentMaterialId)).toBeDefined()
        expect(await store.deleteKey(makeKey(1), due)).toBe(false)
      })

      it.each([
        ['is not pending deletion', null],
        ['is due later', new Date(1_001)],
      ])('leaves a key that %s', async (_, deletionDate) => {
        await create(makeKey(1, { deletionDate }))
        expect(await store.deleteKey(makeKey(1), due)).toBe(false)
        expect(await store.findKey(makeKey(1))).toBeDefined()
      })

      it('lists those that are due, the earliest first', async () => {
        await create(makeKey(1, { deletionDate: new Date(1_000) }))
        await create(makeKey(2, { deletionDate: new Date(999) }))
        await create(makeKey(3, { deletionDate: new Date(1_001) }))
        await create(makeKey(4))
        expect((await store.listKeysToDelete(due)).map((key) => key.keyId)).toEqual([
          makeKeyId(2),
          makeKeyId(1),
        ])
      })
    })

    it('lists the keys of one account in one Region by id, page after page', async () => {
      for (const number of [4, 1, 3, 2, 5]) await create(makeKey(number))
      await create(makeKey(6, { accountId: '444455556666' }))
      await create(makeKey(7, { region: 'eu-west-1' }))
      const first = await store.listKeys(scope, { after: null, limit: 2 })
      expect(first).toEqual({ items: [makeKey(1), makeKey(2)], truncated: true })
      const second = await store.listKeys(scope, { after: makeKeyId(2), limit: 3 })
      expect(second).toEqual({ items: [makeKey(3), makeKey(4), makeKey(5)], truncated: false })
      expect(await store.listKeys(scope, { after: makeKeyId(5), limit: 3 })).toEqual({
        items: [],
        truncated: false,
      })
    })

    it.each([0, -1, 1.5, Number.NaN])(
      'does not take %d for the limit of a page: TypeError',
      async (limit) => {
        await expect(store.listKeys(scope, { after: null, limit })).rejects.toBeInstanceOf(TypeError)
        await expect(store.listAliases(scope, { after: null, limit })).rejects.toBeInstanceOf(TypeError)
      },
    )

    describeAliases(() => store)

    it('holds nothing after reset, and can be used', async () => {
      await create(makeKey(1))
      await store.createAlias(makeAlias('one', makeKey(1)), 50)
      await store.reset()
      expect(await store.findKey(makeKey(1))).toBeUndefined()
      expect(await store.findAlias(scope, 'alias/one')).toBeUndefined()
      await create(makeKey(1))
      expect(await store.findMaterial(makeKey(1), makeKey(1).currentMaterialId)).toBeDefined()
    })

    it('refuses all use after close: STORE_CLOSED; a second close is none', async () => {
      await store.close()
      await store.close()
      await expect(store.findKey(makeKey(1))).rejects.toMatchObject({ code: 'STORE_CLOSED' })
      await expect(create(makeKey(1))).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    })
  })
}

function describeAliases(current: () => KeyStore): void {
  describe('aliases', () => {
    let store: KeyStore
    beforeEach(async () => {
      store = current()
      for (const key of [makeKey(1), makeKey(2)]) await store.createKey(key, makeMaterial(key))
    })

    it('finds one as it was put in, by account, Region and exact name', async () => {
      const alias = makeAlias('app', makeKey(1))
      await store.createAlias(alias, 50)
      expect(await store.findAlias(scope, 'alias/app')).toEqual(alias)
      expect(await store.findAlias(scope, 'alias/App')).toBeUndefined()
      expect(await store.findAlias({ ...scope, region: 'eu-west-1' }, 'alias/app')).toBeUndefined()
      expect(await store.findAlias({ ...scope, accountId: '444455556666' }, 'alias/app')).toBeUndefined()
    })

    it('refuses a name that is taken: ALIAS_EXISTS', async () => {
      await store.createAlias(makeAlias('app', makeKey(1)), 50)
      await expect(store.createAlias(makeAlias('app', makeKey(2)), 50)).rejects.toMatchObject({
        code: 'ALIAS_EXISTS',
      })
      expect(await store.findAlias(scope, 'alias/app')).toMatchObject({ targetKeyId: makeKeyId(1) })
    })

    it.each([
      ['that is not there', makeKey(9)],
      ['of another account', makeKey(1, { accountId: '444455556666' })],
      ['of another Region', makeKey(1, { region: 'eu-west-1' })],
    ])('refuses a target %s: KEY_NOT_FOUND', async (_, target) => {
      await expect(store.createAlias(makeAlias('app', target), 50)).rejects.toMatchObject({
        code: 'KEY_NOT_FOUND',
      })
    })

    it('refuses one alias more than a key may have: ALIAS_LIMIT', async () => {
      for (const name of ['a', 'b']) await store.createAlias(makeAlias(name, makeKey(1)), 2)
      await expect(store.createAlias(makeAlias('c', makeKey(1)), 2)).rejects.toMatchObject({
        code: 'ALIAS_LIMIT',
      })
      await store.createAlias(makeAlias('c', makeKey(2)), 2)
    })

    it('points one at another key, and keeps when it was made', async () => {
      await store.createAlias(makeAlias('app', makeKey(1)), 50)
      const target = { keyId: makeKeyId(2), at: new Date(9_000), limitForKey: 50 }
      const after = { ...makeAlias('app', makeKey(2)), lastUpdatedDate: new Date(9_000) }
      expect(await store.updateAlias(scope, 'alias/app', target)).toEqual(after)
      expect(await store.findAlias(scope, 'alias/app')).toEqual(after)
      expect(await store.updateAlias(scope, 'alias/none', target)).toBeUndefined()
    })

    it('does not point one at a key that is missing or full, but at its own key again', async () => {
      for (const name of ['a', 'b']) await store.createAlias(makeAlias(name, makeKey(1)), 2)
      await store.createAlias(makeAlias('c', makeKey(2)), 2)
      const to = (number: number, name: string): Promise<unknown> =>
        store.updateAlias(scope, `alias/${name}`, {
          keyId: makeKeyId(number),
          at: new Date(3),
          limitForKey: 2,
        })
      await expect(to(9, 'c')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
      await expect(to(1, 'c')).rejects.toMatchObject({ code: 'ALIAS_LIMIT' })
      expect(await to(1, 'a')).toMatchObject({ lastUpdatedDate: new Date(3) })
    })

    it('removes one, once', async () => {
      await store.createAlias(makeAlias('app', makeKey(1)), 50)
      expect(await store.deleteAlias(scope, 'alias/app')).toBe(true)
      expect(await store.deleteAlias(scope, 'alias/app')).toBe(false)
      expect(await store.findAlias(scope, 'alias/app')).toBeUndefined()
    })

    it('lists them by the bytes of their names, of all keys or of one, page after page', async () => {
      for (const name of ['b', 'B', 'a/x', 'a-x', 'a_x'])
        await store.createAlias(makeAlias(name, makeKey(1)), 50)
      await store.createAlias(makeAlias('a', makeKey(2)), 50)
      const names = async (
        targetKeyId?: string,
        after: string | null = null,
        limit = 3,
      ): Promise<unknown> => {
        const within = targetKeyId === undefined ? scope : { ...scope, targetKeyId }
        const { items, truncated } = await store.listAliases(within, { after, limit })
        return [items.map((alias) => alias.aliasName.slice('alias/'.length)).join(' '), truncated]
      }
      expect(await names()).toEqual(['B a a-x', true])
      expect(await names(undefined, 'alias/a-x')).toEqual(['a/x a_x b', false])
      expect(await names(makeKeyId(1))).toEqual(['B a-x a/x', true])
      expect(await names(makeKeyId(2))).toEqual(['a', false])
      expect(await names(makeKeyId(9))).toEqual(['', false])
    })
  })
}
