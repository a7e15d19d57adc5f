import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.ts'
import { openSecretFile, readSecretFile, replaceSecretFile } from '../../src/core/secret-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secret-file-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('openSecretFile', () => {
  it('makes a file of mode 0600, once, and leaves nothing else behind', () => {
    const path = join(directory, 'token')
    expect(openSecretFile(path, () => utf8('first'))).toEqual({ content: utf8('first'), made: true })
    expect(openSecretFile(path, () => utf8('second'))).toEqual({ content: utf8('first'), made: false })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe('first')
    expect(readdirSync(directory)).toEqual(['token'])
  })

  it.each([0o640, 0o604, 0o660])('refuses a file of mode %o with SECRET_FILE_EXPOSED', (mode) => {
    const path = join(directory, 'token')
    writeFileSync(path, 'hunter2')
    chmodSync(path, mode)
    const open = (): unknown => openSecretFile(path, () => utf8('x'))
    expect(open).toThrow(expect.objectContaining({ code: 'SECRET_FILE_EXPOSED' }))
    expect(open).toThrow(/^(?!.*hunter2)/)
  })

  it('says SECRET_FILE_UNWRITABLE where the directory is missing', () => {
    expect(() => openSecretFile(join(directory, 'no', 'token'), () => utf8('x'))).toThrow(
      expect.objectContaining({ code: 'SECRET_FILE_UNWRITABLE' }),
    )
  })

  it('says SECRET_FILE_UNREADABLE for a directory in its place', () => {
    const path = join(directory, 'folder')
    mkdirSync(path, { mode: 0o700 })
    expect(() => readSecretFile(path)).toThrow(expect.objectContaining({ code: 'SECRET_FILE_UNREADABLE' }))
  })

  it('is replaced whole, with mode 0600', () => {
    const path = join(directory, 'seed')
    openSecretFile(path, () => utf8('first'))
    replaceSecretFile(path, utf8('second'))
    expect(readSecretFile(path)).toEqual(utf8('second'))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['seed'])
    expect(() => replaceSecretFile(join(directory, 'no', 'seed'), utf8('x'))).toThrow(
      expect.objectContaining({ code: 'SECRET_FILE_UNWRITABLE' }),
    )
  })

  it('answers undefined for a file that is not there', () => {
    expect(readSecretFile(join(directory, 'none'))).toBeUndefined()
  })
})
