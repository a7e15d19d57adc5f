import { describe, expect, it } from 'vitest'
import { createDirectory } from '../../src/identity/directory.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import { toPartition } from '../../src/identity/principal-partition.ts'
import { toRole } from '../../src/identity/role.ts'
import { toUniqueId } from '../../src/identity/unique-id.ts'
import { parsePolicy } from '../../src/policy/document.ts'

const agent = toRole({
  accountId: '111122223333',
  name: 'agent',
  path: '/service/',
  trustPolicy: null,
  identityPolicies: [],
  permissionsBoundary: null,
  tags: [],
  maxSessionSeconds: 3600,
})
const directory = createDirectory(
  [LAB_ACCESS_KEY],
  [{ accountId: '111122223333', userNames: ['lab', 'team/bob'], roleNames: ['host', 'service/agent'] }],
  [agent],
)

describe('findAccessKey', () => {
  it('finds the lab access key of the contract', () => {
    const found = directory.findAccessKey('AKIALAB0000000000000')
    expect(found?.secretAccessKey).toBe('lab-secret-access-key-for-tests-only-0000')
    expect(found?.principal).toMatchObject({
      arn: 'arn:aws:iam::111122223333:user/lab',
      accountId: '111122223333',
      kind: 'user',
    })
    expect(found?.principal.userId).toMatch(/^AIDA[A-Z2-7]{17}$/)
  })

  it.each(['AKIALAB0000000000001', '', '__proto__', 'akialab0000000000000'])('finds none under %j', (id) => {
    expect(directory.findAccessKey(id)).toBeUndefined()
  })

  it('the policy of the lab user is a policy, and allows everything', () => {
    const [policy] = LAB_ACCESS_KEY.principal.identityPolicies
    expect(parsePolicy(policy?.document ?? '', 'identity').statements).toHaveLength(1)
    expect(JSON.parse(policy?.document ?? '')).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
  })
})

describe('findRole', () => {
  it.each([
    'arn:aws:iam::111122223333:role/service/agent',
    'arn:aws-cn:iam::111122223333:role/service/agent',
  ])('finds the role behind %s', (arn) => {
    expect(directory.findRole(arn)).toBe(agent)
  })

  it.each([
    'arn:aws:iam::111122223333:role/agent',
    'arn:aws:iam::111122223334:role/service/agent',
    'arn:aws:iam:us-east-1:111122223333:role/service/agent',
    'arn:awz:iam::111122223333:role/service/agent',
    'iam::111122223333:role/service/agent',
    'arn:aws:iam::111122223333:role/service/Agent',
    'agent',
    '',
    '__proto__',
  ])('finds none behind %j', (arn) => {
    expect(directory.findRole(arn)).toBeUndefined()
  })
})

describe('principalExists', () => {
  it.each([
    ['*', true],
    ['111122223333', true],
    ['999988887777', true],
    ['11112222333', false],
    ['arn:aws:iam::111122223333:root', true],
    ['arn:aws:iam::111122223333:user/lab', true],
    ['arn:aws-us-gov:iam::111122223333:user/lab', true],
    ['arn:aws:iam::111122223333:user/Lab', false],
    ['arn:aws:iam::111122223333:user/nobody', false],
    ['arn:aws:iam::111122223333:role/host', true],
    ['arn:aws:iam::111122223333:role/lab', false],
    ['arn:aws:iam::111122223333:user/host', false],
    ['arn:aws:iam::111122223333:role/path/host', false],
    ['arn:aws:iam::111122223333:user/team/bob', true],
    ['arn:aws:iam::111122223333:user/bob', false],
    ['arn:aws:iam::111122223333:role/service/agent', true],
    ['arn:aws:iam::111122223333:role/agent', false],
    ['arn:aws:sts::111122223333:assumed-role/agent/session', true],
    ['arn:aws:sts::111122223333:assumed-role/service/agent', false],
    ['arn:aws:sts::111122223333:assumed-role/host/session', true],
    ['arn:aws:sts::111122223333:assumed-role/other/session', false],
    ['arn:aws:sts::111122223333:federated-user/lab', false],
    ['arn:aws:iam::444455556666:user/anybody', true],
    ['arn:aws:iam::444455556666:role/team/any', true],
    ['arn:aws:sts::444455556666:assumed-role/any/session', true],
    ['arn:aws:iam::444455556666:group/any', false],
    ['arn:aws:iam::444455556666:user/*', false],
    ['arn:awz:iam::444455556666:user/anybody', false],
    ['arn:aws:iam:us-east-1:444455556666:user/anybody', false],
    ['arn:aws:s3:::bucket', false],
    ['alice', false],
    ['', false],
  ])('%s: %s', (name, exists) => {
    expect(directory.principalExists(name)).toBe(exists)
  })
})

describe('toPartition', () => {
  const { principal } = LAB_ACCESS_KEY

  it('turns the ARN, and nothing else, into that of another partition', () => {
    const arn = 'arn:aws-cn:iam::111122223333:user/lab'
    expect(toPartition(principal, 'aws-cn')).toEqual({ ...principal, arn })
  })

  it('leaves a principal of the partition as it is', () => {
    expect(toPartition(principal, 'aws')).toBe(principal)
  })
})

it('unique ids are the same at every start, and differ from ARN to ARN', () => {
  const id = toUniqueId('AROA', 'arn:aws:iam::111122223333:role/host')
  expect(id).toMatch(/^AROA[A-Z2-7]{17}$/)
  expect(toUniqueId('AROA', 'arn:aws:iam::111122223333:role/host')).toBe(id)
  expect(toUniqueId('AROA', 'arn:aws:iam::111122223334:role/host')).not.toBe(id)
})
