import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  readdirSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyStore } from '../../src/store/key-store.ts'
import { MIGRATIONS } from '../../src/store/migrations.ts'
import { openSqliteDatabase } from '../../src/store/sqlite-database.ts'
import { prepareSchema } from '../../src/store/sqlite-schema.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { StoreStamp } from '../../src/store/store-stamp.ts'
import { makeKey, makeKeyId, makeMaterial } from './contract-records.ts'
import { describeGrants } from './contract-grants.ts'
import { describeKeyStore } from './contract.ts'

const stamp: StoreStamp = { mode: 'production', rootKeyId: 'ab'.repeat(16) }
let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sqlite-store-'))
  file = join(directory, 'store.sqlite')
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = (changes: Partial<StoreStamp> = {}): KeyStore =>
  openSqliteStore({ file, stamp: { ...stamp, ...changes } })
const coded = (code: string): unknown => expect.objectContaining({ name: 'StoreError', code })

/** Makes a closed store with one key. */
async function makeStore(): Promise<void> {
  const store = open()
  await store.createKey(makeKey(1, { deletionDate: new Date(5) }), makeMaterial(makeKey(1)))
  await store.close()
}

/** Changes the file behind the store's back. */
function tamper(sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

describeKeyStore('in an SQLite file', () => open())
describeGrants('in an SQLite file', () => open())

describe('openSqliteStore', () => {
  it('makes files that only their owner can read', async () => {
    const store = open()
    await store.createKey(makeKey(1), makeMaterial(makeKey(1)))
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('holds after a close what was put in before', async () => {
    await makeStore()
    const store = open()
    expect(await store.findKey(makeKey(1))).toEqual(makeKey(1, { deletionDate: new Date(5) }))
    await store.close()
  })

  it.each([
    ['STORE_MODE_MISMATCH', { mode: 'lab' }],
    ['STORE_ROOT_KEY_MISMATCH', { rootKeyId: 'cd'.repeat(16) }],
    ['STORE_MODE_MISMATCH', { mode: 'lab', rootKeyId: 'cd'.repeat(16) }],
  ] as const)('%s: opened with %o, and still opens with its own stamp', async (code, changes) => {
    await makeStore()
    expect(() => open(changes)).toThrow(coded(code))
    await open().close()
  })

  it('keeps its stamp when it is reset', async () => {
    const store = open({ mode: 'lab' })
    await store.reset()
    await store.close()
    expect(() => open()).toThrow(coded('STORE_MODE_MISMATCH'))
  })

  it.each([
    [
      'STORE_UNREADABLE',
      'a text',
      () => writeFileSync(file, 'not a database, whatever its name says. '.repeat(100)),
    ],
    ['STORE_UNREADABLE', 'the database of something else', () => tamper('CREATE TABLE t (a)')],
    ['STORE_UNREADABLE', 'a directory', () => (file = directory)],
    [
      'STORE_UNREADABLE',
      'a file in a directory that is missing',
      () => (file = join(directory, 'no', 'store')),
    ],
    [
      'STORE_UNREADABLE',
      'a damaged header',
      () => writeFileSync(file, withoutMagic(readFileSync(file))),
      true,
    ],
    ['STORE_UNREADABLE', 'half a file', () => truncateSync(file, 4096), true],
    ['ROW_MALFORMED', 'a store without its stamp', () => tamper('DELETE FROM stamp'), true],
    ['STORE_VERSION_UNKNOWN', 'a version under zero', () => tamper('PRAGMA user_version = -1'), true],
  ] as const)('%s: %s', async (code, _, damage, made?: true) => {
    if (made) await makeStore()
    damage()
    expect(() => open()).toThrow(coded(code))
  })

  it('leaves the database of something else as it was', () => {
    tamper('CREATE TABLE t (a)')
    const before = readFileSync(file)
    expect(() => open()).toThrow(coded('STORE_UNREADABLE'))
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.each([':memory:', 'file:store?mode=memory'])('takes the name %s for that of a file', (name) => {
    const script = childScript('await store.close()', name)
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: directory })
    expect(child.status).toBe(0)
    expect(statSync(join(directory, name)).size).toBeGreaterThan(0)
  })

  it('STORE_IN_USE: a second time in one process, until the first is closed', async () => {
    const store = open()
    expect(() => open()).toThrow(coded('STORE_IN_USE'))
    await store.close()
    await open().close()
  })

  it('STORE_IN_USE: in a second process', async () => {
    const store = open()
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', childScript('')], {
      encoding: 'utf8',
    })
    expect(other.stderr).toContain('STORE_IN_USE')
    await store.createKey(makeKey(1), makeMaterial(makeKey(1)))
    await store.close()
  })

  it.each([
    ['tags that are no JSON', `UPDATE keys SET tags = '['`],
    ['tags that are no list', `UPDATE keys SET tags = '{}'`],
    ['a tag without a value', `UPDATE keys SET tags = '[["a"]]'`],
    ['a tag of three parts', `UPDATE keys SET tags = '[["a","b","c"]]'`],
    ['a material id of other digits', `UPDATE keys SET current_material_id = upper('${'ab'.repeat(32)}')`],
    ['a time that is no date', 'UPDATE keys SET creation_time = 9000000000000000'],
  ])('ROW_MALFORMED: a key with %s', async (_, sql) => {
    await makeStore()
    tamper(sql)
    const store = open()
    await expect(store.findKey(makeKey(1))).rejects.toMatchObject({ code: 'ROW_MALFORMED' })
    await expect(store.updateKey(makeKey(1), (key) => key)).rejects.toMatchObject({ code: 'ROW_MALFORMED' })
    await store.close()
  })

  it('leaves no trace of destroyed material in its files', async () => {
    const store = open()
    const wrapped = Buffer.from('the wrapped material of this key')
    const key = makeKey(2, { deletionDate: new Date(1) })
    await store.createKey(key, makeMaterial(key, { wrapped }))
    const found = (): boolean =>
      readdirSync(directory).some((name) => readFileSync(join(directory, name)).includes(wrapped))
    expect(found()).toBe(true)
    await store.deleteKey(key, new Date(1))
    expect(found()).toBe(false)
    await store.close()
  })
})

describe('migration', () => {
  const next = `ALTER TABLE keys ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'`
  const migrate = (migrations: readonly string[], changes: Partial<StoreStamp> = {}): unknown => {
    const database = openSqliteDatabase(file)
    try {
      prepareSchema(database, migrations, { ...stamp, ...changes })
      return database.prepare('SELECT * FROM keys').get()
    } finally {
      database.close()
    }
  }

  it('takes an older store through the steps it has not seen, with what it holds', async () => {
    await makeStore()
    expect(migrate([...MIGRATIONS, next])).toMatchObject({ key_id: makeKeyId(1), colour: 'none' })
    expect(migrate([...MIGRATIONS, next, 'UPDATE keys SET colour = 7'])).toMatchObject({ colour: '7' })
  })

  it('refuses a store that is newer than the program: STORE_VERSION_UNKNOWN', async () => {
    await makeStore()
    migrate([...MIGRATIONS, next])
    expect(() => open()).toThrow(coded('STORE_VERSION_UNKNOWN'))
  })

  it.each([
    ['a step that fails', 'STORE_FAILED', [next, 'UPDATE nothing SET a = 1'], {}],
    ['another stamp', 'STORE_MODE_MISMATCH', [next], { mode: 'lab' }],
  ] as const)('leaves the store as it was for %s', async (_, code, steps, changes) => {
    await makeStore()
    expect(() => migrate([...MIGRATIONS, ...steps], changes)).toThrow(coded(code))
    const store = open()
    expect(await store.findKey(makeKey(1))).toBeDefined()
    await store.close()
  })
})

describe('a process killed while it writes', () => {
  it('leaves everything it had acknowledged', async () => {
    const script = childScript(`
      import { makeKey, makeMaterial } from ${JSON.stringify(new URL('contract-records.ts', import.meta.url).href)}
      for (let number = 1; ; number++) {
        const key = makeKey(number)
        await store.createKey(key, makeMaterial(key))
        await store.updateKey(key, (before) => ({ ...before, description: 'acknowledged' }))
        process.stdout.write(number + '\\n')
      }`)
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let acknowledged = 0
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line)
      if (acknowledged === 200) child.kill('SIGKILL')
    }
    if (child.signalCode === null) await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
    expect(acknowledged).toBeGreaterThanOrEqual(200)
    const store = open()
    for (let number = 1; number <= acknowledged; number++) {
      const key = makeKey(number, { description: 'acknowledged' })
      expect(await store.findKey(key)).toEqual(key)
      expect(await store.findMaterial(key, key.currentMaterialId)).toEqual(makeMaterial(key))
    }
    await store.close()
  })
})

function withoutMagic(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(16, 1), bytes.subarray(16)])
}

/** A program that opens the store as `store` and does the rest. */
function childScript(rest: string, name = file): string {
  const source = new URL('../../src/store/sqlite-store.ts', import.meta.url).href
  return `import { openSqliteStore } from ${JSON.stringify(source)}
    const store = openSqliteStore(${JSON.stringify({ file: name, stamp })});${rest}`
}
