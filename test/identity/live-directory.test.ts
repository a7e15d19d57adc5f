import { expect, it } from 'vitest'
import { createDirectory } from '../../src/identity/directory.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import { createLiveDirectory } from '../../src/identity/live-directory.ts'
import { toRole } from '../../src/identity/role.ts'

it('answers from the one directory, and from the moment on that it is told so, from the other', () => {
  const role = toRole({
    accountId: '111122223333',
    name: 'host',
    path: '/',
    trustPolicy: null,
    identityPolicies: [],
    permissionsBoundary: null,
    tags: [],
    maxSessionSeconds: 3600,
  })
  const arn = 'arn:aws:iam::111122223333:role/host'
  const account = { accountId: '111122223333', userNames: [], roleNames: [] }
  const live = createLiveDirectory(createDirectory([LAB_ACCESS_KEY], [account]))
  const answers = () => [
    live.findAccessKey(LAB_ACCESS_KEY.accessKeyId) !== undefined,
    live.findRole(arn) !== undefined,
    live.principalExists(arn),
  ]
  expect(answers()).toEqual([true, false, false])
  live.replaceWith(createDirectory([], [{ ...account, roleNames: ['host'] }], [role]))
  expect(answers()).toEqual([false, true, true])
})
