// Of vitest is relied on: it hands out the parser of its bundler, which reads TypeScript into an ESTree with positions in
// UTF-16 code units.
import { parseAst } from 'vitest/node'

/** A node of a syntax tree, with the nodes around it. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly parent: SyntaxNode | null
  /** Where the parent holds it, such as `consequent`. */
  readonly role: string
  /** Members as the parser gives them. */
  readonly raw: Readonly<Record<string, unknown>>
}

/** Types and declarations of types, which are gone when the program runs. */
const ERASED = /^TS(?!AsExpression|SatisfiesExpression|NonNullExpression)/

/** Every node of a source file that is there when it runs, outer ones first. */
export function parseNodes(source: string): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = []
  collect(toNode(parseAst(source, { lang: 'ts' }), null, ''), nodes)
  return nodes
}

function collect(node: SyntaxNode, nodes: SyntaxNode[]): void {
  if (ERASED.test(node.type)) return
  nodes.push(node)
  for (const child of childrenOf(node)) collect(child, nodes)
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.entries(node.raw).flatMap(([role, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isRawNode).map((raw) => toNode(raw, node, role)),
  )
}

function toNode(raw: object, parent: SyntaxNode | null, role: string): SyntaxNode {
  const members = Object.fromEntries(Object.entries(raw))
  return {
    type: String(members['type']),
    start: Number(members['start']),
    end: Number(members['end']),
    parent,
    role,
    raw: members,
  }
}

function isRawNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

/** The member of a node as a node. Throws where it is none. */
export function member(node: SyntaxNode, role: string): SyntaxNode {
  const raw = node.raw[role]
  if (!isRawNode(raw)) throw new TypeError(`${node.type} has no node ${role}`)
  return toNode(raw, node, role)
}

/** The name of an identifier in a role of a node; `undefined` where something else stands there. */
export function nameIn(node: SyntaxNode, role: string): string | undefined {
  const raw = node.raw[role]
  return isRawNode(raw) && 'name' in raw && typeof raw.name === 'string' ? raw.name : undefined
}

/** The nearest node around this one, or itself, of one of some types. */
export function nearest(node: SyntaxNode | null, types: readonly string[]): SyntaxNode | undefined {
  for (let at = node; at; at = at.parent) if (types.includes(at.type)) return at
  return undefined
}

/** The name of the function, constant or method that a node stands in; `(module)` outside all. */
export function enclosingName(node: SyntaxNode): string {
  const names: string[] = []
  for (let at = node.parent; at; at = at.parent) {
    const name = nameIn(at, /^(?:MethodDefinition|Property)$/.test(at.type) ? 'key' : 'id')
    if (name !== undefined) names.unshift(name)
  }
  return names[0] ?? '(module)'
}
