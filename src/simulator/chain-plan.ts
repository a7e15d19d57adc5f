import { bigEndian } from './big-endian.ts'
import type { CertificatePlan, CertificateSubject } from './certificate-plan.ts'
import { planCertificate } from './certificate-plan.ts'
import { deriveSerial, deriveUuid } from './derive.ts'
import { SimulatorError } from './errors.ts'
import type { Extension } from './extension.ts'
import {
  END_ENTITY_CONSTRAINTS,
  authorityConstraints,
  authorityKeyIdentifier,
  crlDistributionPoint,
  keyUsage,
  subjectKeyIdentifier,
} from './extension.ts'
import type { IssueRequest } from './issue-request.ts'
import type { LabPki } from './lab-pki.ts'
import { authorityName, derName, instanceName, zonalName } from './name.ts'
import { PROFILE } from './profile.ts'
import type { SigningKey } from './signing-key.ts'
import { createSigningKey } from './signing-key.ts'
import { concatBytes, toHex } from '../core/bytes.ts'

/** The five certificates of a document, root to leaf, before they are encoded. */
export interface ChainPlan {
  readonly root: CertificatePlan
  readonly regional: CertificatePlan
  readonly zonal: CertificatePlan
  readonly instance: CertificatePlan
  readonly leaf: CertificatePlan
}

const HOUR_SECONDS = 3600
const DAY_SECONDS = 24 * HOUR_SECONDS

/** Seconds for which each certificate is valid, and by which it began before the document it is first used for. */
const WINDOW = {
  regional: { lifetime: 1_731_600, age: 3 * DAY_SECONDS },
  zonal: { lifetime: 140 * HOUR_SECONDS, age: 10 * HOUR_SECONDS },
  instance: { lifetime: DAY_SECONDS, age: 2 * HOUR_SECONDS },
} as const

/** Seconds for which a leaf is valid from the time it is issued. */
const LEAF_LIFETIME = 3 * HOUR_SECONDS

/**
 * The host of the addresses where certificates say that revocations are listed: as long as AWS's, and in a domain that
 * never resolves (RFC 6761 §6.4), so that a verifier which follows them reaches nobody.
 */
const CRL_DOMAIN = 'cloud.invalid'

/**
 * Plans the regional certificate that was in use at a time.
 * Throws `SimulatorError` `SIMULATOR_TIME_OUT_OF_RANGE` where it would not fit into the root's window.
 */
export function planRegional({ derive, partition, root }: LabPki, region: string, at: Date): CertificatePlan {
  const window = windowAt(at, WINDOW.regional)
  // Turned round, so that a window whose end no Date can hold is refused too.
  if (!(window.notBefore >= root.notBefore && window.notAfter <= root.notAfter)) {
    throw new SimulatorError('SIMULATOR_TIME_OUT_OF_RANGE', 'the lab root is valid from 2019 to 2048')
  }
  const started = String(window.notBefore.getTime())
  const label = toHex(derive(8, 'label', 'regional', region, started))
  const commonName = `${label}.${region}.${partition}.nitro-enclaves`
  const key = createSigningKey(derive(56, 'key', 'regional', commonName, started))
  const uuid = deriveUuid(derive, commonName)
  return planCertificate({
    ...issuedBy(root),
    ...window,
    key,
    serial: deriveSerial(derive, 16, commonName),
    subject: derName(authorityName(commonName)),
    extensions: authorityExtensions(key, root.key, {
      pathLength: 2,
      crl: `http://lab-nitro-enclaves-crl.s3.${CRL_DOMAIN}/crl/${uuid}.crl`,
    }),
  })
}

/** Plans the zonal certificate that was in use at a time. */
export function planZonal(
  { derive, partition }: LabPki,
  regional: CertificatePlan,
  { region, at }: { readonly region: string; readonly at: Date },
): CertificatePlan {
  const window = windowAt(at, WINDOW.zonal)
  const started = String(window.notBefore.getTime())
  // As AWS writes it, the label is a number and so loses its leading zeros.
  const label = BigInt(`0x${toHex(derive(8, 'label', 'zonal', region, started))}`).toString(16)
  const commonName = `${label}.zonal.${region}.${partition}.nitro-enclaves`
  const key = createSigningKey(derive(56, 'key', 'zonal', commonName, started))
  const uuid = deriveUuid(derive, commonName)
  return planCertificate({
    ...issuedBy(regional),
    ...window,
    key,
    serial: deriveSerial(derive, 16, commonName),
    subject: derName(zonalName(commonName)),
    extensions: authorityExtensions(key, regional.key, {
      pathLength: 1,
      crl: `http://crl-${region}-lab-nitro-enclaves.s3.${region}.${CRL_DOMAIN}/crl/${uuid}.crl`,
    }),
  })
}

/** Plans the certificate that an instance had at a time. */
export function planInstance(
  { derive, partition }: LabPki,
  zonal: CertificatePlan,
  { region, instanceId, profile, at }: IssueRequest,
): CertificatePlan {
  const window = windowAt(at, WINDOW.instance)
  const commonName = `${instanceId}.${region}.${partition}.nitro-enclaves`
  const started = String(window.notBefore.getTime())
  const key = createSigningKey(derive(56, 'key', 'instance', commonName, started))
  const keyIdentifiers = PROFILE[profile].instanceKeyIdentifiers
    ? [subjectKeyIdentifier(key), authorityKeyIdentifier(zonal.key)]
    : []
  return planCertificate({
    ...issuedBy(zonal),
    ...window,
    key,
    serial: deriveSerial(derive, 20, `${commonName} ${started}`),
    subject: derName(instanceName(commonName)),
    extensions: [authorityConstraints(0), keyUsage(true, 'keyCertSign'), ...keyIdentifiers],
  })
}

/** Plans the certificate that a module signs its documents with, issued at the time of the request. */
export function planLeaf(
  { derive, partition }: LabPki,
  instance: CertificatePlan,
  { region, module, profile, at }: IssueRequest,
): CertificatePlan {
  const issued = Math.floor(at.getTime() / 1000)
  const commonName = `${module.moduleId}.${region}.${partition}`
  return planCertificate({
    ...issuedBy(instance),
    notBefore: new Date((issued - PROFILE[profile].leafBackdatedSeconds) * 1000),
    notAfter: new Date((issued + LEAF_LIFETIME) * 1000),
    key: createSigningKey(derive(56, 'key', 'leaf', commonName, String(issued))),
    serial: concatBytes(module.number, bigEndian(BigInt(issued), 8)),
    subject: derName(instanceName(commonName)),
    extensions: [END_ENTITY_CONSTRAINTS, keyUsage(false, 'digitalSignature', 'nonRepudiation')],
  })
}

/** Plans all five certificates of a document that is the first to use them. */
export function planChain(pki: LabPki, request: IssueRequest): ChainPlan {
  const regional = planRegional(pki, request.region, request.at)
  const zonal = planZonal(pki, regional, request)
  const instance = planInstance(pki, zonal, request)
  return { root: pki.root, regional, zonal, instance, leaf: planLeaf(pki, instance, request) }
}

function issuedBy(issuer: CertificatePlan): Pick<CertificateSubject, 'issuer' | 'issuerKey'> {
  return { issuer: issuer.subject, issuerKey: issuer.key }
}

/** Certificates know whole seconds only. */
function windowAt(
  at: Date,
  { lifetime, age }: { readonly lifetime: number; readonly age: number },
): Pick<CertificateSubject, 'notBefore' | 'notAfter'> {
  const start = Math.floor(at.getTime() / 1000) - age
  return { notBefore: new Date(start * 1000), notAfter: new Date((start + lifetime) * 1000) }
}

function authorityExtensions(
  key: SigningKey,
  issuerKey: SigningKey,
  { pathLength, crl }: { readonly pathLength: number; readonly crl: string },
): readonly Extension[] {
  return [
    authorityConstraints(pathLength),
    authorityKeyIdentifier(issuerKey),
    subjectKeyIdentifier(key),
    keyUsage(true, 'digitalSignature', 'keyCertSign', 'cRLSign'),
    crlDistributionPoint(crl),
  ]
}
