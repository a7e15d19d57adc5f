import { wrapText } from './wrap-text.ts'

const LABEL_CHARACTERS = 12

/** A text behind its label, in lines of at most 100 characters. */
export function labelled(label: string, text: string): readonly string[] {
  return wrapText(`  ${label.padEnd(LABEL_CHARACTERS)}`, text)
}
