import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'
import { pythonProgram, WITHOUT_PYTHON } from '../support/python.ts'

const ROLE = 'arn:aws:iam::111122223333:role/app/worker'
const SEED = `
accounts:
  "111122223333":
    roles:
      worker:
        path: /app/
        trust:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: { AWS: "arn:aws:iam::111122223333:user/lab" }
              Action: [sts:AssumeRole, sts:TagSession, sts:SetSourceIdentity]
        policies:
          - { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "kms:*", Resource: "*" }] }
`

let service: TestService
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-sts-'))
  writeFileSync(join(folder, 'seed.yaml'), SEED)
  writeFileSync(
    join(folder, 'config'),
    `[profile worker]\nrole_arn = ${ROLE}\nsource_profile = lab\nrole_session_name = by-profile\nregion = us-east-1\n`,
  )
  const { accessKeyId, secretAccessKey } = LAB_CREDENTIALS
  writeFileSync(
    join(folder, 'credentials'),
    `[lab]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  service = await startLabService({ seedFile: join(folder, 'seed.yaml') })
})
afterAll(async () => {
  await service.end()
  rmSync(folder, { recursive: true })
})
afterEach(() => void vi.unstubAllEnvs())

/** The settings that make clients take roles from the files above, and find the service. */
function profileSettings(): Record<string, string> {
  return {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ENDPOINT_URL_KMS: service.kmsUrl,
    AWS_ENDPOINT_URL_STS: service.kmsUrl,
    AWS_PROFILE: 'worker',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Where the AWS CLI keeps the credentials of roles.
    HOME: folder,
  }
}

/** Who made the calls that the log tells of. */
function callers(): readonly string[] {
  return service.log.map((line) => String((JSON.parse(line) as { caller?: unknown }).caller))
}

describe('the AWS SDK for JavaScript', () => {
  it('assumes the role of a profile by itself, and calls KMS as its session', async () => {
    for (const [name, value] of Object.entries(profileSettings())) vi.stubEnv(name, value)
    const kms = new KMSClient({ maxAttempts: 1 })
    expect((await kms.send(new ListKeysCommand({}))).Keys).toEqual([])
    expect(callers().slice(-2)).toEqual([
      'arn:aws:iam::111122223333:user/lab',
      'arn:aws:sts::111122223333:assumed-role/worker/by-profile',
    ])
  })
})

interface Refusal {
  readonly status: number
  readonly requestId: string
  readonly code: string
  readonly text: string
}

describe.skipIf(WITHOUT_PYTHON !== '')(`unmodified Python clients of STS${WITHOUT_PYTHON}`, () => {
  async function run(
    program: string,
    args: readonly string[],
    env: Record<string, string>,
  ): Promise<unknown> {
    const child = spawn(pythonProgram(program), args, { cwd: folder, env: { ...process.env, ...env } })
    const output: Buffer[] = []
    const diagnostics: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => diagnostics.push(chunk))
    const [status] = await once(child, 'close')
    expect(status, Buffer.concat(diagnostics).toString()).toBe(0)
    return JSON.parse(Buffer.concat(output).toString())
  }

  it('boto3 assumes a role with policy, tags and source identity, and calls KMS as its session', async () => {
    const script = new URL('sts_calls.py', import.meta.url).pathname
    const answers = (await run('python', [script, service.kmsUrl, ROLE], {
      AWS_ACCESS_KEY_ID: LAB_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_CREDENTIALS.secretAccessKey,
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    })) as Record<'beyondPolicy' | 'tampered' | 'noSuchRole' | 'badName', Refusal>
    const Arn = 'arn:aws:sts::111122223333:assumed-role/worker/boto3'
    const id = expect.stringMatching(/^AROA[A-Z2-7]{17}:boto3$/)
    const lab = 'arn:aws:iam::111122223333:user/lab'
    const refused = { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }
    expect(answers).toEqual({
      user: { Arn: lab, UserId: expect.stringMatching(/^AIDA/), Account: '111122223333' },
      assumedRoleUser: { AssumedRoleId: id, Arn },
      sourceIdentity: 'boto3',
      packedPolicySize: expect.any(Number),
      lifetime: 15,
      session: { Arn, UserId: id, Account: '111122223333' },
      random: 16,
      beyondPolicy: {
        ...refused,
        status: 400,
        code: 'AccessDeniedException',
        text: `User: ${Arn} is not authorized to perform: kms:ListKeys on resource: * because no session policy allows the kms:ListKeys action`,
      },
      tampered: {
        ...refused,
        status: 400,
        code: 'UnrecognizedClientException',
        text: 'The security token included in the request is invalid.',
      },
      noSuchRole: {
        ...refused,
        status: 403,
        code: 'AccessDenied',
        text: `User: ${lab} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}x`,
      },
      badName: {
        ...refused,
        status: 400,
        code: 'ValidationError',
        text: String.raw`1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
      },
    })
    const record = await fetch(`${service.adminUrl}/decisions/${answers.noSuchRole.requestId}`, {
      headers: { authorization: `Bearer ${service.adminToken}` },
    })
    expect(await record.json()).toMatchObject({
      operation: 'AssumeRole',
      decisions: [{ reasons: expect.arrayContaining([expect.stringContaining('there is no such role')]) }],
    })
  })

  it('the AWS CLI, version 1, tells who it is, and assumes the role of a profile by itself', async () => {
    const ask = async (...args: readonly string[]): Promise<unknown> =>
      run('aws', [...args, '--output', 'json'], { ...profileSettings(), AWS_DEFAULT_REGION: 'us-east-1' })
    expect(await ask('sts', 'get-caller-identity', '--endpoint-url', service.kmsUrl)).toMatchObject({
      Arn: 'arn:aws:sts::111122223333:assumed-role/worker/by-profile',
    })
    expect(await ask('kms', 'list-keys')).toEqual({ Keys: [] })
    const by = [
      '--profile',
      'lab',
      '--role-arn',
      ROLE,
      '--role-session-name',
      'cli',
      '--duration-seconds',
      '900',
    ]
    expect(await ask('sts', 'assume-role', ...by, '--tags', 'Key=team,Value=red')).toMatchObject({
      Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/), SessionToken: expect.any(String) },
      AssumedRoleUser: { Arn: 'arn:aws:sts::111122223333:assumed-role/worker/cli' },
    })
    expect(callers()).toContain('arn:aws:sts::111122223333:assumed-role/worker/by-profile')
  }, 120_000)
})
