import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { InstalledPackage } from './a-package.ts'
import { installPackage } from './a-package.ts'
import { readCodeBlocks } from './code-blocks.ts'

const page = readFileSync(new URL('../../src/library/README.md', import.meta.url), 'utf8')
const blocks = readCodeBlocks(page)
const programs = blocks.filter(({ language }) => language === 'js')

let installed: InstalledPackage
beforeAll(() => {
  installed = installPackage()
  return () => installed.remove()
})

describe('the packed package', () => {
  it('holds the program, both entries with declarations, and the page about them', () => {
    const entries = ['attestation', 'simulator'].flatMap((name) => [
      `dist/src/library/${name}.js`,
      `dist/src/library/${name}.d.ts`,
    ])
    expect(installed.files).toEqual(
      expect.arrayContaining(['package.json', 'dist/src/main.js', 'src/library/README.md', ...entries]),
    )
  })

  it('holds neither sources nor tests nor fixtures', () => {
    const code = installed.files.filter((path) => /\.[cm]?ts$/.test(path) && !path.endsWith('.d.ts'))
    expect(code).toEqual([])
    expect(
      installed.files.filter((path) => !/^(dist\/|src\/library\/README\.md$|[A-Za-z.]+$)/.test(path)),
    ).toEqual([])
  })

  it('declares with imports of files that are there', () => {
    const imported = installed.files
      .filter((path) => path.endsWith('.d.ts'))
      .flatMap((path) => {
        const text = readFileSync(join(installed.folder, path), 'utf8')
        return Array.from(text.matchAll(/(?:from |import\()["'](\.[^"']+)["']/g), ([, specifier = '']) =>
          join(path, '..', specifier),
        )
      })
    expect(imported.length).toBeGreaterThan(100)
    expect(imported.filter((path) => !path.endsWith('.js'))).toEqual([])
    const declarations = imported.map((path) => path.replace(/\.js$/, '.d.ts'))
    expect(declarations.filter((path) => !existsSync(join(installed.folder, path)))).toEqual([])
  })
})

/** Runs a module that leaves its findings in `found`, and answers them. */
function find(name: string, source: string): unknown {
  return JSON.parse(installed.run(name, `${source}\nconsole.log(JSON.stringify(found))\n`))
}

describe('the entries from plain JavaScript', () => {
  it('export these values', () => {
    const names = find(
      'names.mjs',
      `const found = {}
      for (const name of ['attestation', 'simulator']) found[name] = Object.keys(await import('attested-kms/' + name))`,
    )
    expect(names).toEqual({
      attestation: [
        'ALL_PARTITIONS',
        'ATTESTATION_CHECKS',
        'AWS_NITRO_ROOT',
        'AWS_US_GOV_NITRO_ROOT',
        'AttestationError',
        'MovableClock',
        'acceptabilityAt',
        'createVerificationCache',
        'examineAttestation',
        'inspectAttestation',
        'parseRecipientKey',
        'parseTrustAnchor',
        'systemClock',
        'unsafeEvaluationTime',
        'verifyAttestation',
      ],
      simulator: expect.arrayContaining([
        'CROSS_KIND_CASES',
        'FAULTS',
        'LabIssuer',
        'MovableClock',
        'ODDITIES',
        'PROFILES',
        'SimulatorError',
        'createLabPki',
        'findFault',
        'issueDocument',
        'systemClock',
      ]),
    })
  })

  it('are loaded by require as well, to the same modules', () => {
    const source = `
      const found = {}
      for (const name of ['attestation', 'simulator']) {
        const required = require('attested-kms/' + name)
        import('attested-kms/' + name).then((imported) => {
          found[name] = imported.systemClock === required.systemClock
          if (Object.keys(found).length === 2) console.log(JSON.stringify(found))
        })
      }`
    expect(JSON.parse(installed.run('required.cjs', source))).toEqual({ attestation: true, simulator: true })
  })

  it('are the only ones beside package.json', () => {
    const found = find(
      'others.mjs',
      `const found = []
      for (const path of ['', '/package.json', '/dist/src/library/attestation.js', '/dist/src/store/sqlite-store.js']) {
        found.push(await import('attested-kms' + path, { with: path.endsWith('.json') ? { type: 'json' } : {} })
          .then(() => 'loaded', ({ code }) => code))
      }`,
    )
    const refused = 'ERR_PACKAGE_PATH_NOT_EXPORTED'
    expect(found).toEqual([refused, 'loaded', refused, refused])
  })

  it('load no package but those they need, each when it is needed, and nothing native', () => {
    const found = find(
      'loaded.mjs',
      `import { registerHooks } from 'node:module'
      const urls = new Set()
      registerHooks({ load: (url, context, next) => (urls.add(url), next(url, context)) })
      const packages = () => {
        const names = [...urls].map((url) => url.match(/.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/)?.[1])
        const others = [...new Set(names)].filter((name) => name && name !== 'attested-kms').sort()
        urls.clear()
        return others
      }
      const found = {}
      const { createLabPki, issueDocument } = await import('attested-kms/simulator')
      const options = { kind: 'nitro-enclave', at: new Date() }
      const { document, certificates } = issueDocument(createLabPki({ seed: 's' }), options)
      found.simulator = packages()
      const { examineAttestation, inspectAttestation, parseTrustAnchor, systemClock } =
        await import('attested-kms/attestation')
      found.attestation = packages()
      const label = { name: 'lab', partitions: ['aws'], source: 'test' }
      const anchors = [parseTrustAnchor(certificates[0], label)]
      found.verdict = (await examineAttestation(document, { anchors, clock: systemClock })).verdict
      found.verification = packages()
      await inspectAttestation(document)
      found.inspectsWith = packages().includes('@peculiar/x509')
      const { sharedObjects } = process.report.getReport()
      found.native = sharedObjects.length > 0 && sharedObjects.filter((path) => path.endsWith('.node'))`,
    )
    expect(found).toEqual({
      simulator: ['@noble/curves', '@noble/hashes'],
      attestation: ['cbor-x'],
      verdict: 'accepted',
      verification: [],
      inspectsWith: true,
      native: [],
    })
  })
})

describe('the page about the library', () => {
  it('has programs to run, each with what it prints', () => {
    expect(programs.length).toBeGreaterThan(8)
    expect(programs.filter(({ output }) => output === null)).toEqual([])
  })

  it.for(programs)('prints what it says: program of line $line', ({ code, output, line }) => {
    const extension = code.includes('require(') ? 'cjs' : 'mjs'
    expect(installed.run(`example-${line}.${extension}`, code)).toBe(output)
  })
})

describe('the entries from TypeScript', () => {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'es2024',
    types: ['node'],
  }
  const settings: readonly [string, object][] = [
    ['nodenext', { ...strict, module: 'nodenext' }],
    ['bundler', { ...strict, module: 'esnext', moduleResolution: 'bundler' }],
  ]
  const examples = Object.fromEntries(
    blocks
      .filter(({ language }) => language === 'ts')
      .map(({ code, line }) => [`example-${line}.mts`, code] as const),
  )
  const consumer = readFileSync(new URL('consumer.txt', import.meta.url), 'utf8')

  // Without skipLibCheck, so that every declaration the entries lead to is checked.
  it.for(settings)(
    'have sound declarations under %s, and refuse an unverified document and the unsafe clock by name',
    ([, compilerOptions]) => {
      const said = installed.checkTypes({ ...examples, 'consumer.mts': consumer }, compilerOptions)
      expect(said).toBe('')
    },
  )
})
