import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, delegation, idOf, keyPolicy, makeService, makeUser, type TestService } from './a-service.ts'

const aliasArn = (name: string): string => `arn:aws:kms:us-east-1:${ACCOUNT}:alias/${name}`
const notFound = (name: string): object => ({
  code: 'NotFoundException',
  text: `Alias ${aliasArn(name)} is not found.`,
})

let service: TestService
let key: string
let other: string
let agreement: string
beforeAll(async () => {
  service = makeService()
  key = await service.newKey()
  other = await service.newKey()
  agreement = await service.newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
})
afterAll(() => service.close())

const create = (AliasName: string, TargetKeyId = key): Promise<unknown> =>
  service.ask('CreateAlias', { AliasName, TargetKeyId })

describe('aliases', () => {
  it('name a key by name and ARN, can be moved and removed', async () => {
    await create('alias/app', idOf(key))
    for (const KeyId of ['alias/app', aliasArn('app')]) {
      const { KeyMetadata } = await service.ask('DescribeKey', { KeyId })
      expect(KeyMetadata['Arn']).toBe(key)
      const encrypted = await service.ask('Encrypt', { KeyId, Plaintext: 'AAAA' })
      expect(encrypted.KeyId).toBe(key)
    }
    await service.ask('UpdateAlias', { AliasName: 'alias/app', TargetKeyId: other })
    expect((await service.ask('DescribeKey', { KeyId: 'alias/app' })).KeyMetadata['Arn']).toBe(other)
    await service.ask('DeleteAlias', { AliasName: 'alias/app' })
    expect(await service.refusal('DescribeKey', { KeyId: 'alias/app' })).toMatchObject(notFound('app'))
  })

  it.each([
    [
      'my-alias',
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    ],
    ['alias/aws/s3', 'NotAuthorizedException', null],
    ['alias/', 'InvalidAliasNameException', 'An alias needs a name behind the prefix "alias/".'],
    ['alias/my:alias', 'ValidationException', 'alias/my:alias contains invalid characters for an alias'],
  ])('the name %s is %s', async (AliasName, code, text) => {
    expect(await service.refusal('CreateAlias', { AliasName, TargetKeyId: key })).toMatchObject({
      code,
      text,
    })
  })

  it.each(['alias/a', aliasArn('a')])('the target %s is ValidationException', async (TargetKeyId) => {
    expect(await service.refusal('CreateAlias', { AliasName: 'alias/b', TargetKeyId })).toMatchObject({
      code: 'ValidationException',
      text: 'Aliases must refer to keys. Not aliases',
    })
  })

  it('a name that is taken is AlreadyExistsException', async () => {
    await create('alias/taken')
    expect(
      await service.refusal('CreateAlias', { AliasName: 'alias/taken', TargetKeyId: other }),
    ).toMatchObject({
      code: 'AlreadyExistsException',
      text: `An alias with the name ${aliasArn('taken')} already exists`,
    })
  })

  it.each(['UpdateAlias', 'DeleteAlias'])(
    '%s of one that is not there is NotFoundException',
    async (name) => {
      const input = { AliasName: 'alias/none', TargetKeyId: key }
      expect(await service.refusal(name, input)).toMatchObject(notFound('none'))
    },
  )

  it('move to a key of the same kind only: ValidationException', async () => {
    await create('alias/kind')
    const refusal = await service.refusal('UpdateAlias', { AliasName: 'alias/kind', TargetKeyId: agreement })
    expect(refusal.code).toBe('ValidationException')
  })

  it('fifty a key, then LimitExceededException', async () => {
    const crowded = await service.newKey()
    for (let count = 0; count < 50; count++) await create(`alias/crowd-${count}`, crowded)
    const one = { AliasName: 'alias/crowd-50', TargetKeyId: crowded }
    expect((await service.refusal('CreateAlias', one)).code).toBe('LimitExceededException')
    await create('alias/crowd-50', other)
    expect((await service.refusal('UpdateAlias', one)).code).toBe('LimitExceededException')

    const first = await service.ask('ListAliases', { KeyId: crowded, Limit: 30 })
    const rest = await service.ask('ListAliases', { KeyId: idOf(crowded), Marker: first.NextMarker })
    expect([first.Aliases.length, rest.Aliases.length, rest['Truncated']]).toEqual([30, 20, false])
    expect(first.Aliases[0]).toEqual({
      AliasName: 'alias/crowd-0',
      AliasArn: aliasArn('crowd-0'),
      TargetKeyId: idOf(crowded),
      CreationDate: expect.any(Number),
      LastUpdatedDate: expect.any(Number),
    })
    expect((await service.ask('ListAliases', { Limit: 1 }))['Truncated']).toBe(true)
  })
})

describe('who may change an alias', () => {
  const allowedOn = (...Resource: string[]) =>
    makeUser('enclave', [{ Effect: 'Allow', Action: 'kms:*', Resource }])
  const onAlias = aliasArn('guarded')
  beforeAll(() => create('alias/guarded'))

  it.each([
    ['CreateAlias', 'new', () => [key], 'alias'],
    ['CreateAlias', 'new', () => [aliasArn('new')], 'key'],
    ['DeleteAlias', 'guarded', () => [key], 'alias'],
    ['DeleteAlias', 'guarded', () => [onAlias], 'key'],
    ['UpdateAlias', 'guarded', () => [key, other], 'alias'],
    ['UpdateAlias', 'guarded', () => [onAlias, other], 'key'],
    ['UpdateAlias', 'guarded', () => [onAlias, key], 'other key'],
  ])('%s of alias/%s, allowed on %s, is denied on the %s', async (name, alias, resources, missing) => {
    const target = name === 'CreateAlias' ? key : other
    const arn = { alias: aliasArn(alias), key, 'other key': other }[missing]
    const input = { AliasName: `alias/${alias}`, TargetKeyId: target }
    const as = allowedOn(...resources())
    expect(await service.refusal(name, input, { as })).toMatchObject({
      code: 'AccessDeniedException',
      text: `User: ${as.arn} is not authorized to perform: kms:${name} on resource: ${arn} because no identity-based policy allows the kms:${name} action`,
    })
  })

  it('UpdateAlias is allowed to who may on the alias and both keys', async () => {
    const input = { AliasName: 'alias/guarded', TargetKeyId: other }
    expect(await service.ask('UpdateAlias', input, { as: allowedOn(onAlias, key, other) })).toEqual({})
  })

  it('the key policy has its say about the key', async () => {
    const Policy = keyPolicy(delegation(['kms:PutKeyPolicy']))
    const closed = await service.newKey({ Policy })
    const input = { AliasName: 'alias/closed', TargetKeyId: closed }
    const { text } = await service.refusal('CreateAlias', input)
    expect(text).toContain(
      `on resource: ${closed} because no resource-based policy allows the kms:CreateAlias action`,
    )
  })
})
