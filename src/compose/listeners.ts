import type { Config } from '../config/config.ts'
import type { Random } from '../core/random.ts'
import type { Clock } from '../core/clock.ts'
import { createAdminApp } from '../http/admin-app.ts'
import { createAdmission, DEFAULT_ADMISSION_LIMITS } from '../http/admission.ts'
import { createKmsApp } from '../http/app.ts'
import { bindOperations } from '../http/bind-operations.ts'
import { listen } from '../http/listen.ts'
import type { Log } from '../http/log.ts'
import { createMetrics } from '../http/metrics.ts'
import { labStatedService } from '../http/request-origin.ts'
import { unsafeAllowUnsigned } from '../http/unsigned-caller.ts'
import { LAB_ACCESS_KEY } from '../identity/lab-identity.ts'
import type { Foundation } from './foundation.ts'
import { summarizeAnchors } from './trust-anchors.ts'

/** The KMS listener and the admin listener, answering. */
export interface Listeners {
  readonly kmsUrl: string
  readonly adminUrl: string
  /** Stops accepting on both, and fulfils once calls under way have ended or the time is up. */
  close(graceMilliseconds: number): Promise<void>
}

/** What stands in every answer and log line, and what both listeners share. */
export interface ListenerSettings {
  readonly config: Config
  /** The real time, which signatures are held against. */
  readonly clock: Clock
  readonly random: Random
  readonly unsafe: readonly string[]
  readonly log: Log
}

/** Opens both listeners, or neither. Rejects with `HttpError` as `listen` does. */
export async function openListeners(
  { services, audit, sessions, adminToken, lab }: Foundation,
  { config, clock, random, unsafe, log }: ListenerSettings,
): Promise<Listeners> {
  const { decisions, identities } = services
  const admission = createAdmission(DEFAULT_ADMISSION_LIMITS)
  const metrics = createMetrics(admission.inFlight)
  const shared = { decisions, audit, log, metrics, unsafe }
  let adminPort: number | null = null
  let ready = false
  const kmsApp = createKmsApp({
    ...shared,
    operations: bindOperations(services),
    identities,
    sessions,
    policies: services.policies,
    clock,
    random,
    admission,
    anchors: summarizeAnchors(services.anchors),
    [labStatedService]: config.lab !== null,
    ...(config.lab?.unsafeAllowUnsigned && {
      [unsafeAllowUnsigned]: { principal: LAB_ACCESS_KEY.principal },
    }),
  })
  const adminApp = createAdminApp({
    ...shared,
    token: adminToken,
    port: () => adminPort,
    isReady: () => ready,
    ...(lab && { lab: lab.actions }),
  })
  const admin = await listen(adminApp, config.admin)
  adminPort = admin.port
  try {
    const kms = await listen(kmsApp, config.listen)
    ready = true
    return {
      kmsUrl: kms.url,
      adminUrl: admin.url,
      async close(graceMilliseconds) {
        ready = false
        await Promise.all([kms.close(graceMilliseconds), admin.close(graceMilliseconds)])
      },
    }
  } catch (error) {
    await admin.close(0)
    throw error
  }
}
