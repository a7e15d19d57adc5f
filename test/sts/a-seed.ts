/**
 * Two accounts. In the first, alice is trusted by name; bob may assume by his identity policy whatever trusts the account;
 * carol may not. `hub` may go on to `spoke`. In the second, dave may assume everything, erin nothing.
 */
export const SEED = JSON.stringify({
  accounts: {
    '111122223333': {
      root: { accessKeys: [accessKey('root')] },
      users: {
        alice: { accessKeys: [accessKey('alice')], tags: { team: 'blue' } },
        bob: {
          accessKeys: [accessKey('bob')],
          policies: [allow('sts:*', 'arn:aws:iam::111122223333:role/*')],
        },
        carol: { accessKeys: [accessKey('carol')] },
        bounded: {
          accessKeys: [accessKey('bounded')],
          policies: [allow('*', '*')],
          permissionsBoundary: allow('kms:*', '*'),
        },
      },
      roles: {
        host: {
          path: '/team/',
          trust: trust(
            { Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' } },
            { Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' },
          ),
          policies: [allow('kms:*', '*')],
          tags: { Stage: 'prod', Owner: 'team' },
          maxSessionDuration: 7200,
        },
        untrusted: {},
        untagged: { trust: trust({ Principal: '*', Action: 'sts:AssumeRole' }) },
        guarded: {
          trust: trust({
            Principal: { AWS: '444455556666' },
            Condition: { StringEquals: { 'sts:ExternalId': 'the-id' } },
          }),
        },
        hub: {
          trust: trust({ Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' } }),
          policies: [allow('sts:*', '*')],
        },
        spoke: { trust: trust({ Principal: { AWS: 'arn:aws:iam::111122223333:role/hub' } }) },
      },
    },
    '444455556666': {
      users: {
        dave: { accessKeys: [accessKey('dave')], policies: [allow('sts:*', '*')] },
        erin: { accessKeys: [accessKey('erin')] },
      },
    },
  },
})

export const HOST = 'arn:aws:iam::111122223333:role/team/host'

/** The ARN of a role without a path in the first account. */
export function roleArn(name: string): string {
  return `arn:aws:iam::111122223333:role/${name}`
}

/** A trust policy of allows about everything that trust policies are about. */
export function trust(...statements: readonly object[]): object {
  const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
  return {
    Version: '2012-10-17',
    Statement: statements.map((one) => Object.assign({ Effect: 'Allow', Action }, one)),
  }
}

function allow(action: string, resource: string): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] }
}

function accessKey(name: string): object {
  return { id: `AKIA${name.toUpperCase().padEnd(16, '0')}`, secret: `the-secret-of-${name}` }
}
