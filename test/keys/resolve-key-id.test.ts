import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeysError } from '../../src/keys/errors.ts'
import { resolveKeyId } from '../../src/keys/resolve-key-id.ts'

const uuid = '1234abcd-12ab-34cd-56ef-1234567890ab'
const multiRegion = 'mrk-1234abcd12ab34cd56ef1234567890ab'
const here = 'arn:aws:kms:us-east-1:111122223333'
const scope = { region: 'us-east-1', accountId: '111122223333' }

describe('resolveKeyId', () => {
  it.each([
    [uuid, { kind: 'key-id', keyId: uuid }],
    [multiRegion, { kind: 'key-id', keyId: multiRegion }],
    ['alias/app', { kind: 'alias-name', aliasName: 'alias/app' }],
    ['alias/aws/s3', { kind: 'alias-name', aliasName: 'alias/aws/s3' }],
    ['alias/', { kind: 'alias-name', aliasName: 'alias/' }],
    [`${here}:key/${uuid}`, { kind: 'key-arn', keyId: uuid, ...scope }],
    [`${here}:key/${multiRegion}`, { kind: 'key-arn', keyId: multiRegion, ...scope }],
    [`${here}:alias/a:b`, { kind: 'alias-arn', aliasName: 'alias/a:b', ...scope }],
  ])('reads %s', (text, expected) => {
    expect(resolveKeyId(text, 'us-east-1')).toEqual(expected)
  })

  it('reads an ARN of another account and partition, in its Region', () => {
    const arn = `arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/${uuid}`
    expect(resolveKeyId(arn, 'us-gov-west-1')).toMatchObject({
      accountId: '444455556666',
      region: 'us-gov-west-1',
    })
  })

  it.each([
    ['KEY_ID_MALFORMED', 'fake-key-id', "Invalid keyId 'fake-key-id'"],
    ['KEY_ID_MALFORMED', 'mrk-fake-key-id', "Invalid keyId 'mrk-fake-key-id'"],
    ['KEY_ID_MALFORMED', uuid.replaceAll('-', ''), `Invalid keyId '${uuid.replaceAll('-', '')}'`],
    ['KEY_ID_MALFORMED', uuid.toUpperCase(), `Invalid keyId '${uuid.toUpperCase()}'`],
    ['KEY_ID_MALFORMED', `${uuid}\n`, `Invalid keyId '${uuid}\n'`],
    ['KEY_ID_MALFORMED', 'Alias/app', "Invalid keyId 'Alias/app'"],
    ['KEY_ID_MALFORMED', '', "Invalid keyId ''"],
    ['KEY_ID_MALFORMED', `${here}:key/fake`, "Invalid keyId 'fake'"],
    ['KEY_ID_MALFORMED', `${here}:key/alias/app`, "Invalid keyId 'alias/app'"],
    ['KEY_ARN_OTHER_REGION', `arn:aws:kms:eu-west-1:111122223333:key/${uuid}`, 'Invalid arn eu-west-1'],
    ['KEY_ARN_OTHER_REGION', 'arn:aws:kms:eu-west-1:111122223333:alias/app', 'Invalid arn eu-west-1'],
    ['KEY_ARN_OTHER_REGION', `arn:aws-cn:kms:cn-north-1:111122223333:key/${uuid}`, 'Invalid arn cn-north-1'],
    ...[
      'arn:',
      'arn:aws:kms:us-east-1:111122223333',
      `arn:aws:s3:us-east-1:111122223333:key/${uuid}`,
      `arn:aws-cn:kms:us-east-1:111122223333:key/${uuid}`,
      `arn:aws:kms::111122223333:key/${uuid}`,
      `arn:aws:kms:us-east-1:1111:key/${uuid}`,
      `${here}:${uuid}`,
      `${here}:grant/${uuid}`,
    ].map((text) => ['KEY_ARN_MALFORMED', text, `Invalid arn ${text}`] as const),
  ] as const)('%s: %j', (code, text, message) => {
    expect(() => resolveKeyId(text, 'us-east-1')).toThrow(
      expect.objectContaining({ name: 'KeysError', code, message }),
    )
  })

  it('gives for any text an identifier or a KeysError', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('arn', ':', 'aws', 'kms', 'us-east-1', '111122223333', 'key/', 'alias/', uuid))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (input) => {
        try {
          const { kind } = resolveKeyId(input, 'us-east-1')
          expect(input.startsWith('arn:')).toBe(kind.endsWith('-arn'))
        } catch (error) {
          expect(error).toBeInstanceOf(KeysError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
