import { describe, expect, it } from 'vitest'
import { checkKeyState, KEY_STATES } from '../../src/keys/key-state.ts'

const arn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const key = { region: 'us-east-1', accountId: '111122223333', keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }

/** What a letter of the table below stands for: the exception, and the end of its text. */
const OUTCOMES: Readonly<Record<string, readonly [string, string]>> = {
  d: ['DisabledException', 'is disabled.'],
  p: ['KMSInvalidStateException', 'is pending deletion.'],
  r: ['KMSInvalidStateException', 'is pending replica deletion.'],
  n: ['KMSInvalidStateException', 'is not pending deletion.'],
  i: ['KMSInvalidStateException', 'is pending import.'],
  u: ['KMSInvalidStateException', 'is unavailable.'],
  c: ['KMSInvalidStateException', 'is creating.'],
  x: ['KMSInvalidStateException', 'is updating.'],
}

/** From AWS's table of key states; a dot is consent. The columns are Enabled, Disabled, PendingDeletion,
 * PendingReplicaDeletion, PendingImport, Unavailable, Creating, Updating. */
const TABLE = `
  CancelKeyDeletion                    n n . . n n n n
  CreateAlias                          . . p r . . . .
  CreateGrant                          . d p r i . c .
  Decrypt                              . d p r i u c .
  DeleteAlias                          . . . . . . . .
  DeriveSharedSecret                   . d p r i u c .
  DescribeKey                          . . . . . . . .
  DisableKey                           . . p r i . c x
  EnableKey                            . . p r i . c x
  Encrypt                              . d p r i u c .
  GenerateDataKey                      . d p r i u c .
  GenerateDataKeyPair                  . d p r i u c .
  GenerateDataKeyPairWithoutPlaintext  . d p r i u c .
  GenerateDataKeyWithoutPlaintext      . d p r i u c .
  GetKeyPolicy                         . . . . . . . .
  GetPublicKey                         . . p r . u c .
  ListAliases                          . . . . . . . .
  ListGrants                           . . . . . . . .
  ListKeyPolicies                      . . . . . . . .
  PutKeyPolicy                         . . . . . . . .
  RetireGrant                          . . . . . . . .
  RevokeGrant                          . . . . . . . .
  ScheduleKeyDeletion                  . . p r . . . x
  UpdateAlias                          . . p r . . . .`
const CELLS = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
  .flatMap(([operation = '', ...letters]) =>
    letters.map((letter, column) => ({ operation, keyState: KEY_STATES[column] ?? '', letter })),
  )

describe('checkKeyState', () => {
  it('has a table of every state', () => {
    expect(CELLS).toHaveLength(24 * KEY_STATES.length)
  })

  it.each(CELLS)('$operation on a key that is $keyState: $letter', ({ operation, keyState, letter }) => {
    const [error, end] = OUTCOMES[letter] ?? []
    const expected = error === undefined ? null : { error, text: `${arn} ${end}` }
    expect(checkKeyState(operation, { ...key, keyState })).toEqual(expected)
  })

  it('names the key by its own partition', () => {
    const china = { ...key, region: 'cn-north-1', keyState: 'Disabled' }
    expect(checkKeyState('Encrypt', china)?.text).toMatch(/^arn:aws-cn:kms:cn-north-1:/)
  })

  it.each(['', 'enabled', 'constructor', 'Gone'])('KEY_STATE_UNKNOWN: a key in the state %j', (keyState) => {
    const check = (): unknown => checkKeyState('DescribeKey', { ...key, keyState })
    expect(check).toThrow(expect.objectContaining({ code: 'KEY_STATE_UNKNOWN' }))
  })

  it.each(['Sign', 'constructor', ''])(
    'throws TypeError for the operation %j, which the table does not know',
    (name) => {
      expect(() => checkKeyState(name, { ...key, keyState: 'Enabled' })).toThrow(TypeError)
    },
  )
})
