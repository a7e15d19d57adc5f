/** How bad a finding is: a way round attestation or a policy that cannot work, a doubtful one, or a remark. */
export type Severity = 'error' | 'warning' | 'note'

/** What a rule looks for. */
export interface Rule {
  readonly id: string
  /** What its findings have unless the rule says otherwise for one of them. */
  readonly severity: Severity
  /** One sentence. */
  readonly title: string
  /** Why it matters, and what to do. */
  readonly help: string
}
