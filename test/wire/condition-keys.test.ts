import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  KMSServiceException,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEnclave } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'
import { type Call, IMAGE, SIGNING, type Subject } from './condition-key-calls.ts'
import type { Row } from './condition-key-row.ts'
import { ROWS } from './condition-key-rows.ts'

/*
 * Every condition key that requests can have here, over the wire with the unmodified SDK: a statement with a condition on
 * it allows the call where the condition holds, and nothing else does.
 */

const ACCOUNT = '111122223333'
const condition = ({ operator = 'StringEquals', key }: Row, value: string): object => ({
  [operator]: { [key]: value },
})
const policy = (...statements: readonly object[]): object => ({
  Version: '2012-10-17',
  Statement: statements,
})

/** An access key for each row and way: identity policies are declared in the seed file. */
const accessKeyOf = (name: string): { accessKeyId: string; secretAccessKey: string } => ({
  accessKeyId: `AKIA${name.toUpperCase().replaceAll('-', '').padEnd(16, '0')}`,
  secretAccessKey: `secret-of-${name}-for-this-test`,
})

interface SeedUser {
  readonly name: string
  readonly policies: readonly object[]
}

const USERS: readonly SeedUser[] = ROWS.flatMap((row, at) => [
  { name: `row-${at}-key`, policies: [] },
  ...[row.value, row.otherValue].flatMap((value, which) =>
    value === undefined
      ? []
      : [
          {
            name: `row-${at}-${which === 0 ? 'good' : 'bad'}`,
            policies: [
              policy(
                {
                  Effect: 'Allow',
                  Action: `kms:${row.action}`,
                  Resource: '*',
                  Condition: condition(row, value),
                },
                ...(row.action === 'CreateKey'
                  ? [{ Effect: 'Allow', Action: 'kms:TagResource', Resource: '*' }]
                  : []),
              ),
            ],
          },
        ],
  ),
])

let folder: string
let service: TestService
let lab: KMSClient
let shared: Omit<Subject, 'keyId' | 'alias'>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-conditions-'))
  const users = Object.fromEntries(
    USERS.map(({ name, policies }) => {
      const { accessKeyId: id, secretAccessKey: secret } = accessKeyOf(name)
      return [name, { accessKeys: [{ id, secret }], policies }]
    }),
  )
  const seedFile = join(folder, 'seed.json')
  writeFileSync(seedFile, JSON.stringify({ accounts: { [ACCOUNT]: { users } } }))
  service = await startLabService({ seedFile })
  lab = clientOf(LAB_CREDENTIALS)
  const agreement = await lab.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }),
  )
  shared = {
    agreementKeyId: agreement.KeyMetadata?.KeyId ?? '',
    enclave: await anEnclave(service, { pcrs: { 0: IMAGE, 8: SIGNING } }),
    tpm: await anEnclave(service, { kind: 'nitrotpm', pcrs: { 4: IMAGE } }),
  }
})
afterAll(async () => {
  await service.end()
  rmSync(folder, { recursive: true })
})

function clientOf(credentials: { accessKeyId: string; secretAccessKey: string }): KMSClient {
  return new KMSClient({ endpoint: service.kmsUrl, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** A key with a tag and an alias, whose policy lets the lab user administer it and has these statements besides. */
async function newSubject(name: string, statements: readonly object[]): Promise<Subject> {
  const administer = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/lab` },
    Action: 'kms:*',
    Resource: '*',
  }
  const { KeyMetadata } = await lab.send(
    new CreateKeyCommand({
      Policy: JSON.stringify(policy(administer, ...statements)),
      Tags: [{ TagKey: 'team', TagValue: 'blue' }],
    }),
  )
  const keyId = KeyMetadata?.KeyId ?? ''
  const alias = `alias/own-${name}`
  await lab.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }))
  await lab.send(
    new PutKeyPolicyCommand({
      KeyId: shared.agreementKeyId,
      Policy: JSON.stringify(policy(administer, ...statements)),
    }),
  )
  return { ...shared, keyId, alias }
}

async function outcomeOf(call: Call, user: string, subject: Subject): Promise<string> {
  try {
    await call(clientOf(accessKeyOf(user)), subject)
    return 'answered'
  } catch (error) {
    if (error instanceof KMSServiceException) return error.name
    throw error
  }
}

describe('in a key policy', () => {
  it.each(ROWS.flatMap((row, at) => (row.identityOnly ? [] : [{ ...row, at }])))(
    '$key for $action',
    async ({ at, ...row }) => {
      const user = `row-${at}-key`
      const statement = (value: string): object => ({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/${user}` },
        Action: `kms:${row.action}`,
        Resource: '*',
        Condition: condition(row, value),
      })
      const bad = await newSubject(`${user}-bad`, [statement(row.otherValue ?? row.value)])
      expect(await outcomeOf(row.otherCall ?? row.call, user, bad)).toBe('AccessDeniedException')
      const good = await newSubject(`${user}-good`, [statement(row.value)])
      expect(await outcomeOf(row.call, user, good)).toBe('answered')
    },
  )
})

describe('in an identity policy', () => {
  it.each([...ROWS.entries()].map(([at, row]) => ({ key: row.key, action: row.action, at, row })))(
    '$key for $action',
    async ({ at, row }) => {
      const delegation = {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: `kms:${row.action}`,
        Resource: '*',
      }
      const bad = await newSubject(`row-${at}-bad`, [delegation])
      const badUser = row.otherValue === undefined ? `row-${at}-good` : `row-${at}-bad`
      expect(await outcomeOf(row.otherCall ?? row.call, badUser, bad)).toBe('AccessDeniedException')
      const good = await newSubject(`row-${at}-good`, [delegation])
      expect(await outcomeOf(row.call, `row-${at}-good`, good)).toBe('answered')
    },
  )
})

it('kms:BypassPolicyLockoutSafetyCheck in a key policy gates PutKeyPolicy', async () => {
  const name = 'row-0-key'
  const subject = await newSubject('bypass', [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/${name}` },
      Action: 'kms:PutKeyPolicy',
      Resource: '*',
      Condition: { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } },
    },
  ])
  const put =
    (bypass: boolean): Call =>
    (kms, { keyId }) =>
      kms.send(
        new PutKeyPolicyCommand({
          KeyId: keyId,
          Policy: JSON.stringify(
            policy({
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/lab` },
              Action: 'kms:*',
              Resource: '*',
            }),
          ),
          ...(bypass && { BypassPolicyLockoutSafetyCheck: true }),
        }),
      )
  expect(await outcomeOf(put(false), name, subject)).toBe('AccessDeniedException')
  expect(await outcomeOf(put(true), name, subject)).toBe('answered')
})

it('a document that is refused gives a policy no measurements', async () => {
  const subject = await newSubject('refused-document', [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/row-0-key` },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:RecipientAttestation:PCR0': IMAGE } },
    },
  ])
  const { CiphertextBlob } = await lab.send(
    new EncryptCommand({ KeyId: subject.keyId, Plaintext: Buffer.from('secret') }),
  )
  const { document, recipient } = subject.enclave
  const forged = Buffer.from(document)
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
  const decrypt =
    (AttestationDocument: Uint8Array): Call =>
    (kms) =>
      kms.send(new DecryptCommand({ CiphertextBlob, Recipient: { ...recipient, AttestationDocument } }))
  expect(await outcomeOf(decrypt(forged), 'row-0-key', subject)).toBe('AccessDeniedException')
  expect(await outcomeOf(decrypt(document), 'row-0-key', subject)).toBe('answered')
})
