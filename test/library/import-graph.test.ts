import { describe, expect, it } from 'vitest'
import { roomOf } from '../support/rooms.ts'
import type { SourceFile } from '../support/source-tree.ts'
import { readSourceTree } from '../support/source-tree.ts'

const files = readSourceTree(new URL('../..', import.meta.url).pathname, ['src', 'enclave'])
const byPath = new Map(files.map((file) => [file.path, file]))

/** Everything that an entry can load, or takes types from: itself, and whatever it imports in whatever way. */
function reachedFrom(entry: string): readonly SourceFile[] {
  const seen = new Set<string>()
  const open = [entry]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    open.push(...(byPath.get(path)?.imports ?? []))
  }
  return [...seen].flatMap((path) => byPath.get(path) ?? [])
}

const roomsFrom = (entry: string): readonly string[] =>
  [...new Set(reachedFrom(entry).map(({ path }) => roomOf(path)))].sort()
const packagesFrom = (entry: string): ReadonlySet<string> =>
  new Set(reachedFrom(entry).flatMap(({ packages }) => packages))

/** What a library that reads and makes documents has no business with. */
const FOREIGN = [
  'node:http',
  'node:https',
  'node:http2',
  'node:sqlite',
  'hono',
  '@hono/node-server',
  'yaml',
  'commander',
]

describe('the import graph of the library entries', () => {
  it('finds what the whole program reaches', () => {
    const packages = packagesFrom('src/main.ts')
    // The entry of the command line asks for its own main by a dynamic import.
    expect(roomsFrom('src/main.ts')).toEqual(
      expect.arrayContaining(['http', 'store', 'attestation', 'simulator']),
    )
    expect(['hono', 'node:sqlite', 'yaml', 'commander'].filter((name) => !packages.has(name))).toEqual([])
  })

  it.for(['attestation', 'simulator'])('keeps attested-kms/%s to its own room and core', (room) => {
    expect(roomsFrom(`src/library/${room}.ts`)).toEqual(['core', 'library', room].sort())
  })

  it.for(['attestation', 'simulator'])(
    'keeps store, server and command line out of attested-kms/%s',
    (room) => {
      const packages = packagesFrom(`src/library/${room}.ts`)
      expect(packages.size).toBeGreaterThan(1)
      expect(FOREIGN.filter((name) => packages.has(name))).toEqual([])
    },
  )

  it.for([
    ['attestation', ['@peculiar/x509', 'cbor-x', 'reflect-metadata']],
    ['simulator', ['@noble/curves']],
  ] as const)('lets attested-kms/%s use no packages but %j', ([room, allowed]) => {
    const outside = [...packagesFrom(`src/library/${room}.ts`)].filter((name) => !name.startsWith('node:'))
    expect(outside.sort()).toEqual(allowed)
  })

  it('takes of cbor-x nothing but the entry that never loads native code', () => {
    const texts = files.map(({ text }) => text).join('\n')
    expect(new Set(Array.from(texts.matchAll(/'(cbor-x[^']*)'/g), ([, name]) => name))).toEqual(
      new Set(['cbor-x/decode']),
    )
  })

  it('has no file outside that imports an entry', () => {
    const users = files.filter(({ imports }) => imports.some((path) => roomOf(path) === 'library'))
    expect(users.map(({ path }) => path)).toEqual([])
  })
})
