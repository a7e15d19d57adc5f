import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CliRun } from '../support/run-cli.ts'
import { runCli } from '../support/run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'attested-kms-lint-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ROOT = 'arn:aws:iam::111122223333:root'
const ROLE = 'arn:aws:iam::111122223333:role/enclave-host'
const IMAGE = { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': 'a1'.repeat(48) } }
const GATE = {
  Sid: 'Enclave',
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: IMAGE,
}
const DELEGATION = {
  Sid: 'Everything',
  Effect: 'Allow',
  Principal: { AWS: ROOT },
  Action: 'kms:*',
  Resource: '*',
}
const policy = (...Statement: readonly object[]): object => ({ Version: '2012-10-17', Statement })
const OPEN = policy(DELEGATION, GATE)
const CLOSED = policy(GATE)

async function lint(input: unknown, ...flags: readonly string[]): Promise<CliRun> {
  const text = typeof input === 'string' ? input : JSON.stringify(input, null, 2)
  return runCli(['policy', 'lint', '-', ...flags], { stdin: Buffer.from(text) })
}

interface Finding {
  readonly rule: string
  readonly severity: string
  readonly policy: string
  readonly kind: string
  readonly statement: { readonly index: number; readonly sid: string | null } | null
  readonly region: { readonly startLine: number }
  readonly calls: readonly { readonly case: object }[]
}

async function findings(input: unknown, ...flags: readonly string[]): Promise<readonly Finding[]> {
  return (JSON.parse((await lint(input, '--json', ...flags)).stdout) as { findings: readonly Finding[] })
    .findings
}

describe('policy lint', () => {
  it('says that nothing was found, with status 0', async () => {
    expect(await lint(CLOSED)).toMatchObject({
      status: 0,
      stdout: 'standard input: nothing found\n',
      stderr: '',
    })
    expect(await findings(CLOSED)).toEqual([])
  })

  it('tells where, what, which call gets through and what to change, with status 1', async () => {
    const { status, stdout } = await lint(OPEN)
    expect(status).toBe(1)
    expect(stdout).toContain('standard input:10:17: error [account-delegation]\n')
    expect(stdout).toContain('Statement[0] (Sid "Everything")')
    expect(stdout).toMatch(/let in +kms:Decrypt on\n/)
    expect(stdout).toContain(
      '    by        arn:aws:iam::111122223333:user/anybody, whose identity policy allows kms:Decrypt\n',
    )
    expect(stdout).toContain('    with      no attestation document\n')
    expect(stdout).toContain('(Tried: then it is denied.)')
    expect(stdout).toContain('    In place of Statement[0]:\n')
    expect(stdout).toMatch(/standard input: 1 error, 1 warning\n$/)
  })

  it('prints calls that `policy evaluate` allows with the policy put in', async () => {
    const calls = (await findings(OPEN)).flatMap((finding) => finding.calls)
    expect(calls).toHaveLength(3)
    const cases = calls.map((call) => Object.assign({ keyPolicy: OPEN }, call.case))
    const run = await runCli(['policy', 'evaluate'], { stdin: Buffer.from(JSON.stringify(cases)) })
    expect(run.status).toBe(0)
  })

  it('takes --json for --format json, one line a file, and several files', async () => {
    const [open, closed] = [join(folder, 'open.json'), join(folder, 'closed.json')]
    writeFileSync(open, JSON.stringify(OPEN))
    writeFileSync(closed, JSON.stringify(CLOSED))
    const { status, stdout } = await runCli(['policy', 'lint', closed, open, '--format', 'json'])
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; findings: unknown[] })
    expect(lines.map((line) => [line.file, line.findings.length])).toEqual([
      [closed, 0],
      [open, 2],
    ])
    expect(status).toBe(1)
    expect((await runCli(['policy', 'lint', closed, open, '--json'])).stdout).toBe(stdout)
  })

  it('prints SARIF with a relative name for a file below, and a full one for a file elsewhere', async () => {
    const uris = async (file: string): Promise<readonly string[]> => {
      const { stdout } = await runCli(['policy', 'lint', file, '--format', 'sarif'])
      return stdout
        .split('\n')
        .filter((line) => line.includes('"uri"'))
        .map((line) => line.trim())
    }
    const file = join(folder, 'with space.json')
    writeFileSync(file, JSON.stringify(policy(DELEGATION)))
    expect(await uris(file)).toEqual([expect.stringMatching(/^"uri": "file:\/\/\/.*\/with%20space\.json"$/)])
    const below = new URL('../../fixtures/lint/bypasses.json', import.meta.url).pathname
    expect(new Set(await uris(below))).toEqual(new Set(['"uri": "fixtures/lint/bypasses.json"']))
  })

  it.each([
    ['no JSON', 'Statement'],
    ['a number', '7'],
    ['nothing', ''],
  ])('ends with 2 for %s', async (_, text) => {
    expect(await lint(text)).toMatchObject({ status: 2, stdout: '' })
  })

  it('looks at the other files beside one that cannot be read, with status 2', async () => {
    const file = join(folder, 'other.json')
    writeFileSync(file, JSON.stringify(OPEN))
    const { status, stdout, stderr } = await runCli(['policy', 'lint', join(folder, 'no.json'), file])
    expect(status).toBe(2)
    expect(stdout).toContain('account-delegation')
    expect(stderr).toContain('no.json cannot be read')
  })

  it.each([
    ['no file', []],
    ['an unknown format', ['-', '--format', 'xml']],
    ['a key that is none', ['-', '--key-arn', 'alias/app']],
  ])('ends with 2 for %s', async (_, args) => {
    expect((await runCli(['policy', 'lint', ...args], { stdin: Buffer.from('{}') })).status).toBe(2)
  })

  it('tells of a policy that cannot be read, with the path of the element', async () => {
    const [finding] = await findings(policy(GATE, { ...GATE, Sid: 'Twice', Conditon: {} }))
    expect(finding).toMatchObject({
      rule: 'unreadable-policy',
      statement: { index: 1 },
      region: { startLine: 18 },
    })
    expect((await findings('{"Version":"2012-10-17","Version":"2012-10-17"}'))[0]?.rule).toBe(
      'unreadable-policy',
    )
  })

  it('knows identity policies by their lack of principals, and takes --kind', async () => {
    const { Principal: _, ...statement } = GATE
    const more = { Effect: 'Allow', Action: 'kms:*', Resource: '*' }
    expect((await findings(policy(statement, more)))[0]).toMatchObject({
      kind: 'identity',
      statement: { index: 1 },
    })
    expect((await findings(policy(statement), '--kind', 'key'))[0]?.rule).toBe('unreadable-policy')
  })

  it('looks at the policies of cases, and of rows that hold a case', async () => {
    const { Principal: _, ...statement } = GATE
    const one = {
      keyArn: null,
      keyPolicy: OPEN,
      identityPolicies: [
        policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
        policy(statement, { ...statement, Condition: {}, Sid: 'x' }),
      ],
    }
    expect([...new Set((await findings(one)).map((finding) => finding.policy))].sort()).toEqual([
      'identityPolicies[1]',
      'keyPolicy',
    ])
    expect((await findings([CLOSED, { name: 'a', case: one }])).map((finding) => finding.policy)).toContain(
      '[1].case.keyPolicy',
    )
  })

  it('leaves out what is less severe than --level', async () => {
    expect(await lint(policy(DELEGATION), '--level', 'warning')).toMatchObject({ status: 0 })
    expect((await findings(OPEN, '--level', 'error')).map(({ rule }) => rule)).toEqual(['account-delegation'])
  })

  it('demands attestation of a policy that asks for none, if told to', async () => {
    expect((await findings(policy(DELEGATION))).map(({ rule }) => rule)).toEqual(['no-attestation'])
    const rules = (await findings(policy(DELEGATION), '--require-attestation')).map(({ rule }) => rule)
    expect(rules).toEqual(['account-delegation', 'grant-past-condition'])
  })

  it('knows by --key-arn that a statement is about another key', async () => {
    const other = { ...GATE, Sid: 'Other', Resource: 'arn:aws:kms:us-east-1:111122223333:key/other' }
    const key = 'arn:aws:kms:us-east-1:111122223333:key/this'
    expect((await findings(policy(GATE, other), '--key-arn', key)).map(({ rule }) => rule)).toEqual([
      'no-effect-resource',
    ])
    expect(await findings(policy(GATE, other))).toEqual([])
  })

  it('shows control characters of a policy by their code points', async () => {
    const { stdout } = await lint(policy({ ...DELEGATION, Sid: 'a\u202eb\u001b[2J' }, GATE))
    expect(stdout).not.toContain('\u202e')
    expect(stdout).not.toContain('\u001b')
  })

  it('prints 500 findings of a file at most, and the number of the others', async () => {
    const table = Array.from({ length: 300 }, () => OPEN)
    const { stdout } = await lint(table, '--json')
    const { findings: printed, omitted } = JSON.parse(stdout) as { findings: unknown[]; omitted: number }
    expect([printed.length, omitted]).toEqual([500, 100])
    expect((await lint(table)).stdout).toMatch(/standard input: 100 more findings\n/)
    expect((await lint(table, '--format', 'sarif')).stderr).toContain('100 more findings')
  })

  it('finds something in every row of the tables of bypasses, and nothing in those that are good', async () => {
    const read = (name: string): readonly { readonly policy: object }[] =>
      JSON.parse(readFileSync(new URL(`../../fixtures/lint/${name}.json`, import.meta.url), 'utf8')) as {
        policy: object
      }[]
    for (const row of read('bypasses')) expect((await lint(row.policy)).status).toBe(1)
    expect((await lint(read('good').map((row) => row.policy))).status).toBe(0)
  })
})
