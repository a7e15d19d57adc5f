import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { forbiddenImports, importCircles, packagesImportedTwice, ROOMS, roomOf } from './support/rooms.ts'
import { readSourceTree } from './support/source-tree.ts'

const root = new URL('..', import.meta.url).pathname
const faults = readSourceTree(new URL('canary/faults/', import.meta.url).pathname, ['src'])
const files = readSourceTree(root, ['src', 'enclave'])

/** Where a secret is put to use: wrapped, encrypted, agreed with, compared, or released. */
const MAY_REVEAL = [
  'src/http/admin-access.ts',
  'src/keys/ciphertext-cipher.ts',
  'src/keys/key-material.ts',
  'src/keys/material-source.ts',
  'src/keys/root-key.ts',
  'src/operations/release.ts',
  'src/recipient/enveloped-data.ts',
]

describe('architecture', () => {
  it('looked at the source', () => {
    expect(files.length).toBeGreaterThan(8)
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(0)
  })

  it('gives every file a room of the table', () => {
    expect(files.map((file) => file.path).filter((path) => !ROOMS.has(roomOf(path)))).toEqual([])
  })

  it('keeps imports to the table of rooms', () => {
    expect(forbiddenImports(files)).toEqual([])
  })

  it('has no circle of imports', () => {
    expect(importCircles(files)).toEqual([])
  })

  it('wraps each outside package in one file a room', () => {
    expect(packagesImportedTwice(files)).toEqual([])
  })

  it('imports only files that exist, by their own name', () => {
    const missing = files.flatMap((file) => file.imports.filter((path) => !existsSync(`${root}/${path}`)))
    expect(missing).toEqual([])
  })

  it('keeps files short: 250 lines at most, half of them under 90', () => {
    const lengths = files.map((file) => file.text.split('\n').length - 1).sort((a, b) => a - b)
    expect(files.filter((file) => file.text.split('\n').length - 1 > 250).map((file) => file.path)).toEqual(
      [],
    )
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(90)
  })

  it('reveals secrets in the listed files only', () => {
    const revealing = files.filter(({ text }) => /\.reveal\(\)/.test(text)).map(({ path }) => path)
    expect(revealing.sort()).toEqual(MAY_REVEAL)
  })

  it('has no barrel file but the list of operations', () => {
    const barrels = files.filter((file) => file.path.endsWith('/index.ts')).map((file) => file.path)
    expect(barrels.filter((path) => path !== 'src/operations/index.ts')).toEqual([])
  })
})

describe('architecture, on a folder of deliberate faults', () => {
  it('finds an import that the table forbids', () => {
    expect(forbiddenImports(faults)).toContain('src/policy/sees-attestation.ts -> src/attestation/verdict.ts')
  })

  it('finds a circle', () => {
    expect(importCircles(faults)).toContain('src/policy/sees-attestation.ts')
  })

  it('finds a package that two files of a room import', () => {
    expect(packagesImportedTwice(faults)).toEqual([
      'attestation: cbor-x in src/attestation/second-wrapper.ts, src/attestation/verdict.ts',
    ])
  })
})
