import { createSecretKey } from 'node:crypto'
import type { AuditFacts } from '../../src/audit/audit-facts.ts'
import { systemRandom } from '../../src/core/random.ts'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import type { DecisionRecord } from '../../src/decisions/decision-record.ts'
import { createDirectory } from '../../src/identity/directory.ts'
import type { AuthenticatedCaller, Principal } from '../../src/identity/principal.ts'
import { toPartition } from '../../src/identity/principal-partition.ts'
import { parseSeedFile } from '../../src/identity/seed-file.ts'
import { toSessionPrincipal } from '../../src/identity/session.ts'
import { createSessionTokens } from '../../src/identity/session-token.ts'
import { partitionOfRegion } from '../../src/core/partition.ts'
import { createPolicyReader } from '../../src/operations/policy-reader.ts'
import { parsePolicy } from '../../src/policy/document.ts'
import type { Members, StsCall, StsServices } from '../../src/sts/call.ts'
import { StsError } from '../../src/sts/errors.ts'
import { parseForm } from '../../src/sts/form.ts'
import { findAction, runAction } from '../../src/sts/run.ts'

/** The time at which the tests of this room live. */
export const NOW = new Date('2026-03-01T12:00:00.250Z')
export const ACCOUNT = '111122223333'

/** What a request is made with beside its parameters. */
export interface RequestOptions {
  /** The name of a user, `root`, or a principal. */
  readonly as?: string | Principal
  readonly region?: string
}

/** Parameters by name. */
export type Parameters = Readonly<Record<string, string>>

/** STS without the network, over the identities of a seed file. Users have access keys that end in their name. */
export function makeSts(seed: string) {
  const { accessKeys, accounts, roles } = parseSeedFile(seed, {
    checkPolicy: (document, kind) => void parsePolicy(document, kind),
    isKeySpec: () => true,
  })
  const audited: AuditFacts[] = []
  const services: StsServices = {
    audit: { record: (facts) => void audited.push(facts) },
    identities: createDirectory(accessKeys, accounts, roles),
    policies: createPolicyReader(),
    decisions: createDecisionLog({ perCaller: 100, callers: 10 }),
    random: systemRandom,
    sessions: createSessionTokens(createSecretKey(Buffer.alloc(32, 1)), systemRandom),
  }
  let requests = 0
  let lastCall: StsCall | undefined
  const principalOf = (as: string | Principal): Principal => {
    if (typeof as !== 'string') return as
    const found = accessKeys.find(
      ({ principal }) => principal.arn.endsWith(`/${as}`) || principal.kind === as,
    )
    if (!found) throw new TypeError(`there is no ${as}`)
    return found.principal
  }

  function ask(parameters: Parameters, { as = 'alice', region = 'us-east-1' }: RequestOptions = {}): Members {
    const form = parseForm(
      Buffer.from(new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString()),
    )
    const principal = toPartition(principalOf(as), partitionOfRegion(region))
    lastCall = {
      requestId: `request-${++requests}`,
      // Nothing was signed here: the brand is what the test says it is.
      caller: { principal, accessKeyId: 'AKIATESTTESTTESTTEST', region } as AuthenticatedCaller,
      form,
      receivedAt: NOW,
      origin: {
        address: '192.0.2.1',
        userAgent: 'test/1',
        secureTransport: true,
        viaService: null,
        sourceArn: null,
      },
    }
    return runAction(services, findAction(form), lastCall)
  }

  return {
    services,
    /** What the audit trail was given, call by call. */
    audited,
    ask,
    /** A request that must be refused, as `code: text`. */
    refusal(parameters: Parameters, options: RequestOptions = {}): string {
      try {
        return `answered: ${Object.keys(ask(parameters, options)).join(', ')}`
      } catch (error) {
        if (!(error instanceof StsError)) throw error
        return `${error.code}: ${error.message}`
      }
    },
    /** Assumes a role, and gives the principal that then makes calls. */
    assume(parameters: Parameters, options: RequestOptions = {}): Principal {
      const answer = ask({ Action: 'AssumeRole', ...parameters }, options)
      const { SessionToken } = answer['Credentials'] as Readonly<Record<string, string>>
      const session = services.sessions.open(SessionToken ?? '')
      const role = services.identities.findRole(session.roleArn)
      if (!role) throw new TypeError('the role is gone')
      return toSessionPrincipal(session, role)
    },
    lastCall(): StsCall {
      if (!lastCall) throw new TypeError('there was no call')
      return lastCall
    },
    lastRecord(): DecisionRecord | undefined {
      return services.decisions.latest(1)[0]
    },
  }
}
