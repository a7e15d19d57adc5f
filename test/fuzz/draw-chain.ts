import type { CertificatePlan } from '../../src/simulator/certificate-plan.ts'
import { planCertificate } from '../../src/simulator/certificate-plan.ts'
import { DER_TAG } from '../../src/simulator/der-writer.ts'
import type { Extension } from '../../src/simulator/extension.ts'
import {
  authorityConstraints,
  authorityKeyIdentifier,
  crlDistributionPoint,
  END_ENTITY_CONSTRAINTS,
  keyUsage,
  subjectKeyIdentifier,
} from '../../src/simulator/extension.ts'
import { authorityName, derName, instanceName, zonalName } from '../../src/simulator/name.ts'
import type { SigningKey } from '../../src/simulator/signing-key.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose, drawBytes, once, shuffle } from './choose.ts'
import type { Authority } from './world.ts'

/** Certificates that make a good chain at a time; root first, leaf last. */
export interface DrawnChain {
  readonly plans: readonly CertificatePlan[]
  /** Milliseconds since 1970. */
  readonly at: number
}

const DAY = 86_400
const FIRST = Date.parse('2016-01-01T00:00:00Z')
const LAST = Date.parse('2059-01-01T00:00:00Z')

/** Draws a chain below a root: one to eight certificates in the bundle, of any good content. */
export function drawChain(dice: Dice, { root, keys }: Authority, at = drawTime(dice)): DrawnChain {
  const inBundle = choose(dice, [4, 4, 4, 4, 1, 2, 3, 5, 6, 7, 8])
  const plans = [root]
  const left = shuffle(dice, keys)
  for (let level = 1; level <= inBundle; level++) {
    const issuer = plans.at(-1) ?? root
    const key = left[level] ?? root.key
    const isLeaf = level === inBundle
    const extensions = isLeaf
      ? leafExtensions(dice)
      : authorityExtensions(dice, { key, issuer, below: inBundle - 1 - level })
    plans.push(
      planCertificate({
        key,
        issuerKey: issuer.key,
        issuer: issuer.subject,
        serial: drawBytes(dice, between(dice, 1, 21)),
        subject: drawName(dice, level),
        ...drawWindow(dice, at, isLeaf ? DAY : 30 * DAY),
        extensions,
      }),
    )
  }
  return { plans, at }
}

const drawTime = (dice: Dice): number => Math.floor(FIRST + dice(2 ** 31) * ((LAST - FIRST) / 2 ** 31))

/** A window around a time; it may begin as late as the tolerance of the verifier allows. */
function drawWindow(dice: Dice, at: number, most: number): Pick<CertificatePlan, 'notBefore' | 'notAfter'> {
  const second = Math.floor(at / 1000)
  const start = second - choose(dice, [0, 1, 3, between(dice, 1, most), between(dice, 1, most)])
  const end = second + choose(dice, [0, 1, between(dice, 1, most), between(dice, 1, most)])
  return { notBefore: new Date(start * 1000), notAfter: new Date(end * 1000) }
}

/** No two levels have the same name, so that none can stand for another. */
function drawName(dice: Dice, level: number): Uint8Array {
  const label = Buffer.from(drawBytes(dice, 6)).toString('hex')
  const commonName = `${level}-${label}${choose(dice, ['', '.eu-test-1.fuzz', ' ', ',+"\\<>;=', 'ÿ€😀', '\n'])}`
  const attributes = choose(dice, [authorityName, zonalName, instanceName])(commonName)
  return derName(attributes, choose(dice, [DER_TAG.utf8String, DER_TAG.utf8String, 0x14]))
}

/** An extension that nobody knows and that need not be known. */
export function unknownExtension(dice: Dice, critical = false): Extension {
  return {
    id: `1.3.6.1.4.1.${between(dice, 1, 2 ** 28)}.${dice(200)}`,
    critical,
    value: drawBytes(dice, dice(40)),
  }
}

const perhaps = (dice: Dice, extension: () => Extension): readonly Extension[] =>
  once(dice, 2) ? [extension()] : []

interface AuthorityPlace {
  readonly key: SigningKey
  readonly issuer: CertificatePlan
  /** How many certificate authorities follow. */
  readonly below: number
}

function authorityExtensions(dice: Dice, { key, issuer, below }: AuthorityPlace): readonly Extension[] {
  const pathLength = choose(dice, [undefined, below, below, below + dice(100)])
  const usages = shuffle(dice, ['digitalSignature', 'cRLSign', 'nonRepudiation'] as const).slice(0, dice(3))
  return shuffle(dice, [
    { ...authorityConstraints(pathLength), critical: !once(dice, 4) },
    keyUsage(!once(dice, 4), 'keyCertSign', ...usages),
    ...perhaps(dice, () => subjectKeyIdentifier(key)),
    ...perhaps(dice, () => authorityKeyIdentifier(issuer.key)),
    ...(once(dice, 4) ? [crlDistributionPoint('http://crl.cloud.invalid/a.crl')] : []),
    ...(once(dice, 3) ? [unknownExtension(dice)] : []),
  ])
}

function leafExtensions(dice: Dice): readonly Extension[] {
  return shuffle(dice, [
    ...perhaps(dice, () => END_ENTITY_CONSTRAINTS),
    keyUsage(once(dice, 2), 'digitalSignature', ...(once(dice, 2) ? (['nonRepudiation'] as const) : [])),
    ...(once(dice, 3) ? [unknownExtension(dice)] : []),
  ])
}
