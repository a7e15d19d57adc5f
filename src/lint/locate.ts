import type { Span } from '../core/json-spans.ts'
import { membersAt } from '../core/json-spans.ts'

/**
 * The span that a path of member names leads to. Where there is no such member, as far as the path goes; numbers are
 * places in arrays, and place 0 of what is no array is that itself.
 */
export function locate(text: string, root: Span, path: readonly (string | number)[]): Span {
  let current = root
  for (const step of path) {
    const opened = text[current.start]
    if (opened !== '{' && opened !== '[') break
    if (opened === '{' && step === 0) continue
    const members = membersAt(text, current)
    const next = typeof step === 'number' ? members[step] : members.find(({ name }) => name === step)
    if (!next) break
    current = next
  }
  return { start: current.start, end: current.end }
}
