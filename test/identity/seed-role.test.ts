import { describe, expect, it } from 'vitest'
import { IdentityError } from '../../src/identity/errors.ts'
import type { Seed } from '../../src/identity/seed-file.ts'
import { parseSeedFile } from '../../src/identity/seed-file.ts'
import { parsePolicy } from '../../src/policy/document.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const ALLOW = '{ Statement: [{ Effect: Allow, Action: "kms:*", Resource: "*" }] }'

const GOOD = `
accounts:
  "111122223333":
    root: { accessKeys: [{ id: AKIAROOT000000000000, secret: ${SECRET} }] }
    users:
      alice:
        path: /team/one/
        tags: { Department: sales, "cost center": "42" }
        permissionsBoundary: ${ALLOW}
        accessKeys: [{ id: AKIAALICE00000000000, secret: ${SECRET} }]
    roles:
      host:
        path: /service/
        trust:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: { AWS: "arn:aws:iam::111122223333:user/team/one/alice" }
              Action: [sts:AssumeRole, sts:TagSession]
        policies: [${ALLOW}]
        permissionsBoundary: ${ALLOW}
        tags: { Stage: prod }
        maxSessionDuration: 7200
      plain: {}
`

function read(text: string): Seed {
  return parseSeedFile(text, {
    checkPolicy: (document, kind) => void parsePolicy(document, kind),
    isKeySpec: () => true,
  })
}

describe('a seed file', () => {
  const seed = read(GOOD)

  it('declares users with path, tags and permissions boundary', () => {
    const alice = seed.accessKeys.find(({ accessKeyId }) => accessKeyId.startsWith('AKIAALICE'))?.principal
    expect(alice).toMatchObject({
      arn: 'arn:aws:iam::111122223333:user/team/one/alice',
      userName: 'alice',
      tags: [
        { key: 'Department', value: 'sales' },
        { key: 'cost center', value: '42' },
      ],
      permissionsBoundary: { name: 'permissionsBoundary', document: expect.stringContaining('kms:*') },
    })
  })

  it('declares the root user of an account, who is his account and may do everything in it', () => {
    const root = seed.accessKeys.find(({ accessKeyId }) => accessKeyId.startsWith('AKIAROOT'))?.principal
    expect(root).toMatchObject({
      arn: 'arn:aws:iam::111122223333:root',
      kind: 'root',
      userId: '111122223333',
      userName: null,
    })
    expect(root?.identityPolicies).toHaveLength(1)
  })

  it('declares roles', () => {
    expect(seed.roles[0]).toMatchObject({
      arn: 'arn:aws:iam::111122223333:role/service/host',
      name: 'host',
      accountId: '111122223333',
      roleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      trustPolicy: expect.stringContaining('sts:AssumeRole'),
      tags: [{ key: 'Stage', value: 'prod' }],
      maxSessionSeconds: 7200,
      since: null,
    })
    expect(seed.roles[0]?.identityPolicies).toHaveLength(1)
  })

  it('a role without anything lives for an hour, and nobody may assume it', () => {
    expect(seed.roles[1]).toMatchObject({
      arn: 'arn:aws:iam::111122223333:role/plain',
      trustPolicy: null,
      identityPolicies: [],
      permissionsBoundary: null,
      tags: [],
      maxSessionSeconds: 3600,
    })
  })

  it('names users and roles with their paths', () => {
    expect(seed.accounts).toEqual([
      { accountId: '111122223333', userNames: ['team/one/alice'], roleNames: ['service/host', 'plain'] },
    ])
  })
})

describe('a seed file is refused', () => {
  const REFUSED: readonly { title: string; from: string; to: string; error: string }[] = [
    {
      title: 'with an id of temporary credentials',
      from: 'AKIAALICE00000000000',
      to: 'ASIAALICE00000000000',
      error: 'SEED_ACCESS_KEY_TEMPORARY: accounts.111122223333.users.alice.accessKeys[0]',
    },
    {
      title: 'with one access key for a user and the root user',
      from: 'AKIAALICE00000000000',
      to: 'AKIAROOT000000000000',
      error: 'SEED_ACCESS_KEY_REPEATED: accounts.111122223333.root.accessKeys[0].id',
    },
    {
      title: 'with policies of the root user',
      from: 'root: { ',
      to: 'root: { policies: [], ',
      error: 'SEED_MEMBER_UNKNOWN: accounts.111122223333.root',
    },
    {
      title: 'with access keys of a role',
      from: 'plain: {}',
      to: 'plain: { accessKeys: [] }',
      error: 'SEED_MEMBER_UNKNOWN: accounts.111122223333.roles.plain',
    },
    {
      title: 'with trust of a user',
      from: 'path: /team/one/',
      to: 'trust: {}',
      error: 'SEED_MEMBER_UNKNOWN: accounts.111122223333.users.alice',
    },
    ...['team/', '/team', '//', '/te am/', '/te*/', `/${'x'.repeat(511)}/`].map((path) => ({
      title: `with the path ${path.slice(0, 12)}`,
      from: '/team/one/',
      to: `"${path}"`,
      error: 'SEED_PATH_INVALID: accounts.111122223333.users.alice.path',
    })),
    {
      title: 'with a trust policy that names a resource',
      from: 'Action: [sts:AssumeRole',
      to: 'Resource: "*"\n              Action: [sts:AssumeRole',
      error:
        'SEED_POLICY_INVALID: accounts.111122223333.roles.host.trust: Statement[0]: a trust policy names no',
    },
    {
      title: 'with a trust policy about other actions',
      from: 'sts:TagSession',
      to: 'kms:Decrypt',
      error:
        'SEED_POLICY_INVALID: accounts.111122223333.roles.host.trust: Statement[0].Action: "kms:Decrypt"',
    },
    {
      title: 'with a trust policy that is a truth value',
      from: 'plain: {}',
      to: 'plain: { trust: true }',
      error: 'SEED_POLICY_INVALID: accounts.111122223333.roles.plain.trust',
    },
    {
      title: 'with a boundary that is no policy',
      from: 'plain: {}',
      to: 'plain: { permissionsBoundary: {} }',
      error: 'SEED_POLICY_INVALID: accounts.111122223333.roles.plain.permissionsBoundary',
    },
    {
      title: 'with a boundary that is null',
      from: 'plain: {}',
      to: 'plain: { permissionsBoundary: }',
      error: 'SEED_POLICY_INVALID: accounts.111122223333.roles.plain.permissionsBoundary',
    },
    ...['3599', '43201', '3600.5', '"3600"', 'null', '-1'].map((seconds) => ({
      title: `with sessions of ${seconds} seconds`,
      from: '7200',
      to: seconds,
      error: 'SEED_DURATION_INVALID: accounts.111122223333.roles.host.maxSessionDuration',
    })),
    ...[
      ['a key kept for AWS', 'AWS:x: y', 'tags.(?): keys of 1 to 128'],
      ['a key of 129 characters', `${'k'.repeat(129)}: y`, 'tags.(?): keys of 1 to 128'],
      ['an empty key', '"": y', 'tags.(?): keys of 1 to 128'],
      ['a key with a star', '"*": y', 'tags.(?): keys of 1 to 128'],
      ['a value of 257 characters', `Stage: ${'v'.repeat(257)}`, 'tags.Stage: keys of 1 to 128'],
      ['two keys that differ in case alone', 'Stage: a, stage: b', 'tags: no two keys'],
      ['51 tags', Array.from({ length: 51 }, (_, at) => `k${at}: v`).join(', '), 'tags: at most 50'],
    ].map(([what, tags, error]) => ({
      title: `with ${what}`,
      from: 'Stage: prod',
      to: tags ?? '',
      error: `SEED_TAG_INVALID: accounts.111122223333.roles.host.${error}`,
    })),
    {
      title: 'with a tag that is a number',
      from: 'Stage: prod',
      to: 'Stage: 1',
      error: 'SEED_NUMBER_UNQUOTED: accounts.111122223333.roles.host.tags.Stage',
    },
    {
      title: 'with tags that are a list',
      from: '{ Stage: prod }',
      to: '[prod]',
      error: 'SEED_TYPE_WRONG: accounts.111122223333.roles.host.tags',
    },
  ]

  it.each(REFUSED)('$title, naming the place', ({ from, to, error }) => {
    expect(GOOD).toContain(from)
    let told = 'nothing'
    try {
      read(GOOD.replace(from, () => to))
    } catch (thrown) {
      told = thrown instanceof IdentityError ? `${thrown.code}: ${thrown.message}` : String(thrown)
    }
    expect(told.slice(0, error.length)).toBe(error)
    expect(told).not.toContain(SECRET)
  })
})
