import type { Edit, Mutation } from './mutation.ts'
import { applyEdits } from './mutation.ts'
import type { VerifierFile } from './sources.ts'
import { lineAt } from './sources.ts'
import type { SyntaxNode } from './syntax.ts'
import { member, nameIn, nearest, parseNodes } from './syntax.ts'

interface Place {
  readonly file: VerifierFile
  readonly node: SyntaxNode
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

/** Finds in the source of the verifier how checks can be switched off. */
export function createCheckSwitches(files: readonly VerifierFile[]): (code: string) => Mutation {
  const places = files.flatMap((file) => parseNodes(file.text).map((node) => ({ file, node })))
  return (code) => {
    const throwing = throwsOf(code, places)
    const edits = throwing.map(({ file, node }) => ({ file, edit: switchOff(node) }))
    const changed = [...new Set(edits.map(({ file }) => file))]
    const editsOf = (file: VerifierFile): readonly Edit[] =>
      edits.filter((one) => one.file === file).map(({ edit }) => edit)
    return {
      id: code,
      shown: edits
        .map(({ file, edit }) => `${nameOf(file)}:${lineAt(file.text, edit.start)} ${HOW[edit.how]}`)
        .join(', '),
      sources: new Map(changed.map((file) => [file.path, applyEdits(file.text, editsOf(file))])),
      dependents: [...new Set(changed.flatMap(({ dependents }) => dependents))],
    }
  }
}

function nameOf({ path }: VerifierFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/**
 * The statements that throw the error of a code: where it is made, or where a function is called that only makes it.
 * Throws where there are none, so that no check counts as switched off that was not.
 */
function throwsOf(code: string, places: readonly Place[]): readonly Place[] {
  const made = places.find(({ node }) => makesError(node, code))
  if (!made) throw new Error(`no error ${code} is made in the verifier`)
  const thrown = nearest(made.node, ['ThrowStatement', ...FUNCTIONS])
  if (thrown?.type === 'ThrowStatement') return [{ file: made.file, node: thrown }]
  const maker = thrown && nameIn(thrown, 'id')
  const throwing = places.filter(
    ({ node }) =>
      node.type === 'ThrowStatement' && maker !== undefined && calls(member(node, 'argument'), maker),
  )
  if (throwing.length === 0) throw new Error(`nothing throws the error ${code}`)
  return throwing
}

function makesError(node: SyntaxNode, code: string): boolean {
  const [first] = Array.isArray(node.raw['arguments']) ? node.raw['arguments'] : []
  return (
    node.type === 'NewExpression' && nameIn(node, 'callee') === 'AttestationError' && first?.value === code
  )
}

function calls(node: SyntaxNode, name: string): boolean {
  return node.type === 'CallExpression' && nameIn(node, 'callee') === name
}

const HOW = {
  condition: 'never true',
  caught: 'passed over',
  statement: 'left out',
} as const

/** The edit that keeps a statement from throwing: its condition never holds, or it is not there. */
function switchOff(statement: SyntaxNode): Edit & { readonly how: keyof typeof HOW } {
  for (let at = statement; at.parent; at = at.parent) {
    const { parent } = at
    if (parent.type === 'IfStatement' && at.role === 'consequent') {
      const { start, end } = member(parent, 'test')
      return { start, end, replacement: 'false', how: 'condition' }
    }
    // What was caught is passed over, and the function answers nothing.
    if (parent.type === 'CatchClause') return { ...extent(statement), replacement: 'return', how: 'caught' }
    if (FUNCTIONS.includes(parent.type)) break
  }
  return { ...extent(statement), replacement: ';', how: 'statement' }
}

function extent({ start, end }: SyntaxNode): { readonly start: number; readonly end: number } {
  return { start, end }
}
