import { describe, expect, it } from 'vitest'
import { toRecipientData } from '../../src/audit/recipient-data.ts'
import { toResponseElements } from '../../src/audit/response-elements.ts'
import { KEY } from './a-call.ts'

describe('toRecipientData', () => {
  const pcrs = new Map(Array.from({ length: 32 }, (_, index) => [index, new Uint8Array(48).fill(index)]))
  const shown = (index: number): string => Buffer.alloc(48, index).toString('base64')

  it('shows the PCRs of an enclave that the Developer Guide lists, in base64', () => {
    expect(toRecipientData({ kind: 'nitro-enclave', moduleId: 'i-0-enc0', pcrs })).toEqual({
      attestationDocumentModuleId: 'i-0-enc0',
      attestationDocumentEnclaveImageDigest: 'A'.repeat(64),
      attestationDocumentEnclavePCR1: shown(1),
      attestationDocumentEnclavePCR2: shown(2),
      attestationDocumentEnclavePCR3: shown(3),
      attestationDocumentEnclavePCR4: shown(4),
      attestationDocumentEnclavePCR8: shown(8),
    })
  })

  it('shows those of a NitroTPM', () => {
    expect(toRecipientData({ kind: 'nitrotpm', moduleId: 'i-0-tpm0', pcrs })).toEqual({
      attestationDocumentModuleId: 'i-0-tpm0',
      attestationDocumentNitroTPMPCR4: shown(4),
      attestationDocumentNitroTPMPCR7: shown(7),
      attestationDocumentNitroTPMPCR8: shown(8),
      attestationDocumentNitroTPMPCR9: shown(9),
      attestationDocumentNitroTPMPCR16: shown(16),
      attestationDocumentNitroTPMPCR23: shown(23),
    })
  })

  it('leaves out what the document does not hold', () => {
    const moduleId = 'i-0-enc0'
    expect(toRecipientData({ kind: 'nitro-enclave', moduleId, pcrs: new Map() })).toEqual({
      attestationDocumentModuleId: moduleId,
    })
  })
})

describe('toResponseElements', () => {
  const GRANT = { GrantToken: 'never', GrantId: 'f020fe75' }
  const DATE = new Date('2021-04-12T18:58:30.123Z')

  // AWS KMS Developer Guide, "Examples of AWS KMS log entries", the pages of these operations.
  it.each([
    ['Decrypt', { Plaintext: new Uint8Array(8), KeyId: KEY }, KEY, null],
    ['GetKeyPolicy', { Policy: '{}' }, KEY, null],
    ['PutKeyPolicy', null, KEY, null],
    ['RevokeGrant', null, KEY, null],
    ['EnableKey', null, KEY, { keyId: KEY }],
    ['CancelKeyDeletion', { KeyId: KEY }, KEY, { keyId: KEY }],
    ['CreateAlias', null, KEY, { keyId: KEY }],
    ['CreateGrant', GRANT, KEY, { keyId: KEY, grantId: 'f020fe75' }],
    [
      'ScheduleKeyDeletion',
      { KeyId: KEY, KeyState: 'PendingDeletion', DeletionDate: DATE, PendingWindowInDays: 20 },
      KEY,
      { keyId: KEY, keyState: 'PendingDeletion', deletionDate: 'Apr 12, 2021, 6:58:30 PM' },
    ],
    ['SomethingNew', { Secret: 'x' }, null, null],
  ] as const)('%s of %j on %s: %j', (operation, answer, keyArn, expected) => {
    expect(toResponseElements({ operation, answer, keyArn })).toEqual(expected)
  })

  it('shows the metadata of a new key under the names and in the date format of the sample', () => {
    const KeyMetadata = {
      AWSAccountId: '111122223333',
      KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
      Arn: KEY,
      CreationDate: new Date('2022-08-10T22:38:27Z'),
      Enabled: false,
      Description: '',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      DeletionDate: undefined,
      Bytes: new Uint8Array(4),
    }
    const answer = { KeyMetadata }
    expect(toResponseElements({ operation: 'CreateKey', answer, keyArn: null })).toEqual({
      keyMetadata: {
        AWSAccountId: '111122223333',
        keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
        arn: KEY,
        creationDate: 'Aug 10, 2022, 10:38:27 PM',
        enabled: false,
        description: '',
        encryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      },
    })
  })

  it.each([
    ['2022-01-01T00:00:00Z', 'Jan 1, 2022, 12:00:00 AM'],
    ['2022-12-31T12:05:09Z', 'Dec 31, 2022, 12:05:09 PM'],
    ['2022-06-09T11:59:59Z', 'Jun 9, 2022, 11:59:59 AM'],
  ])('writes %s as %s', (time, text) => {
    const answer = { DeletionDate: new Date(time) }
    const elements = toResponseElements({ operation: 'ScheduleKeyDeletion', answer, keyArn: null })
    expect(elements).toEqual({ deletionDate: text })
  })
})
