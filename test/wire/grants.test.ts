import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  paginateListGrants,
  RetireGrantCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'
import { runCli } from '../support/run-cli.ts'

const ACCOUNT = '111122223333'
const GRANTEE = `arn:aws:iam::${ACCOUNT}:user/grantee`
const RETIRER = `arn:aws:iam::${ACCOUNT}:user/retirer`
const user = (id: string): object => ({ accessKeys: [{ id, secret: 'a-secret-for-tests-only' }] })

let folder: string
let service: TestService
let admin: KMSClient
let grantee: KMSClient
let retirer: KMSClient
let KeyId: string

/** Starts the service on the same data, as after an end or a crash. */
async function start(): Promise<void> {
  service = await startLabService({ data: join(folder, 'data'), seedFile: join(folder, 'seed.json') })
  const client = (credentials: typeof LAB_CREDENTIALS): KMSClient =>
    new KMSClient({ endpoint: service.kmsUrl, region: 'us-east-1', credentials })
  const secretAccessKey = 'a-secret-for-tests-only'
  admin = client(LAB_CREDENTIALS)
  grantee = client({ accessKeyId: 'AKIAGRANTEE000000000', secretAccessKey })
  retirer = client({ accessKeyId: 'AKIARETIRER000000000', secretAccessKey })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-grants-'))
  const users = { grantee: user('AKIAGRANTEE000000000'), retirer: user('AKIARETIRER000000000') }
  writeFileSync(join(folder, 'seed.json'), JSON.stringify({ accounts: { [ACCOUNT]: { users } } }))
  await start()
  KeyId = (await admin.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? ''
})
afterAll(async () => {
  await service.end()
  rmSync(folder, { recursive: true })
})

const named = (name: string): unknown => expect.objectContaining({ name })

describe('grants, with the unmodified AWS SDK for JavaScript', () => {
  it('are made by an administrator, used by their grantee, hold after a restart, and are retired', async () => {
    const EncryptionContext = { tenant: 'a' }
    const made = await admin.send(
      new CreateGrantCommand({
        KeyId,
        GranteePrincipal: GRANTEE,
        RetiringPrincipal: RETIRER,
        Operations: ['Encrypt', 'Decrypt'],
        Constraints: { EncryptionContextSubset: EncryptionContext },
        Name: 'tenant-a',
      }),
    )
    const GrantTokens = [made.GrantToken ?? '']
    const Plaintext = Buffer.from('Hello, World')
    const { CiphertextBlob } = await grantee.send(
      new EncryptCommand({ KeyId, Plaintext, EncryptionContext, GrantTokens }),
    )
    await service.end()
    await start()
    const opened = await grantee.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, GrantTokens }))
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('Hello, World')
    const { Grants } = await admin.send(new ListGrantsCommand({ KeyId }))
    expect(Grants).toEqual([
      {
        KeyId,
        GrantId: made.GrantId,
        Name: 'tenant-a',
        CreationDate: expect.any(Date),
        GranteePrincipal: GRANTEE,
        RetiringPrincipal: RETIRER,
        IssuingAccount: `arn:aws:iam::${ACCOUNT}:root`,
        Operations: ['Encrypt', 'Decrypt'].sort(),
        Constraints: { EncryptionContextSubset: EncryptionContext },
      },
    ])
    const retirable = await admin.send(new ListRetirableGrantsCommand({ RetiringPrincipal: RETIRER }))
    expect(retirable.Grants).toEqual(Grants)

    const byGrantee = grantee.send(new RetireGrantCommand({ GrantToken: made.GrantToken }))
    await expect(byGrantee).rejects.toThrow(named('AccessDeniedException'))
    await retirer.send(new RetireGrantCommand({ GrantToken: made.GrantToken }))
    const after = grantee.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
    await expect(after).rejects.toThrow(named('AccessDeniedException'))
    const token = admin.send(new EncryptCommand({ KeyId, Plaintext, GrantTokens }))
    await expect(token).rejects.toThrow(named('InvalidGrantTokenException'))
  })

  it('come in pages, and are revoked', async () => {
    const make = new CreateGrantCommand({ KeyId, GranteePrincipal: GRANTEE, Operations: ['Decrypt'] })
    const made = []
    for (let count = 0; count < 5; count++) made.push((await admin.send(make)).GrantId)
    const listed = new Set<unknown>()
    for await (const page of paginateListGrants({ client: admin, pageSize: 2 }, { KeyId })) {
      for (const { GrantId } of page.Grants ?? []) listed.add(GrantId)
    }
    expect(listed).toEqual(new Set(made))
    for (const GrantId of made) await admin.send(new RevokeGrantCommand({ KeyId, GrantId }))
    expect((await admin.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([])
  })

  it('refuse in words of the SDK, and explain says which grant did not match and why', async () => {
    const unknown = admin.send(new RevokeGrantCommand({ KeyId, GrantId: 'x' }))
    await expect(unknown).rejects.toThrow(named('InvalidGrantIdException'))
    const Operations = ['Decrypt'] as const
    const { GrantId } = await admin.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: GRANTEE, Operations: [...Operations] }),
    )
    let requestId = ''
    const denied = grantee.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('p') }))
    await denied.catch((error: { readonly $metadata: { readonly requestId: string } }) => {
      ;({ requestId } = error.$metadata)
    })
    const { stdout } = await runCli([
      'explain',
      requestId,
      '--admin',
      service.adminUrl,
      '--data',
      service.dataDirectory,
    ])
    expect(stdout).toContain(
      `no match  ${GrantId}\n      its operations are "Decrypt", and the action is "kms:Encrypt"`,
    )
    await admin.send(new RevokeGrantCommand({ KeyId, GrantId }))
  })

  it('leave no token in the log', async () => {
    const { GrantToken } = await admin.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: GRANTEE, Operations: ['Decrypt'] }),
    )
    await admin.send(new RetireGrantCommand({ GrantToken }))
    expect(service.log.join('\n')).toContain('RetireGrant')
    expect(service.log.join('\n')).not.toContain(GrantToken)
  })
})
