import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import type { VerifyOptions } from '../attestation/verify-options.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { IdentityDirectory } from '../identity/principal.ts'
import type { GrantTokens } from '../keys/grant-tokens.ts'
import type { KeyPairStock } from '../keys/key-pair-stock.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { KeyStore } from '../store/key-store.ts'
import type { PolicyReader } from './policy-reader.ts'

/** What the verifier is given for every document, beside the anchors: clock, age limit, cache. */
type AttestationSettings = Omit<VerifyOptions, 'anchors' | 'demandRecipientKey'>

/** Everything that operations work with. Bound once, when the service is put together. */
export interface Services {
  readonly store: KeyStore
  readonly keyRing: KeyRing
  readonly keyPairs: KeyPairStock
  readonly grantTokens: GrantTokens
  /** The clock of creation, deletion and expiry dates. */
  readonly clock: Clock
  readonly random: Random
  /** The trust anchors of all partitions; a document is held against those of its key's partition only. */
  readonly anchors: readonly TrustAnchor[]
  readonly attestation: AttestationSettings
  readonly identities: IdentityDirectory
  readonly decisions: DecisionLog
  readonly audit: Pick<AuditTrail, 'record'>
  readonly policies: PolicyReader
}
