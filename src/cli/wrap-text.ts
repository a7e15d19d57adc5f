/** What terminals show in a line without trouble. */
const WIDTH = 100

/**
 * Sets a text in lines of at most 100 characters where its words allow it. `first` stands before the first line, and as
 * much white space before the others.
 */
export function wrapText(first: string, text: string): readonly string[] {
  const indent = ' '.repeat(first.length)
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}
