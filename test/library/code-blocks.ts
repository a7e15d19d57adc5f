/** A fenced block of code on a page. */
export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** Number of the line on which its code begins. */
  readonly line: number
  /** The block of text that follows it directly: what the program prints; `null` where none does. */
  readonly output: string | null
}

const FENCED = /^```(\w+)\n([\s\S]*?)^```$(?:\n\n^```text\n([\s\S]*?)^```$)?/gm

/** Reads the fenced blocks of a Markdown page, those that hold output left out. */
export function readCodeBlocks(page: string): readonly CodeBlock[] {
  return Array.from(page.matchAll(FENCED), ({ 1: language = '', 2: code = '', 3: output = null, index }) => ({
    language,
    code,
    line: page.slice(0, index).split('\n').length + 1,
    output,
  }))
}
