import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CliRun } from '../support/run-cli.ts'
import { runCli } from '../support/run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'attested-kms-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ALICE = 'arn:aws:iam::111122223333:user/alice'
const STATEMENT = { Effect: 'Allow', Principal: { AWS: ALICE }, Action: 'kms:Decrypt', Resource: '*' }
const ALLOWED = {
  keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  keyPolicy: { Version: '2012-10-17', Statement: [STATEMENT] },
  principal: { arn: ALICE, account: '111122223333', kind: 'user' },
  action: 'kms:Decrypt',
}
const DENIED = { ...ALLOWED, action: 'kms:Encrypt' }

async function run(input: unknown, ...flags: readonly string[]): Promise<CliRun> {
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  return runCli(['policy', 'evaluate', ...flags], { stdin: Buffer.from(text) })
}

interface Answer {
  readonly decision: string
  readonly by: string | null
  readonly reasons: readonly string[]
}

async function answers(input: unknown): Promise<readonly Answer[]> {
  return JSON.parse((await run(input, '--json')).stdout) as readonly Answer[]
}

describe('policy evaluate', () => {
  it('prints the decision with its reasons, and ends with 0 for an allow', async () => {
    const { status, stdout, stderr } = await run(ALLOWED)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe('allow by key-policy\n  key policy, Statement[0] allows it.\n')
  })

  it('ends with 1 for a deny, and says what did not match', async () => {
    const { status, stdout } = await run(DENIED)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^implicit-deny\n {2}No statement of the key policy allows kms:Encrypt/)
    expect(stdout).toContain('its Action is "kms:Decrypt", and the action is "kms:Encrypt".')
  })

  it('answers one case with one object, and an array in its order with an array', async () => {
    const one = await run(ALLOWED, '--json')
    expect(JSON.parse(one.stdout)).toEqual({
      decision: 'allow',
      by: 'key-policy',
      reasons: ['key policy, Statement[0] allows it.'],
    })
    const several = await run([DENIED, ALLOWED, DENIED], '--json')
    expect(several.status).toBe(1)
    const decisions = (JSON.parse(several.stdout) as readonly Answer[]).map(({ decision }) => decision)
    expect(decisions).toEqual(['implicit-deny', 'allow', 'implicit-deny'])
    expect(await run([ALLOWED], '--json')).toMatchObject({ status: 0 })
    expect(await run([], '--json')).toMatchObject({ status: 0, stdout: '[]\n' })
  })

  it('reads a file as well as standard input', async () => {
    const file = join(folder, 'case.json')
    writeFileSync(file, JSON.stringify(ALLOWED, null, 2))
    expect((await runCli(['policy', 'evaluate', file])).stdout).toMatch(/^allow/)
    expect((await runCli(['policy', 'evaluate', '-'], { stdin: readFileSync(file) })).stdout).toMatch(
      /^allow/,
    )
  })

  it.each([
    ['no JSON', 'allow'],
    ['a text', '"case"'],
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
  ])('ends with 2 for %s', async (_, text) => {
    const stdin = Buffer.from(text, 'latin1')
    const { status, stdout } = await runCli(['policy', 'evaluate'], { stdin })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  it('ends with 2 for a file that is not there', async () => {
    expect((await runCli(['policy', 'evaluate', join(folder, 'no.json')])).status).toBe(2)
  })

  it.each<[string, unknown]>([
    ['a number', 7],
    ['an object without members', {}],
    ['a principal that is none', { ...ALLOWED, principal: { ...ALLOWED.principal, kind: 'admin' } }],
    ['an action that is none', { ...ALLOWED, action: ['kms:Decrypt'] }],
    ['a key that is none', { ...ALLOWED, keyArn: 1 }],
    ['a context of objects', { ...ALLOWED, context: { 'kms:x': {} } }],
    ['a context that is a list', { ...ALLOWED, context: [] }],
    ['an encryption context of lists', { ...ALLOWED, encryptionContext: { a: ['b'] } }],
    ['identity policies that are no list', { ...ALLOWED, identityPolicies: {} }],
    ['a role that is no text', { ...ALLOWED, principal: { ...ALLOWED.principal, roleArn: 1 } }],
  ])('gives %s a closed decision, and answers the cases beside it, with status 2', async (_, broken) => {
    const { status, stdout, stderr } = await run([ALLOWED, broken, ALLOWED], '--json')
    const decisions = (JSON.parse(stdout) as readonly Answer[]).map(({ decision }) => decision)
    expect(decisions).toEqual(['allow', 'implicit-deny', 'allow'])
    expect(status).toBe(2)
    expect(stderr).toContain('case 1 cannot be read')
  })

  it('takes a policy that gives a member twice for one that cannot be read, and no other case with it', async () => {
    const twice = JSON.stringify(ALLOWED).replace('"Effect":"Allow"', '"Effect":"Deny","Effect":"Allow"')
    const [first, second] = await answers(`[${twice},${JSON.stringify(ALLOWED)}]`)
    expect(first).toMatchObject({ decision: 'implicit-deny', by: null })
    expect(first?.reasons[0]).toContain('cannot be used')
    expect(second?.decision).toBe('allow')
    expect((await run(`[${twice}]`)).status).toBe(1)
  })

  it('takes a member of the case given twice for no case', async () => {
    const twice = `${JSON.stringify(ALLOWED).slice(0, -1)},"keyPolicy":null}`
    expect(await run(twice)).toMatchObject({ status: 2, stdout: expect.stringMatching(/^implicit-deny/) })
  })

  it('gives a policy nested without end a closed decision', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const text = JSON.stringify({ ...ALLOWED, keyPolicy: 'DEEP', context: null }).replace('"DEEP"', deep)
    expect((await answers(`[${text}]`))[0]?.decision).toBe('implicit-deny')
    const context = JSON.stringify({ ...ALLOWED, context: 'DEEP' }).replace('"DEEP"', deep)
    expect((await run(context)).status).toBe(2)
  })

  it('does not count for the size of a policy how it is laid out', async () => {
    const Statement = Array.from({ length: 200 }, (_, at) => ({ ...STATEMENT, Sid: `${at}` }))
    const large = { ...ALLOWED, keyPolicy: { Version: '2012-10-17', Statement } }
    expect(JSON.stringify(large.keyPolicy).length).toBeLessThan(32_768)
    expect(JSON.stringify(large, null, 2).length).toBeGreaterThan(32_768)
    expect((await run(JSON.stringify(large, null, 2))).status).toBe(0)
  })

  it('adds nothing to the condition keys and drops none', async () => {
    const keyPolicy = (condition: object): object => ({
      Version: '2012-10-17',
      Statement: [{ ...STATEMENT, Condition: condition }],
    })
    const decisions = await answers([
      { ...ALLOWED, keyPolicy: keyPolicy({ Null: { 'aws:CurrentTime': 'true' } }) },
      { ...ALLOWED, keyPolicy: keyPolicy({ Null: { 'kms:CallerAccount': 'true' } }) },
      {
        ...ALLOWED,
        encryptionContext: { a: 'b' },
        keyPolicy: keyPolicy({ Null: { 'kms:EncryptionContext:a': 'true' } }),
      },
      {
        ...ALLOWED,
        context: { 'my:key': 5, 'kms:MultiRegion': true },
        keyPolicy: keyPolicy({ NumericEquals: { 'my:key': '5' }, Bool: { 'kms:MultiRegion': 'true' } }),
      },
    ])
    expect(decisions.map(({ decision }) => decision)).toEqual(['allow', 'allow', 'allow', 'allow'])
  })

  it('names members that it does not look at, but for remarks', async () => {
    const { status, stderr } = await run({ ...ALLOWED, name: 'a', sessionPolicy: [] })
    expect(status).toBe(0)
    expect(stderr).toBe('attested-kms: members that are not looked at: "sessionPolicy"\n')
  })

  it('decides all tables as they say', async () => {
    const tables = new URL('../../fixtures/policies/', import.meta.url).pathname
    const rows = readdirSync(tables).flatMap(
      (file) =>
        JSON.parse(readFileSync(join(tables, file), 'utf8')) as readonly {
          readonly case: object
          readonly expected: { readonly decision: string }
        }[],
    )
    const decided = await answers(rows.map((row) => row.case))
    expect(decided.map(({ decision }) => decision)).toEqual(rows.map(({ expected }) => expected.decision))
  })
})
