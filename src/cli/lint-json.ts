import type { PlacedFinding } from '../lint/lint-file.ts'

/** What was found in a file. */
export interface FileReport {
  readonly name: string
  readonly findings: readonly PlacedFinding[]
  /** How many more there are. */
  readonly omitted: number
}

/** A file's findings as one line of JSON. */
export function lintJson({ name, findings, omitted }: FileReport): string {
  const printed = findings.map(({ finding, policy, kind, region }) => ({
    rule: finding.rule,
    severity: finding.severity,
    policy,
    kind,
    statement: finding.statement,
    path: finding.path,
    region,
    message: finding.message,
    calls: finding.calls,
    repair: finding.repair,
  }))
  return `${JSON.stringify({ file: name, findings: printed, omitted })}\n`
}
