import { describe, expect, it } from 'vitest'
import type { StsAction } from '../../src/sts/call.ts'
import { StsError } from '../../src/sts/errors.ts'
import { findAction, runAction } from '../../src/sts/run.ts'
import { HOST, SEED } from './a-seed.ts'
import { makeSts } from './an-sts.ts'

const sts = makeSts(SEED)

describe('GetCallerIdentity', () => {
  const identity = { Action: 'GetCallerIdentity' }

  it('tells a user who he is, whatever his policies say', () => {
    expect(sts.ask(identity, { as: 'carol' })).toEqual({
      Arn: 'arn:aws:iam::111122223333:user/carol',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      Account: '111122223333',
    })
    expect(sts.lastRecord()).toMatchObject({ operation: 'GetCallerIdentity', decisions: [] })
  })

  it('tells the root user', () => {
    expect(sts.ask(identity, { as: 'root' })).toEqual({
      Arn: 'arn:aws:iam::111122223333:root',
      UserId: '111122223333',
      Account: '111122223333',
    })
  })

  it('tells a session', () => {
    const session = sts.assume({ RoleArn: HOST, RoleSessionName: 'me@host' })
    expect(sts.ask(identity, { as: session })).toEqual({
      Arn: 'arn:aws:sts::111122223333:assumed-role/host/me@host',
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:me@host$/),
      Account: '111122223333',
    })
  })
})

describe('the audit trail', () => {
  const assume = { Action: 'AssumeRole', RoleArn: HOST, RoleSessionName: 'me', DurationSeconds: '900' }

  it('has a record of a session that was made, and nothing that opens it', () => {
    const { Credentials } = sts.ask(assume)
    const facts = sts.audited.at(-1)
    expect(facts).toMatchObject({
      service: 'sts',
      operation: 'AssumeRole',
      refusal: null,
      requestParameters: { roleArn: HOST, roleSessionName: 'me', durationSeconds: '900' },
      responseElements: {
        credentials: { accessKeyId: expect.stringMatching(/^ASIA/), expiration: expect.any(String) },
        assumedRoleUser: { arn: 'arn:aws:sts::111122223333:assumed-role/host/me' },
      },
    })
    if (typeof Credentials !== 'object') throw new Error('the answer has no credentials')
    for (const secret of ['SecretAccessKey', 'SessionToken']) {
      expect(JSON.stringify(facts)).not.toContain(JSON.stringify(Credentials[secret]).slice(1, -1))
    }
  })

  it('has a record of a refusal', () => {
    sts.refusal({ ...assume, RoleArn: `${HOST}x` })
    expect(sts.audited.at(-1)).toMatchObject({ refusal: { code: 'AccessDenied' }, responseElements: null })
  })

  it('refuses what it cannot keep, and hands out no credentials', () => {
    const services = {
      ...sts.services,
      audit: {
        record: () => {
          throw new Error('the disk is full')
        },
      },
    }
    const broken = { name: 'Broken', handle: () => ({ Credentials: 'secret' }) }
    sts.ask({ Action: 'GetCallerIdentity' })
    const call = sts.lastCall()
    expect(() => runAction(services, broken, call)).toThrow(
      expect.objectContaining({ code: 'InternalFailure' }),
    )
  })
})

describe('findAction', () => {
  const form = (pairs: Record<string, string>) => new Map(Object.entries(pairs))

  it.each<[Record<string, string>, string]>([
    [{}, 'MissingAction: The request names no Action.'],
    [
      { Action: 'GetSessionToken', Version: '2011-06-15' },
      'InvalidAction: Could not find operation GetSessionToken for version 2011-06-15',
    ],
    [
      { Action: 'AssumeRole', Version: '2011-06-16' },
      'InvalidAction: Could not find operation AssumeRole for version 2011-06-16',
    ],
    [
      { Action: 'AssumeRole' },
      'InvalidAction: Could not find operation AssumeRole for version NO_VERSION_SPECIFIED',
    ],
    [
      { Action: 'constructor', Version: '2011-06-15' },
      'InvalidAction: Could not find operation constructor for version 2011-06-15',
    ],
  ])('refuses %j', (pairs, error) => {
    const [code, message] = error.split(': ', 2)
    expect(() => findAction(form(pairs))).toThrow(expect.objectContaining({ code, message }))
  })
})

it('what nobody foresaw is an InternalFailure that tells nothing, and is recorded', () => {
  const broken: StsAction = {
    name: 'Broken',
    handle() {
      throw new TypeError('a secret')
    },
  }
  sts.ask({ Action: 'GetCallerIdentity' })
  const run = () => runAction(sts.services, broken, { ...sts.lastCall(), requestId: 'broken' })
  expect(run).toThrow(StsError)
  expect(run).toThrow(expect.objectContaining({ code: 'InternalFailure', message: 'Internal failure.' }))
  expect(sts.services.decisions.find('broken')?.result).toEqual({
    outcome: 'refused',
    error: 'InternalFailure',
    message: 'Internal failure.',
    reason: null,
  })
})
