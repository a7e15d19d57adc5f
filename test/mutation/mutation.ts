/** A piece of source that is replaced by another one. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** A change to the source of the verifier. It is made in memory, on the way from the disk to the engine. */
export interface Mutation {
  /** Stable name: does not depend on lines, so that it can be listed. */
  readonly id: string
  /** How it is shown, with the line. */
  readonly shown: string
  /** Changed texts by path from the top of the project. */
  readonly sources: ReadonlyMap<string, string>
  /** Files to be loaded anew, the changed ones among them. */
  readonly dependents: readonly string[]
}

/** The text after some edits, which do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (changed, { start, end, replacement }) => changed.slice(0, start) + replacement + changed.slice(end),
      text,
    )
}
