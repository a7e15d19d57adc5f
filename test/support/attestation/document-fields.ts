import fc from 'fast-check'
import { array, bytes, map, NULL, openArray, openMap, text, uint } from './cbor-bytes.ts'
import type { Entry } from './cbor-bytes.ts'
import { cborTree, encodeTree, plainText } from './cbor-tree.ts'

/** A payload that must be taken, and what it says. */
export interface DocumentRecipe {
  readonly pcrsName: 'pcrs' | 'nitrotpm_pcrs'
  readonly moduleId: string
  readonly timestamp: number
  /** In the order in which they are written. */
  readonly pcrs: readonly (readonly [index: number, value: Uint8Array])[]
  readonly certificate: Uint8Array
  readonly cabundle: readonly Uint8Array[]
  /** Absent, null, or bytes. */
  readonly publicKey: Optional
  readonly userData: Optional
  readonly nonce: Optional
  readonly unknown: readonly Entry[]
  readonly open: { readonly payload: boolean; readonly pcrs: boolean; readonly cabundle: boolean }
  /** Numbers that the entries are put in order by. */
  readonly order: readonly number[]
}

type Optional = Uint8Array | null | undefined

const KNOWN: ReadonlySet<string> = new Set([
  'module_id',
  'digest',
  'timestamp',
  'pcrs',
  'nitrotpm_pcrs',
  'certificate',
  'cabundle',
  'public_key',
  'user_data',
  'nonce',
])

/** Byte strings of any permitted length, the borders more often than by chance. */
const sized = (least: number, most: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ minLength: least, maxLength: Math.min(most, 50) }),
    fc.constantFrom(least, most - 1, most).map((length) => new Uint8Array(length).fill(0xa5)),
  )

const optional = fc.option(fc.option(sized(0, 1024), { nil: null }), { nil: undefined })

const moduleId = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 256,
})

const timestamp = fc.oneof(
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
)

const pcrs = fc.uniqueArray(fc.tuple(fc.nat(31), fc.uint8Array({ minLength: 48, maxLength: 48 })), {
  minLength: 1,
  maxLength: 32,
  selector: ([index]) => index,
})

const unknown = fc.uniqueArray(
  fc.tuple(
    fc
      .oneof(fc.constantFrom('__proto__', 'constructor', 'Digest', 'pcrs '), plainText)
      .filter((name) => !KNOWN.has(name)),
    cborTree(4),
  ),
  { maxLength: 3, selector: ([name]) => name },
)

/** Payloads that the verifier must read. */
export const documentRecipe: fc.Arbitrary<DocumentRecipe> = fc.record({
  pcrsName: fc.constantFrom('pcrs' as const, 'nitrotpm_pcrs' as const),
  moduleId,
  timestamp,
  pcrs,
  certificate: sized(1, 1024),
  cabundle: fc.array(sized(1, 1024), { minLength: 1, maxLength: 8 }),
  publicKey: optional,
  userData: optional,
  nonce: optional,
  unknown: unknown.map((entries) => entries.map(([name, value]) => [text(name), encodeTree(value)] as const)),
  open: fc.record({ payload: fc.boolean(), pcrs: fc.boolean(), cabundle: fc.boolean() }),
  order: fc.array(fc.nat(100), { minLength: 13, maxLength: 13 }),
})

/** The entries of the payload map, in AWS's order, unknown ones last. */
function entriesOf(recipe: DocumentRecipe): readonly Entry[] {
  const { moduleId: id, open } = recipe
  const registers = recipe.pcrs.map(([index, value]): Entry => [uint(index), bytes(value)])
  const bundle = recipe.cabundle.map(bytes)
  const fields: readonly (readonly [string, Uint8Array | undefined])[] = [
    ['module_id', text(id)],
    ['digest', text('SHA384')],
    ['timestamp', uint(recipe.timestamp)],
    [recipe.pcrsName, open.pcrs ? openMap(registers) : map(registers)],
    ['certificate', bytes(recipe.certificate)],
    ['cabundle', open.cabundle ? openArray(...bundle) : array(...bundle)],
    ['public_key', encodeOptional(recipe.publicKey)],
    ['user_data', encodeOptional(recipe.userData)],
    ['nonce', encodeOptional(recipe.nonce)],
  ]
  return [
    ...fields.flatMap(([name, value]): readonly Entry[] => (value ? [[text(name), value]] : [])),
    ...recipe.unknown,
  ]
}

function encodeOptional(value: Optional): Uint8Array | undefined {
  return value === null ? NULL : value && bytes(value)
}

/** Writes the payload map with its entries in the order of the recipe, after `change`. */
export function encodeRecipe(
  recipe: DocumentRecipe,
  change: (entries: readonly Entry[]) => readonly Entry[] = (entries) => entries,
): Uint8Array {
  const sorted = entriesOf(recipe)
    .map((entry, at) => ({ entry, rank: recipe.order[at] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
  const entries = change(sorted.map(({ entry }) => entry))
  return recipe.open.payload ? openMap(entries) : map(entries)
}
