import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectAttestation } from '../../src/attestation/inspect.ts'
import { AttestationError } from '../../src/attestation/errors.ts'
import { makeCertificate, makeName } from '../support/attestation/a-certificate.ts'
import { makeAttestation } from '../support/attestation/an-attestation.ts'
import type { Entry } from '../support/attestation/cbor-bytes.ts'
import { array, bytes, map, openMap, text, uint } from '../support/attestation/cbor-bytes.ts'
import { CBOR_CHANGES, dice } from '../support/attestation/cbor-changes.ts'
import { cborTree, encodeTree, nodesOf, replaceNode } from '../support/attestation/cbor-tree.ts'
import { certificateRecipe, toSpec } from '../support/attestation/certificate-recipe.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import { derTree, encodeDerTree } from '../support/attestation/der-tree.ts'
import { makeDice, mutate } from '../support/attestation/mutations.ts'
import { rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'
import { runs } from '../support/property-runs.ts'
import { runCli } from '../support/run-cli.ts'

/** Text that could steer a terminal, forge a line or turn what is written around. */
const hostileText = fc
  .array(
    fc.constantFrom(
      '\u{1b}[2J',
      '\u{1b}]0;x\u{7}',
      '\r',
      '\n',
      '\0',
      '\u{9b}31m',
      '\u{202e}',
      '\u{2066}',
      '\u{85}',
      '\u{2028}',
      '\u{7f}',
      '\u{feff}',
      '\u{e0001}',
      'é',
      '😀',
      'abc',
      '"',
      '\\',
    ),
    { maxLength: 6 },
  )
  .map((parts) => `a${parts.join('')}`)

const certificate = fc.oneof(
  certificateRecipe.map((recipe) => makeCertificate(toSpec(recipe))),
  derTree(4).map(encodeDerTree),
  fc.uint8Array({ maxLength: 60 }),
)

const publicKey = fc.oneof(
  fc.uint8Array({ maxLength: 70 }),
  derTree(4).map(encodeDerTree),
  hostileText.map((one) => Buffer.from(`-----BEGIN PUBLIC KEY-----\n${one}`)),
  fc.constant(rsaSpki(TEST_MODULUS)),
  fc
    .constantFrom(33, 65, 97)
    .chain((length) =>
      fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((one) => one.with(0, length === 33 ? 2 : 4)),
    ),
)

const anyItem = cborTree(3).map(encodeTree)

/** A field of the payload, of its own type or of another. */
const field = (own: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc.oneof({ arbitrary: own, weight: 4 }, anyItem)

const pcrs = fc
  .uniqueArray(fc.nat(40), { maxLength: 6 })
  .map((indexes) =>
    map(indexes.map((index): Entry => [uint(index), bytes(new Uint8Array(48).fill(index % 3))])),
  )

const payload = fc
  .record(
    {
      module_id: field(hostileText.map(text)),
      digest: field(hostileText.map(text)),
      timestamp: field(fc.bigInt(0n, 2n ** 64n - 1n).map(uint)),
      pcrs: field(pcrs),
      nitrotpm_pcrs: field(pcrs),
      certificate: field(certificate.map(bytes)),
      cabundle: field(fc.array(certificate, { maxLength: 3 }).map((all) => array(...all.map(bytes)))),
      public_key: field(publicKey.map(bytes)),
      user_data: field(hostileText.map((one) => bytes(Buffer.from(one)))),
      nonce: anyItem,
      unknown: fc.tuple(hostileText, anyItem),
    },
    { requiredKeys: [] },
  )
  .map((fields) =>
    openMap(
      Object.entries(fields).map(([name, value]): Entry =>
        value instanceof Uint8Array ? [text(name), value] : [text(value[0]), value[1]],
      ),
    ),
  )

const wrap = (content: Uint8Array): Uint8Array =>
  array(bytes(hex('a1013822')), hex('a0'), bytes(content), bytes(new Uint8Array(96).fill(1)))

/** Every text in a value, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof AttestationError) return [value.code, value.message]
  if (value instanceof Uint8Array || value instanceof Date) return []
  if (value instanceof Map) return [...value].flatMap(textsIn)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn)
  return []
}

/** Control and format characters, separators of lines, and what is no character: nothing that a terminal acts on. */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u

async function expectHarmless(input: Uint8Array): Promise<void> {
  const inspection = await inspectAttestation(input)
  expect(textsIn(inspection).filter((one) => STEERING.test(one))).toEqual([])
  if (inspection.stoppedBy) expect(inspection.stoppedBy).toBeInstanceOf(AttestationError)
}

async function expectHarmlessOutput(input: Uint8Array): Promise<void> {
  const args = ['attestation', 'inspect', '-', '--encoding', 'raw']
  const shown = await runCli(args, { stdin: input })
  expect([0, 1]).toContain(shown.status)
  expect(shown.stdout.replaceAll('\n', '')).not.toMatch(STEERING)
  expect(shown.stderr).toBe('')
  const json = await runCli([...args, '--json'], { stdin: input })
  expect(json.status).toBe(shown.status)
  expect(JSON.parse(json.stdout)).toMatchObject({ verified: false })
}

describe('inspectAttestation', () => {
  it('answers for any payload, and no text in the answer steers a terminal', async () => {
    await fc.assert(
      fc.asyncProperty(payload, async (content) => expectHarmless(wrap(content))),
      runs(60),
    )
  })

  it('answers for any CBOR with faults in it, bare and as a payload', async () => {
    const change = fc.record({ which: dice, place: dice, how: dice })
    await fc.assert(
      fc.asyncProperty(cborTree(5), change, async (node, { which, place, how }) => {
        const nodes = nodesOf(node)
        const target = nodes[place % nodes.length] ?? node
        const replacement = CBOR_CHANGES[which % CBOR_CHANGES.length]?.apply(target, how) ?? target
        const encoded = encodeTree(replaceNode(node, target, replacement))
        await expectHarmless(encoded)
        await expectHarmless(wrap(encoded))
      }),
      runs(60),
    )
  })

  it('answers for any bytes, and for documents that were changed anywhere', async () => {
    const { bytes: document } = makeAttestation()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), dice, async (some, seed) => {
        await expectHarmless(some)
        await expectHarmless(mutate(document, document, makeDice(seed)))
      }),
      runs(25),
    )
  })
})

describe('attestation inspect', () => {
  it('prints nothing that steers a terminal, and JSON that can be read', async () => {
    await fc.assert(
      fc.asyncProperty(payload, async (content) => expectHarmlessOutput(wrap(content))),
      runs(10),
    )
  })

  it('does so for a document that is good but for a name', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (hostile) => {
        const subject = makeName(hostile)
        const { bytes: document } = makeAttestation({ certificates: { leaf: { subject } } })
        await expectHarmlessOutput(document)
      }),
      runs(6),
    )
  })
})
