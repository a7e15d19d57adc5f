/** An element that lists patterns, or lists what it does not mean (`NotAction`, `NotResource`). */
export interface PatternList<Subject> {
  readonly element: 'Action' | 'NotAction' | 'Resource' | 'NotResource'
  /** As they were written. */
  readonly patterns: readonly string[]
  readonly tests: readonly ((subject: Subject) => boolean)[]
}

/** Whether a statement with this element applies to the subject. */
export function listApplies<Subject>(list: PatternList<Subject>, subject: Subject): boolean {
  return list.tests.some((test) => test(subject)) !== list.element.startsWith('Not')
}
