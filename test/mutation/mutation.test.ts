import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import { createCheckSwitches } from './check-switches.ts'
import { conditionMutations } from './conditions.ts'

interface Run {
  readonly status: number
  readonly output: string
}

async function runMutation(...args: readonly string[]): Promise<Run> {
  const script = new URL('run.ts', import.meta.url).pathname
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : 1, output: stdout + stderr })
    })
  })
}

describe('the checks of the verifier', () => {
  it('cannot be switched off unnoticed, none of the 69', async () => {
    const { status, output } = await runMutation()
    const shown = ATTESTATION_CHECKS.filter(({ code }) => output.includes(`\n${code} `))
    expect(output).toContain('69 checks switched off, 0 unnoticed')
    expect(shown).toHaveLength(69)
    expect(status).toBe(0)
  }, 120_000)
})

const fileWith = (text: string) => ({ path: 'src/attestation/x.ts', text, dependents: [] })
const changed = (text: string): readonly string[] =>
  conditionMutations(fileWith(text)).flatMap(({ sources }) => Array.from(sources.values()))

describe('switching off', () => {
  const switched = (text: string): string | undefined =>
    createCheckSwitches([fileWith(text)])('C').sources.get('src/attestation/x.ts')

  it.each([
    [
      'a condition',
      `if (a) throw new AttestationError('C', '')`,
      `if (false) throw new AttestationError('C', '')`,
    ],
    [
      'a condition before a block',
      `if (a) { b(); throw new AttestationError('C', '') }`,
      `if (false) { b(); throw new AttestationError('C', '') }`,
    ],
    ['a statement', `b(); throw new AttestationError('C', '')`, `b(); ;`],
    [
      'what is caught',
      `function f() { try { b() } catch { throw new AttestationError('C', '') } }`,
      `function f() { try { b() } catch { return } }`,
    ],
    [
      'every call of what makes the error',
      `function e() { return new AttestationError('C', '') } if (a) throw e(); if (b) throw e()`,
      `function e() { return new AttestationError('C', '') } if (false) throw e(); if (false) throw e()`,
    ],
  ])('%s', (_, before, after) => {
    expect(switched(before)).toBe(after)
  })

  it.each([
    ['an error that is not made', `new AttestationError('D', '')`],
    ['an error that nobody throws', `function e() { return new AttestationError('C', '') }`],
  ])('fails for %s', (_, text) => {
    expect(() => switched(text)).toThrow(Error)
  })
})

describe('mutations of conditions', () => {
  it.each([
    ['if (a) b()', ['if (false) b()', 'if (true) b()', 'if (a) ;']],
    ['x = a || b', ['x = a', 'x = b']],
    ['x = a && b', ['x = a', 'x = b']],
    ['x = a < b', ['x = a <= b']],
    ['x = a >= b', ['x = a > b']],
    ['x = a === b', ['x = a !== b']],
    ['x = !a', ['x = a']],
    ['x = a ? b : c', ['x = false ? b : c', 'x = true ? b : c']],
    ['x = 0x10', ['x = 17', 'x = 15']],
    ['x = 0', ['x = 1', 'x = (-1)']],
    ['x = { 4: a }', ['x = { [5]: a }', 'x = { [3]: a }']],
    ['x = 1_000n', ['x = 1001n', 'x = 999n']],
    ['x = a.every', ['x = a.some']],
    ['x = /^a$/u', ['x = /a$/u', 'x = /^a/u']],
    ['await f()', [';']],
    ['x = a ?? 0', []],
    ['let x: 1 | 2', []],
  ])('of %s', (text, after) => {
    expect(changed(text)).toEqual(after)
  })

  it('have names of their own where the text is the same', () => {
    const ids = conditionMutations(fileWith('function f() { a(1); b(1) }\nfunction g() { a(1) }')).map(
      ({ id }) => id,
    )
    expect(new Set(ids).size).toBe(ids.length)
  })
})
