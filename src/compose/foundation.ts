import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createVerificationCache } from '../attestation/verification-cache.ts'
import { unsafeEvaluationTime } from '../attestation/verify-options.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { openAuditTrail } from '../audit/audit-trail.ts'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { MovableClock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import { createDecisionLog } from '../decisions/decision-log.ts'
import type { SessionTokens } from '../identity/session-token.ts'
import { createSessionTokens } from '../identity/session-token.ts'
import { generateDataKeyPair } from '../keys/data-key-pair.ts'
import { createGrantTokens } from '../keys/grant-tokens.ts'
import {
  createKeyPairStock,
  DEFAULT_STOCK,
  DEFAULT_WAITING_LIMIT,
  generationLanes,
} from '../keys/key-pair-stock.ts'
import { createKeyRing } from '../keys/key-ring.ts'
import { createPolicyReader } from '../operations/policy-reader.ts'
import type { Services } from '../operations/services.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import type { DataDirectory } from './data-directory.ts'
import { openDataDirectory } from './data-directory.ts'
import type { Identities } from './identities.ts'
import { openIdentities } from './identities.ts'
import type { Lab } from './lab.ts'
import { createLab } from './lab.ts'
import { openLabRoot } from './lab-root.ts'
import type { OperatorRoot } from './root-file.ts'
import { readRootFile } from './root-file.ts'
import { openRootKey } from './root-key.ts'
import { makeSeedKeys } from './seed-keys.ts'
import { collectAnchors } from './trust-anchors.ts'

/** The world that a service is started in. */
export interface ServiceEnvironment {
  /** The real time. */
  readonly clock: Clock
  readonly random: Random
  readonly env: Readonly<Record<string, string | undefined>>
  /** Takes the lines of the log. */
  readonly logLine: (line: string) => void
}

/** All that answers are made of, before anybody listens. */
export interface Foundation {
  readonly services: Services
  readonly audit: AuditTrail
  readonly identities: Identities
  /** Makes and opens the tokens of temporary credentials. */
  readonly sessions: SessionTokens
  readonly adminToken: Secret
  /** Whether a root counts whose private key follows from a text. */
  readonly trustsLabRoot: boolean
  /** What lab mode adds; `null` in production mode. */
  readonly lab: Lab | null
}

/** How many unwrapped keys are held in memory. */
const UNWRAPPED_KEYS = 4096
const DECISIONS_KEPT = { perCaller: 100, callers: 64 }

/**
 * Opens data directory, root key, identities and store, and binds the services to them. What must be closed again is
 * put on `cleanup`. Rejects with the typed error of the room that cannot work.
 */
export async function openFoundation(
  config: Config,
  environment: ServiceEnvironment,
  cleanup: AsyncDisposableStack,
): Promise<Foundation> {
  const { random, env } = environment
  const operatorRoots = readOperatorRoots(config, environment.clock)
  const data = openDataDirectory(config.dataDirectory, random)
  const rootKey = openRootKey(config.rootKey, {
    dataDirectory: data.path,
    storeFile: data.storeFile,
    env,
    random,
  })
  const stamp = { mode: config.lab ? 'lab' : 'production', rootKeyId: rootKey.id } as const
  const store = openSqliteStore({ file: data.storeFile, stamp })
  cleanup.defer(() => store.close())
  // After the store, so that a directory of the other mode is left as it is, and one process writes the trail.
  const audit = openAuditTrail({ directory: join(data.path, 'audit'), clock: environment.clock, random })
  cleanup.defer(() => audit.close())
  const identities = await openIdentities(config, environment)
  // Over the real time lies a clock that lab mode can move; signatures keep the real one.
  const clock = new MovableClock(environment.clock)
  const keyRing = createKeyRing({ store, rootKey, random, limit: UNWRAPPED_KEYS })
  const keys = { store, keyRing, clock }
  const lab = await openLab(config, { data, identities, keys, random })
  const anchors = collectAnchors(operatorRoots, lab?.rootCertificate ?? null)
  await makeSeedKeys(identities.seedKeys(), keys)
  return {
    services: {
      ...keys,
      keyPairs: openKeyPairStock(random, cleanup),
      grantTokens: createGrantTokens(rootKey, random),
      random,
      anchors,
      attestation: attestationSettings(config, clock),
      identities: identities.directory,
      decisions: createDecisionLog(DECISIONS_KEPT),
      audit,
      policies: createPolicyReader(),
    },
    audit,
    identities,
    // Every node on the same root key opens them, and they outlive a restart.
    sessions: createSessionTokens(rootKey.subkey('session tokens'), random),
    adminToken: data.adminToken,
    trustsLabRoot: lab !== null || operatorRoots.some(({ isLabRoot }) => isLabRoot),
    lab,
  }
}

/** Before anything is made on disk. A lab can go back in time, so that there a root may have expired. */
function readOperatorRoots({ attestationRoots, lab }: Config, clock: Clock): readonly OperatorRoot[] {
  return attestationRoots.map((file) => readRootFile(file, lab ? null : clock.now()))
}

interface LabParts {
  readonly data: DataDirectory
  readonly identities: Identities
  readonly keys: Pick<Services, 'store' | 'keyRing'> & { readonly clock: MovableClock }
  readonly random: Random
}

async function openLab({ lab }: Config, { data, identities, keys, random }: LabParts): Promise<Lab | null> {
  if (!lab) return null
  const seed = data.labSeed(lab.seed)
  const rootCertificate = await openLabRoot(data.path, seed)
  const reset = async (): Promise<void> => {
    await keys.store.reset()
    keys.keyRing.clear()
    await makeSeedKeys(identities.seedKeys(), keys)
  }
  return createLab({ seed, rootCertificate, clock: keys.clock, random, reset })
}

function openKeyPairStock(random: Random, cleanup: AsyncDisposableStack): Services['keyPairs'] {
  const keyPairs = createKeyPairStock({
    targets: DEFAULT_STOCK,
    lanes: generationLanes(availableParallelism()),
    waitingLimit: DEFAULT_WAITING_LIMIT,
    generate: (spec) => generateDataKeyPair(spec, random),
  })
  cleanup.defer(() => keyPairs.close())
  return keyPairs
}

function attestationSettings(
  { attestationMaxAgeSeconds, lab }: Config,
  clock: Clock,
): Services['attestation'] {
  const unsafeTime = lab?.unsafeAttestationClock ?? null
  return {
    clock,
    cache: createVerificationCache(),
    ...(attestationMaxAgeSeconds !== null && { maxAgeSeconds: attestationMaxAgeSeconds }),
    ...(unsafeTime !== null && { [unsafeEvaluationTime]: unsafeTime }),
  }
}
