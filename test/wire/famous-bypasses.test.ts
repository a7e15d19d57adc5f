import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  GenerateDataKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lintPolicy } from '../../src/lint/lint-policy.ts'
import type { TestEnclave } from '../support/an-enclave.ts'
import { anEnclave } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'
import { runCli } from '../support/run-cli.ts'

/*
 * The ways round attestation that people ship: each is walked over the wire by somebody without a document, told of by
 * `explain`, and found by the linter.
 */

const ACCOUNT = '111122223333'
const IMAGE = 'ab'.repeat(48)
const HOST = `arn:aws:iam::${ACCOUNT}:user/host`
const SECRET = 'a-secret-for-tests-only'

type Statement = Readonly<Record<string, unknown>>

const administer: Statement = {
  Sid: 'Administer',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/lab` },
  Action: 'kms:*',
  Resource: '*',
}
const allow = (more: Statement): Statement => ({
  Sid: 'Enclave',
  Effect: 'Allow',
  Principal: { AWS: HOST },
  Action: 'kms:GenerateDataKey',
  Resource: '*',
  ...more,
})
const measured = (operator: string, value: unknown = IMAGE): Statement => ({
  Condition: { [operator]: { 'kms:RecipientAttestation:ImageSha384': value } },
})
const gate = allow(measured('StringEqualsIgnoreCase'))

interface Bypass {
  readonly name: string
  readonly statements: readonly Statement[]
  /** What is done before the secret is asked for; by the administrator or the gated party itself. */
  readonly first?: (parties: Parties, keyId: string) => Promise<unknown>
  /** Rules of which the linter must name one, as an error. */
  readonly rules: RegExp
  /** What `explain` must say of the call that got through. */
  readonly explained: RegExp
}

interface Parties {
  readonly admin: KMSClient
  readonly host: KMSClient
}

const BYPASSES: readonly Bypass[] = [
  {
    name: 'root delegation with kms:* beside a conditional allow',
    statements: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      gate,
    ],
    rules: /delegation/,
    explained: /"Enable IAM User Permissions".*lets the identity policies of the account decide/,
  },
  {
    name: 'a grant past a conditional allow',
    statements: [administer, gate, allow({ Sid: 'Delegate', Action: 'kms:CreateGrant' })],
    first: ({ host }, KeyId) =>
      host.send(new CreateGrantCommand({ KeyId, GranteePrincipal: HOST, Operations: ['GenerateDataKey'] })),
    rules: /grant/,
    explained: /by grant[\s\S]*grant [0-9a-f]{64} allows it/,
  },
  {
    name: 'PutKeyPolicy in the hands of the gated party',
    statements: [administer, gate, allow({ Sid: 'Tune', Action: 'kms:PutKeyPolicy' })],
    first: ({ host }, KeyId) =>
      host.send(
        new PutKeyPolicyCommand({
          KeyId,
          Policy: toPolicy([
            administer,
            allow({ Sid: 'Open', Action: ['kms:GenerateDataKey', 'kms:PutKeyPolicy'] }),
          ]),
        }),
      ),
    rules: /policy/,
    explained: /"Open".*allows it/,
  },
  {
    name: 'StringNotEquals without a document',
    statements: [administer, allow(measured('StringNotEquals', '0'.repeat(96)))],
    rules: /./,
    explained: /"Enclave".*allows it/,
  },
  {
    name: 'StringEqualsIfExists without a document',
    statements: [administer, allow(measured('StringEqualsIfExists'))],
    rules: /./,
    explained: /"Enclave".*allows it/,
  },
  {
    name: 'ForAllValues without a document',
    statements: [administer, allow(measured('ForAllValues:StringEquals'))],
    rules: /./,
    explained: /"Enclave".*allows it/,
  },
  {
    name: 'Null the wrong way round',
    statements: [administer, allow(measured('Null', 'true'))],
    rules: /./,
    explained: /"Enclave".*allows it/,
  },
  {
    name: 'a second statement without the condition',
    statements: [administer, gate, allow({ Sid: 'Backup', Action: 'kms:Generate*' })],
    rules: /./,
    explained: /"Backup".*allows it/,
  },
  {
    name: 'a deny that asks for a document with a positive operator',
    statements: [
      administer,
      allow({}),
      { ...allow(measured('StringEquals')), Sid: 'Guard', Effect: 'Deny', Principal: '*' },
    ],
    rules: /./,
    explained: /"Enclave".*allows it/,
  },
]

function toPolicy(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

let folder: string
let service: TestService
let parties: Parties
let enclave: TestEnclave

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-bypasses-'))
  const everything = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }
  const users = {
    host: { accessKeys: [{ id: 'AKIAHOST000000000000', secret: SECRET }], policies: [everything] },
  }
  const seedFile = join(folder, 'seed.json')
  writeFileSync(seedFile, JSON.stringify({ accounts: { [ACCOUNT]: { users } } }))
  service = await startLabService({ seedFile })
  const client = (credentials: typeof LAB_CREDENTIALS): KMSClient =>
    new KMSClient({ endpoint: service.kmsUrl, region: 'us-east-1', credentials })
  parties = {
    admin: client(LAB_CREDENTIALS),
    host: client({ accessKeyId: 'AKIAHOST000000000000', secretAccessKey: SECRET }),
  }
  enclave = await anEnclave(service, { pcrs: { 0: IMAGE } })
})
afterAll(async () => {
  await service.end()
  rmSync(folder, { recursive: true })
})

async function newKey(statements: readonly Statement[]): Promise<string> {
  const { KeyMetadata } = await parties.admin.send(new CreateKeyCommand({ Policy: toPolicy(statements) }))
  return KeyMetadata?.KeyId ?? ''
}

/** A secret in plaintext, asked for without a document. */
const ask = (KeyId: string) => parties.host.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))

async function explain(requestId: string | undefined): Promise<string> {
  const where = ['--admin', service.adminUrl, '--data', service.dataDirectory]
  return (await runCli(['explain', requestId ?? '', ...where])).stdout
}

describe.each(BYPASSES)('$name', ({ statements, first, rules, explained }) => {
  it('gives plaintext to somebody without a document, and explain says by which statement', async () => {
    const keyId = await newKey(statements)
    await first?.(parties, keyId)
    const { Plaintext, $metadata } = await ask(keyId)
    expect(Plaintext).toHaveLength(32)
    expect(await explain($metadata.requestId)).toMatch(explained)
  })

  it('is found by the linter, with a call that gets through', () => {
    const findings = lintPolicy(toPolicy(statements), { kind: 'key' })
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ rule }) => rule).join(' ')).toMatch(rules)
    expect(errors.some(({ calls }) => calls.length > 0)).toBe(true)
  })
})

describe('the robust pattern: a deny for everybody without the measurement', () => {
  const statements: readonly Statement[] = [
    // Who administers the key does not use it.
    {
      Sid: 'Administer',
      Effect: 'Allow',
      Principal: administer['Principal'],
      NotAction: ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:DeriveSharedSecret', 'kms:ReEncrypt*'],
      Resource: '*',
    },
    allow({ Action: ['kms:GenerateDataKey', 'kms:CreateGrant'] }),
    {
      Sid: 'OnlyAttested',
      Effect: 'Deny',
      Principal: '*',
      Action: [
        'kms:Decrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyPair',
        'kms:DeriveSharedSecret',
        'kms:ReEncrypt*',
      ],
      Resource: '*',
      ...measured('StringNotEqualsIgnoreCase'),
    },
  ]

  it('stops a call without a document, with or without a grant, and lets the enclave in', async () => {
    const KeyId = await newKey(statements)
    const grant = { KeyId, GranteePrincipal: HOST, Operations: ['GenerateDataKey' as const] }
    await parties.host.send(new CreateGrantCommand(grant))
    const denied: unknown = await ask(KeyId).catch((error: unknown) => error)
    expect(denied).toMatchObject({ name: 'AccessDeniedException' })
    const { $metadata } = denied as { readonly $metadata: { readonly requestId: string } }
    expect(await explain($metadata.requestId)).toMatch(
      /"OnlyAttested".*denies it.*StringNotEqualsIgnoreCase kms:RecipientAttestation:ImageSha384/,
    )
    const attested = await parties.host.send(
      new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', Recipient: enclave.recipient }),
    )
    expect(enclave.open(attested.CiphertextForRecipient ?? '')).toHaveLength(32)
  })

  it('is nothing that the linter calls an error', () => {
    const findings = lintPolicy(toPolicy(statements), { kind: 'key' })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})
