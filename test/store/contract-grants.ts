import { beforeEach, describe, expect, it } from 'vitest'
import type { GrantRecord, KeyRecord, KeyStore } from '../../src/store/key-store.ts'
import { makeKey, makeKeyId, makeMaterial } from './contract-records.ts'

const ALICE = 'arn:aws:iam::111122223333:user/alice'
const BOB = 'arn:aws:iam::111122223333:user/bob'

function makeGrant(number: number, changes: Partial<GrantRecord> = {}): GrantRecord {
  return {
    region: 'us-east-1',
    keyId: makeKeyId(1),
    grantId: String(number).padStart(64, '0'),
    name: '',
    granteePrincipal: ALICE,
    retiringPrincipal: null,
    operations: ['Decrypt', 'Encrypt'],
    constraints: { encryptionContextEquals: null, encryptionContextSubset: null, sourceArn: null },
    issuingAccountId: '111122223333',
    creationDate: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  }
}

const fromStart = { after: null, limit: 100 }
const numbers = (grants: readonly GrantRecord[]): readonly number[] =>
  grants.map(({ grantId }) => Number(grantId))

/** What any store must do about grants. `open` gives an empty one each time. */
export function describeGrants(name: string, open: () => KeyStore | Promise<KeyStore>): void {
  describe(`grants in a key store ${name}`, () => {
    let store: KeyStore
    const create = async (key: KeyRecord): Promise<void> => store.createKey(key, makeMaterial(key))
    beforeEach(async () => {
      store = await open()
      await create(makeKey(1))
      await create(makeKey(2))
      return () => store.close()
    })

    it.each([
      ['plain', {}],
      ['with a name and who may retire it', { name: 'a', retiringPrincipal: BOB }],
      [
        'with constraints, whatever their keys',
        {
          constraints: {
            encryptionContextEquals: new Map([
              ['b', ''],
              ['__proto__', 'x'],
              ['ä "\\', '\u0000'],
            ]),
            encryptionContextSubset: new Map<string, string>(),
            sourceArn: 'arn:aws:s3:::b',
          },
        },
      ],
    ])('gives one back as it was put in: %s', async (_, changes) => {
      const grant = makeGrant(1, changes)
      expect(await store.createGrant(grant, 10)).toEqual(grant)
      expect(await store.findGrant(grant, grant.grantId)).toEqual(grant)
      expect((await store.listGrants(grant, fromStart)).items).toEqual([grant])
    })

    it('refuses a record with a lone surrogate: RECORD_INVALID', async () => {
      const pairs = new Map([['a', '\ud800']])
      for (const changes of [
        { name: '\ud800' },
        {
          constraints: { encryptionContextEquals: pairs, encryptionContextSubset: null, sourceArn: null },
        },
      ]) {
        await expect(store.createGrant(makeGrant(1, changes), 10)).rejects.toMatchObject({
          code: 'RECORD_INVALID',
        })
      }
    })

    it('refuses one for a key that is not there, and one more than a key may have', async () => {
      await expect(store.createGrant(makeGrant(1, { keyId: makeKeyId(9) }), 10)).rejects.toMatchObject({
        code: 'KEY_NOT_FOUND',
      })
      for (const number of [1, 2]) await store.createGrant(makeGrant(number), 2)
      await expect(store.createGrant(makeGrant(3), 2)).rejects.toMatchObject({ code: 'GRANT_LIMIT' })
      await store.createGrant(makeGrant(3, { keyId: makeKeyId(2) }), 2)
    })

    it('answers the one of the same name that differs in nothing but id and date, also at the limit', async () => {
      const named = makeGrant(1, { name: 'app' })
      await store.createGrant(named, 1)
      const again = { ...makeGrant(2, { name: 'app' }), creationDate: new Date(9) }
      expect(await store.createGrant(again, 1)).toEqual(named)
      const others: readonly Partial<GrantRecord>[] = [
        { granteePrincipal: BOB },
        { retiringPrincipal: BOB },
        { operations: ['Decrypt'] },
        { issuingAccountId: '444455556666' },
        { constraints: { ...named.constraints, encryptionContextEquals: new Map([['a', 'b']]) } },
        { keyId: makeKeyId(2) },
        { name: 'other' },
        { name: '' },
      ]
      for (const [index, changes] of others.entries()) {
        const other = makeGrant(10 + index, { name: 'app', ...changes })
        expect(await store.createGrant(other, 100)).toEqual(other)
      }
    })

    it('knows constraints again in another order of pairs', async () => {
      const pairs = [
        ['a', '1'],
        ['b', '2'],
      ] as const
      const of = (list: readonly (readonly [string, string])[]): Partial<GrantRecord> => ({
        name: 'app',
        constraints: {
          encryptionContextEquals: null,
          encryptionContextSubset: new Map(list),
          sourceArn: null,
        },
      })
      await store.createGrant(makeGrant(1, of(pairs)), 10)
      expect(numbers([await store.createGrant(makeGrant(2, of(pairs.toReversed())), 10)])).toEqual([1])
    })

    it('lists those of a key by id, page after page, and those of one grantee', async () => {
      for (const number of [3, 1, 2]) await store.createGrant(makeGrant(number), 10)
      await store.createGrant(makeGrant(4, { granteePrincipal: BOB }), 10)
      await store.createGrant(makeGrant(5, { keyId: makeKeyId(2) }), 10)
      const first = await store.listGrants(makeKey(1), { after: null, limit: 2 })
      expect([numbers(first.items), first.truncated]).toEqual([[1, 2], true])
      const after = first.items.at(-1)?.grantId ?? null
      const second = await store.listGrants(makeKey(1), { after, limit: 2 })
      expect([numbers(second.items), second.truncated]).toEqual([[3, 4], false])
      const key = { region: 'us-east-1', keyId: makeKeyId(1) }
      expect(numbers((await store.listGrants({ ...key, granteePrincipal: BOB }, fromStart)).items)).toEqual([
        4,
      ])
      const ofAlice = { ...key, granteePrincipal: ALICE }
      expect(numbers((await store.listGrants(ofAlice, { after: null, limit: 2 })).items)).toEqual([1, 2])
      const rest = await store.listGrants(ofAlice, { after: makeGrant(2).grantId, limit: 2 })
      expect([numbers(rest.items), rest.truncated]).toEqual([[3], false])
    })

    it('lists those that somebody may retire, of all keys of a Region', async () => {
      await create(makeKey(1, { region: 'eu-west-1' }))
      const retirable = { retiringPrincipal: BOB }
      await store.createGrant(makeGrant(1, retirable), 10)
      await store.createGrant(makeGrant(2, { ...retirable, keyId: makeKeyId(2) }), 10)
      await store.createGrant(makeGrant(3, { ...retirable, region: 'eu-west-1' }), 10)
      await store.createGrant(makeGrant(4), 10)
      const list = async (region: string, limit = 10): Promise<unknown> => {
        const page = await store.listRetirableGrants({ region, ...retirable }, { after: null, limit })
        return [numbers(page.items), page.truncated]
      }
      expect(await list('us-east-1')).toEqual([[1, 2], false])
      expect(await list('us-east-1', 1)).toEqual([[1], true])
      expect(await list('eu-west-1')).toEqual([[3], false])
    })

    it('removes one, once; and with its key all of them', async () => {
      await store.createGrant(makeGrant(1), 10)
      await store.createGrant(makeGrant(2), 10)
      const { grantId } = makeGrant(1)
      expect(await store.deleteGrant(makeKey(2), grantId)).toBe(false)
      expect(await store.deleteGrant(makeKey(1), grantId)).toBe(true)
      expect(await store.deleteGrant(makeKey(1), grantId)).toBe(false)
      await store.updateKey(makeKey(1), (key) => ({ ...key, deletionDate: new Date(5) }))
      expect(await store.deleteKey(makeKey(1), new Date(6))).toBe(true)
      await create(makeKey(1))
      expect((await store.listGrants(makeKey(1), fromStart)).items).toEqual([])
    })
  })
}
