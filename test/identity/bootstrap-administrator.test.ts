import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Random } from '../../src/core/random.ts'
import { systemRandom } from '../../src/core/random.ts'
import { ADMINISTRATOR_FILE, openBootstrapAdministrator } from '../../src/identity/bootstrap-administrator.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'attested-kms-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const path = (): string => join(directory, ADMINISTRATOR_FILE)

/** The code and message of what opening throws. */
function errorOfOpening(): string {
  try {
    openBootstrapAdministrator(directory, systemRandom)
    return 'none'
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${String(error.code)}: ${error.message}`
      : 'another error'
  }
}

describe('openBootstrapAdministrator', () => {
  it('makes an access key from the given randomness, in a file for its owner alone', () => {
    const random: Random = { bytes: (length) => new Uint8Array(length).fill(1), uuid: () => '' }
    const { accessKey, made } = openBootstrapAdministrator(directory, random)
    expect(made).toBe(true)
    expect(accessKey.accessKeyId).toBe('AKIABBBBBBBBBBBBBBBB')
    expect(accessKey.secretAccessKey).toBe('AQEB'.repeat(10))
    expect(accessKey.principal).toMatchObject({
      arn: 'arn:aws:iam::000000000000:user/administrator',
      kind: 'user',
    })
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual([ADMINISTRATOR_FILE])
  })

  it('reads the same access key at later starts', () => {
    const first = openBootstrapAdministrator(directory, systemRandom)
    const second = openBootstrapAdministrator(directory, systemRandom)
    expect(second).toEqual({ ...first, made: false })
  })

  it.each([0o640, 0o604, 0o660])('refuses a file of mode %o with SECRET_FILE_EXPOSED', (mode) => {
    openBootstrapAdministrator(directory, systemRandom)
    chmodSync(path(), mode)
    expect(errorOfOpening()).toMatch(/^SECRET_FILE_EXPOSED/)
  })

  it.each([
    ['an empty file', ''],
    ['no JSON', 'AKIA'],
    ['a list', '[]'],
    [
      'a member missing',
      '{"accountId":"000000000000","userName":"administrator","accessKeyId":"AKIABBBBBBBBBBBBBBBB"}',
    ],
  ])('refuses %s with ADMINISTRATOR_FILE_INVALID', (_, content) => {
    writeFileSync(path(), content, { mode: 0o600 })
    expect(errorOfOpening()).toMatch(/^ADMINISTRATOR_FILE_INVALID/)
  })

  it('refuses a member changed with ADMINISTRATOR_FILE_INVALID, and does not repeat the secret', () => {
    openBootstrapAdministrator(directory, systemRandom)
    const file = JSON.parse(readFileSync(path(), 'utf8')) as Record<string, string>
    for (const member of Object.keys(file)) {
      writeFileSync(path(), JSON.stringify({ ...file, [member]: `${file[member] ?? ''}\n!` }))
      const error = errorOfOpening()
      expect(error).toMatch(/^ADMINISTRATOR_FILE_INVALID/)
      expect(error).not.toContain(file['secretAccessKey'])
    }
  })
})
