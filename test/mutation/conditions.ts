import type { Edit, Mutation } from './mutation.ts'
import { applyEdits } from './mutation.ts'
import type { VerifierFile } from './sources.ts'
import { lineAt } from './sources.ts'
import type { SyntaxNode } from './syntax.ts'
import { enclosingName, member, nameIn, parseNodes } from './syntax.ts'

/** Every mutation of one condition, comparison, limit or call in a file, each alone. */
export function conditionMutations(file: VerifierFile): readonly Mutation[] {
  const seen = new Map<string, number>()
  const nodes = parseNodes(file.text).filter((node) => !isDefault(node))
  return nodes.flatMap((node) =>
    editsOf(node, file.text).map((edit) => {
      const name = `${file.path.slice(file.path.lastIndexOf('/') + 1)} ${describe(node, edit, file.text)}`
      const times = (seen.get(name) ?? 0) + 1
      seen.set(name, times)
      // The same change in two places of one function is told apart by its number.
      const id = times === 1 ? name : `${name} (${times})`
      return {
        id,
        shown: `line ${lineAt(file.text, edit.start)}`,
        sources: new Map([[file.path, applyEdits(file.text, [edit])]]),
        dependents: file.dependents,
      }
    }),
  )
}

/** `a ?? 0`, `[a = 0]`: what an absent value counts as is never reached, and there for the sake of types. */
function isDefault(node: SyntaxNode): boolean {
  return (
    node.type === 'Literal' &&
    node.role === 'right' &&
    /^(?:AssignmentPattern|LogicalExpression)$/.test(node.parent?.type ?? '')
  )
}

/** Name of the function, and the text around the change before and after it. */
function describe(node: SyntaxNode, edit: Edit, text: string): string {
  const around = contextOf(node)
  const inside = { ...edit, start: edit.start - around.start, end: edit.end - around.start }
  const before = text.slice(around.start, around.end)
  const after = applyEdits(before, [inside])
  return `${enclosingName(node)}: ${oneLine(before)} => ${oneLine(after)}`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

/** The expression around a number, the condition of a choice; everything else is told by itself. */
function contextOf(node: SyntaxNode): Pick<SyntaxNode, 'start' | 'end'> {
  const { parent } = node
  if (node.type === 'IfStatement') return { start: node.start, end: member(node, 'consequent').start }
  if (node.type !== 'Literal' || !parent || parent.end - parent.start > 120) return node
  return /Expression|Declarator|Property|Specifier/.test(parent.type) ? parent : node
}

const EDITS: Readonly<Record<string, (node: SyntaxNode, text: string) => readonly Edit[]>> = {
  IfStatement: (node) => ['false', 'true'].map((always) => replace(member(node, 'test'), always)),
  ConditionalExpression: (node) => ['false', 'true'].map((always) => replace(member(node, 'test'), always)),
  LogicalExpression: dropOperands,
  BinaryExpression: shiftBoundary,
  UnaryExpression: (node, text) =>
    node.raw['operator'] === '!' ? [replace(node, textOf(member(node, 'argument'), text))] : [],
  Literal: (node, text) => [...shiftNumber(node, text), ...looseRegExp(node, text)],
  MemberExpression: swapQuantifier,
  ExpressionStatement: dropCall,
}

function editsOf(node: SyntaxNode, text: string): readonly Edit[] {
  return EDITS[node.type]?.(node, text) ?? []
}

function replace({ start, end }: SyntaxNode, replacement: string): Edit {
  return { start, end, replacement }
}

function textOf({ start, end }: SyntaxNode, text: string): string {
  return text.slice(start, end)
}

/** `a || b` and `a && b` without the one or the other. */
function dropOperands(node: SyntaxNode, text: string): readonly Edit[] {
  if (node.raw['operator'] === '??') return []
  return ['left', 'right'].map((kept) => replace(node, textOf(member(node, kept), text)))
}

const NEIGHBOUR: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
}

/** A comparison that takes its boundary to the other side, or says the opposite. */
function shiftBoundary(node: SyntaxNode, text: string): readonly Edit[] {
  const operator = String(node.raw['operator'])
  const other = NEIGHBOUR[operator]
  if (other === undefined) return []
  const [left, right] = [member(node, 'left'), member(node, 'right')]
  const start = text.indexOf(operator, left.end)
  if (start < 0 || start > right.start) throw new Error(`no ${operator} in ${textOf(node, text)}`)
  return [{ start, end: start + operator.length, replacement: other }]
}

/** A number, one more and one less. */
function shiftNumber(node: SyntaxNode, text: string): readonly Edit[] {
  const source = textOf(node, text)
  const isBig = /^(?:0x)?[\da-f_]+n$/i.test(source)
  if (!isBig && typeof node.raw['value'] !== 'number') return []
  const value = BigInt(source.replaceAll('_', '').replace(/n$/, ''))
  const written = (number: bigint): string => {
    if (node.role === 'key') return `[${number}]`
    return number < 0n ? `(${number}${isBig ? 'n' : ''})` : `${number}${isBig ? 'n' : ''}`
  }
  return [value + 1n, value - 1n].map((number) => replace(node, written(number)))
}

/** A regular expression that need not match from the beginning, or to the end. */
function looseRegExp(node: SyntaxNode, text: string): readonly Edit[] {
  const source = textOf(node, text)
  if (!('regex' in node.raw)) return []
  return [source.replace(/^\/\^/, '/'), source.replace(/\$(\/\w*)$/, '$1')]
    .filter((loose) => loose !== source)
    .map((loose) => replace(node, loose))
}

function swapQuantifier(node: SyntaxNode): readonly Edit[] {
  const property = member(node, 'property')
  const name = nameIn(node, 'property')
  if (name === 'every') return [replace(property, 'some')]
  return name === 'some' ? [replace(property, 'every')] : []
}

/** A statement that only calls something, left out. */
function dropCall(node: SyntaxNode): readonly Edit[] {
  const { type } = member(node, 'expression')
  return type === 'CallExpression' || type === 'AwaitExpression' ? [replace(node, ';')] : []
}
