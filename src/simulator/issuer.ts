import type { Clock } from '../core/clock.ts'
import type { CertificatePlan } from './certificate-plan.ts'
import { encodeCertificate } from './certificate-plan.ts'
import type { ChainPlan } from './chain-plan.ts'
import { planInstance, planLeaf, planRegional, planZonal } from './chain-plan.ts'
import type { IssueOptions, IssuedDocument } from './issue-document.ts'
import { issueDocument } from './issue-document.ts'
import type { IssueRequest } from './issue-request.ts'
import type { LabPki } from './lab-pki.ts'
import { defaultInstanceId } from './module-id.ts'
import { RecentMap } from './recent-map.ts'
import { ReusedChains } from './reused-chains.ts'

/** What an issuer is made of. */
export interface LabIssuerOptions {
  /** The lab that the documents are issued by. */
  readonly pki: LabPki
  /** The time of documents that are not asked for another one. */
  readonly clock: Clock
  /** How many chains of each level and how many enclaves are remembered; 256 unless given. */
  readonly capacity?: number
}

/** A document asked of an issuer; the time is the clock's unless given. */
export type IssuerRequest = Omit<IssueOptions, 'at'> & { readonly at?: Date | undefined }

type ZonalChain = Omit<ChainPlan, 'instance' | 'leaf'>
type InstanceChain = Omit<ChainPlan, 'leaf'>

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * Issues documents one after another as a running host does: an enclave keeps its module id, a leaf serves many
 * documents until 15 minutes before its end, an instance certificate until it is 12 hours old. What is remembered is
 * bounded; a document for what was forgotten has new certificates and is as good. What is issued depends on what was
 * issued before, so the same bytes again are `issueDocument`'s to give.
 */
export class LabIssuer {
  readonly #pki: LabPki
  readonly #clock: Clock
  readonly #zonal: ReusedChains<ZonalChain>
  readonly #instance: ReusedChains<InstanceChain>
  readonly #leaf: ReusedChains<ChainPlan>
  readonly #startTimes: RecentMap<Date>
  readonly #encoded = new WeakMap<CertificatePlan, Uint8Array>()

  constructor({ pki, clock, capacity = 256 }: LabIssuerOptions) {
    this.#pki = pki
    this.#clock = clock
    this.#startTimes = new RecentMap(capacity)
    this.#zonal = new ReusedChains({
      lowest: ({ zonal }) => zonal,
      fromAge: 3 * HOUR,
      toAge: 22 * HOUR,
      capacity,
    })
    this.#instance = new ReusedChains({
      lowest: ({ instance }) => instance,
      fromAge: MINUTE,
      toAge: 12 * HOUR,
      capacity,
    })
    this.#leaf = new ReusedChains({
      lowest: ({ leaf }) => leaf,
      fromAge: 0,
      toAge: 3 * HOUR - 15 * MINUTE,
      capacity,
    })
  }

  /** DER of the root that everything issued here hangs on. */
  get rootCertificate(): Uint8Array {
    return this.#pki.rootCertificate
  }

  /** Issues a document. Throws `SimulatorError` with the codes of `issueDocument`. */
  issue(options: IssuerRequest): IssuedDocument {
    const at = options.at ?? this.#clock.now()
    const startedAt = options.startedAt ?? this.#startOf(options, at)
    const issued = issueDocument(
      this.#pki,
      { ...options, at, startedAt },
      { plan: (_, request) => this.#leafChain(request), encode: (plan) => this.#encode(plan) },
    )
    // Kept only now: a time that nothing can be issued for must not stay with the instance.
    if (!options.startedAt) this.#startTimes.set(this.#instanceOf(options), startedAt)
    return issued
  }

  /** When the enclave of an instance was started: an hour before its first document, and the same from then on. */
  #startOf(request: IssuerRequest, at: Date): Date {
    const known = this.#startTimes.get(this.#instanceOf(request))
    return known && known <= at ? known : new Date(at.getTime() - HOUR)
  }

  #instanceOf({ instanceId }: IssuerRequest): string {
    return instanceId ?? defaultInstanceId(this.#pki.derive)
  }

  #leafChain(request: IssueRequest): ChainPlan {
    const name = `${request.region} ${request.module.moduleId} ${request.profile}`
    return this.#leaf.at(request.at, name, () => {
      const above = this.#instanceChain(request)
      return { ...above, leaf: planLeaf(this.#pki, above.instance, request) }
    })
  }

  #instanceChain(request: IssueRequest): InstanceChain {
    const name = `${request.region} ${request.instanceId} ${request.profile}`
    return this.#instance.at(request.at, name, () => {
      const above = this.#zonalChain(request)
      return { ...above, instance: planInstance(this.#pki, above.zonal, request) }
    })
  }

  #zonalChain({ region, at }: IssueRequest): ZonalChain {
    return this.#zonal.at(at, region, () => {
      const regional = planRegional(this.#pki, region, at)
      return { root: this.#pki.root, regional, zonal: planZonal(this.#pki, regional, { region, at }) }
    })
  }

  #encode(plan: CertificatePlan): Uint8Array {
    const known = this.#encoded.get(plan)
    if (known) return known
    const encoded = encodeCertificate(plan)
    this.#encoded.set(plan, encoded)
    return encoded
  }
}
