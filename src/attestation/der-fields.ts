import type { DerElement } from './der.ts'

/** Takes the elements of a SEQUENCE one after another, as its definition lists them. All throw `SyntaxError`. */
export interface DerFields {
  /** The next element, which must have this identifier octet; `what` names it in messages. */
  take(tag: number, what: string): DerElement
  /** The next element if it has this identifier octet, else `undefined`. */
  takeOptional(tag: number): DerElement | undefined
  /** The next element, whatever it is, or `undefined` after the last one. */
  takeAny(): DerElement | undefined
  /** Refuses elements that are left. */
  end(): void
}

/** Begins with the first element inside a constructed one. */
export function takeFields({ children }: DerElement): DerFields {
  let position = 0
  const takeOptional = (tag: number): DerElement | undefined => {
    const child = children[position]
    if (child?.tag !== tag) return undefined
    position++
    return child
  }
  return {
    takeOptional,
    take(tag, what) {
      const child = takeOptional(tag)
      if (!child) throw new SyntaxError(`${what} is missing or of another type`)
      return child
    },
    takeAny: () => children[position++],
    end() {
      if (position < children.length) throw new SyntaxError('an element is left over')
    },
  }
}
