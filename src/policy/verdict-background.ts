import type { GrantMatch } from './match-grant.ts'
import type { StatementRequest } from './match-statement.ts'
import type { ResourceKindRow } from './resource-kind.ts'
import type { Finding, KeyRelation } from './verdict.ts'

/** What a verdict is explained with. */
export interface VerdictBackground {
  readonly findings: readonly Finding[]
  readonly grants: readonly GrantMatch[]
  /** A sentence for each policy that cannot be read. */
  readonly unreadable: readonly string[]
  readonly relation: KeyRelation
  readonly resourceKind: ResourceKindRow
  readonly request: Pick<StatementRequest, 'caller' | 'action' | 'context'>
}
