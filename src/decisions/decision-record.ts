/** One check of the attestation verifier, as it went for the document of a request. */
interface RecordedCheck {
  readonly name: string
  readonly code: string
  readonly outcome: 'passed' | 'failed' | 'not-reached'
  readonly detail: string | null
}

/** What was found out about the document in `Recipient`. No nonce, no user data, no document. */
export interface RecordedAttestation {
  readonly verdict: 'accepted' | 'rejected'
  /** The code of the check that failed; `null` when accepted. */
  readonly code: string | null
  readonly message: string | null
  readonly kind: 'nitro-enclave' | 'nitrotpm' | null
  readonly moduleId: string | null
  readonly timestamp: string | null
  /** Which clock it was judged by: the present time, or in lab mode a fixed one or the document's own. */
  readonly clock: 'present' | 'fixed' | 'document'
  /** The time by that clock; `null` where it was the document's own and could not be read. */
  readonly judgedAt: string | null
  readonly checks: readonly RecordedCheck[]
}

/** Why one statement of one policy took part in a decision, or did not. */
export interface RecordedStatement {
  readonly policy: string
  readonly statement: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  readonly matched: boolean
  /** The first thing that did not match; `null` where the statement matched. */
  readonly mismatch: RecordedMismatch | null
}

/** The first element of a statement that did not match, with what it wanted and what there was. */
export interface RecordedMismatch {
  readonly element: string
  readonly operator: string | null
  readonly key: string | null
  readonly expected: readonly string[]
  readonly actual: readonly string[]
}

/** How one grant fared. */
export interface RecordedGrant {
  /** Its id. */
  readonly grant: string
  /** The first thing that did not match, in words; `null` where the grant allows. */
  readonly mismatch: string | null
}

/** One authorization question of a request and its answer. */
export interface RecordedDecision {
  readonly action: string
  readonly resource: string
  readonly outcome: 'allow' | 'explicit-deny' | 'implicit-deny'
  readonly by: 'key-policy' | 'trust-policy' | 'identity-policy' | 'grant' | null
  readonly conditionKeys: Readonly<Record<string, string | readonly string[]>>
  readonly statements: readonly RecordedStatement[]
  /** The grants that were looked at: none where policies allowed or denied it. */
  readonly grants: readonly RecordedGrant[]
  /** In words, the most telling first. */
  readonly reasons: readonly string[]
}

/** Who called, and from which credentials. */
export interface RecordedCaller {
  readonly arn: string
  readonly accountId: string
  /** `null` for a caller whom lab mode let in unsigned. */
  readonly accessKeyId: string | null
  /** The role of a session, with its path; `null` for others. */
  readonly roleArn: string | null
  /** When the credentials of a session were made; `null` for others. */
  readonly credentialsIssuedAt: string | null
}

/** Everything that is kept of a request to explain its answer later. */
export interface DecisionRecord {
  readonly requestId: string
  readonly time: string
  readonly operation: string
  readonly region: string
  readonly caller: RecordedCaller
  readonly keyArn: string | null
  readonly attestation: RecordedAttestation | null
  readonly decisions: readonly RecordedDecision[]
  readonly result: {
    readonly outcome: 'answered' | 'refused'
    /** The name of the exception. */
    readonly error: string | null
    /** Its text as the caller saw it; cut where it is long. */
    readonly message: string | null
    /** The code of the check that the attestation document failed. */
    readonly reason: string | null
  }
}
