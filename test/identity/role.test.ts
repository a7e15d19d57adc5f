import { expect, it } from 'vitest'
import type { Role } from '../../src/identity/principal.ts'
import { succeedRoles, toRole } from '../../src/identity/role.ts'

function makeRole(name: string, path = '/'): Role {
  return toRole({
    accountId: '111122223333',
    name,
    path,
    trustPolicy: null,
    identityPolicies: [],
    permissionsBoundary: null,
    tags: [],
    maxSessionSeconds: 3600,
  })
}

it('a role has its path in its ARN, and a unique id that is the same at every start', () => {
  const role = makeRole('host', '/team/')
  expect(role).toMatchObject({ arn: 'arn:aws:iam::111122223333:role/team/host', name: 'host' })
  expect(role).not.toHaveProperty('path')
  expect(makeRole('host', '/team/').roleId).toBe(role.roleId)
  expect(makeRole('host').roleId).not.toBe(role.roleId)
})

it('roles that a later file brings are there since then, and one that was taken out and put back is another', () => {
  const [first, second] = [new Date(1000), new Date(2000)]
  const atStart = [makeRole('a'), makeRole('b')]
  const without = succeedRoles(atStart, [makeRole('a')], first)
  const back = succeedRoles(without, [makeRole('a'), makeRole('b')], second)
  const kept = succeedRoles(back, [makeRole('a'), makeRole('b')], new Date(3000))
  expect(without.map(({ since }) => since)).toEqual([null])
  expect(back.map(({ since }) => since)).toEqual([null, second])
  expect(kept.map(({ since }) => since)).toEqual([null, second])
})
