import type { Session } from '../../src/identity/session.ts'

/** A session of role `host` of account 111122223333, made at 2026-03-01T12:00:00Z for an hour. */
export function makeSession(changes: Partial<Session> = {}): Session {
  return {
    accessKeyId: 'ASIAEXAMPLE000000000',
    secretAccessKey: 'a-secret-of-forty-characters-000000000000',
    roleArn: 'arn:aws:iam::111122223333:role/team/host',
    roleId: 'AROAEXAMPLE0000000000',
    sessionName: 'session@1',
    sourceIdentity: null,
    policy: null,
    tags: [],
    transitiveTagKeys: [],
    issuedAt: new Date('2026-03-01T12:00:00.000Z'),
    expiresAt: new Date('2026-03-01T13:00:00.000Z'),
    ...changes,
  }
}
