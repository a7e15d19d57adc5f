import type { TrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import type { CertificatePlan } from '../../src/simulator/certificate-plan.ts'
import { encodeCertificate, planCertificate } from '../../src/simulator/certificate-plan.ts'
import { createDerive } from '../../src/simulator/derive.ts'
import { authorityConstraints, keyUsage, subjectKeyIdentifier } from '../../src/simulator/extension.ts'
import { authorityName, derName } from '../../src/simulator/name.ts'
import type { SigningKey } from '../../src/simulator/signing-key.ts'
import { createSigningKey } from '../../src/simulator/signing-key.ts'
import { GENUINE_DOCUMENTS } from '../support/attestation/genuine-documents.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { makeDice } from '../support/attestation/mutations.ts'
import type { DrawnChain } from './draw-chain.ts'
import { drawChain } from './draw-chain.ts'
import { makeFastKey } from './fast-key.ts'

/** A root with its key, and keys for what stands below it. */
export interface Authority {
  readonly root: CertificatePlan
  /** The root as it was signed, which is what the anchor pins. */
  readonly der: Uint8Array
  readonly anchor: TrustAnchor
  readonly keys: readonly SigningKey[]
}

/** What all cases of a run share. */
export interface World {
  /** The one whose documents are good. */
  readonly lab: Authority
  /** Another one with the same names. */
  readonly foreign: Authority
  /** Chains of the lab that are used over and over, all at one time. */
  readonly chains: readonly DrawnChain[]
  /** On other curves. */
  readonly oddKeys: readonly SigningKey[]
  readonly genuine: readonly Uint8Array[]
  /** The DER of a certificate, signed once for each plan. */
  readonly encode: (plan: CertificatePlan) => Uint8Array
}

/** When all of the shared chains are valid: a cache that is used at other times too would lose what it holds of them. */
const PRESENT = Date.parse('2031-05-06T07:08:09.010Z')

const KEYS = 12
const CHAINS = 48

/** The window of the roots: longer than UTCTime reaches (RFC 5280 §4.1.2.5). */
const ROOT_WINDOW = {
  notBefore: new Date('2015-01-01T00:00:00Z'),
  notAfter: new Date('2060-01-01T00:00:00Z'),
}

/** Makes what is shared; the same seed gives the same names, keys and chains. */
export function makeWorld(seed: number): World {
  const dice = makeDice(seed)
  const [lab, foreign] = [makeAuthority(seed, 'lab'), makeAuthority(seed, 'foreign')]
  const encoded = new WeakMap([lab, foreign].map(({ root, der }) => [root, der]))
  return {
    lab,
    foreign,
    chains: Array.from({ length: CHAINS }, () => drawChain(dice, lab, PRESENT + dice(60_000))),
    oddKeys: (['P-256', 'P-521'] as const).map((curve) => createSigningKey(uniform(dice), curve)),
    genuine: GENUINE_DOCUMENTS.map(({ bytes }) => bytes),
    encode(plan) {
      const known = encoded.get(plan) ?? encodeCertificate(plan)
      encoded.set(plan, known)
      return known
    },
  }
}

const uniform = (dice: Dice): Uint8Array => Uint8Array.from({ length: 80 }, () => dice(256))

function makeAuthority(seed: number, name: string): Authority {
  const derive = createDerive(`fuzz ${seed} ${name}`)
  const [key, ...keys] = Array.from({ length: KEYS + 1 }, (_, index) =>
    makeFastKey(derive(56, 'key', String(index))),
  )
  if (!key) throw new RangeError('no key')
  const subject = derName(authorityName('fuzz.nitro-enclaves'))
  const root = planCertificate({
    key,
    issuerKey: key,
    serial: derive(16, 'serial'),
    issuer: subject,
    subject,
    ...ROOT_WINDOW,
    extensions: [authorityConstraints(), subjectKeyIdentifier(key), keyUsage(true, 'keyCertSign', 'cRLSign')],
  })
  const der = encodeCertificate(root)
  const anchor = parseTrustAnchor(der, { name, partitions: ['aws'], source: 'fuzz' })
  return { root, der, anchor, keys }
}
