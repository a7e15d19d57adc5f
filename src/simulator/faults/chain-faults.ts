import { toHex } from '../../core/bytes.ts'
import type { CertificatePlan } from '../certificate-plan.ts'
import { encodeCertificate } from '../certificate-plan.ts'
import { planChain, planRegional } from '../chain-plan.ts'
import { DER_TAG } from '../der-writer.ts'
import { createLabPki } from '../lab-pki.ts'
import { authorityName, derName, instanceName } from '../name.ts'
import {
  BUNDLE_POSITION,
  bundleItems,
  certificateWith,
  flipBit,
  leafWith,
  secondsAfterIssue,
} from './alter-chain.ts'
import type { CertificateLevel } from './alter-chain.ts'
import type { Fault, FaultRow, VerifyWith } from './fault.ts'
import { refusedWith } from './fault.ts'

const LEVELS = ['root', 'regional', 'zonal', 'instance', 'leaf'] as const

/** A second after the issue is when a document is usually verified. */
const USUAL_CLOCK = { clock: { secondsAfterIssue: 1 } } as const

/** A root whose own window is at fault can only be judged by a verifier that trusts it. */
const clockFor = (level: CertificateLevel): VerifyWith =>
  level === 'root' ? { ...USUAL_CLOCK, roots: 'as-issued' } : USUAL_CLOCK

/** A window that is over; one that had not begun by then is moved with it, so that it is not reversed as well. */
const ended = (plan: CertificatePlan, notAfter: Date): CertificatePlan => ({
  ...plan,
  notAfter,
  notBefore: new Date(Math.min(plan.notBefore.getTime(), notAfter.getTime() - 1000)),
})

const withoutRoot = bundleItems(([, ...below]) => below)

/** What is wrong with roots, order, names and windows of the chain. */
export const CHAIN_FAULTS: readonly Fault[] = [
  ...refusedWith('CHAIN_NO_ANCHORS', [
    ['chain-no-anchors', 'a good document, and a verifier that trusts no root', {}, { roots: 'none' }],
  ]),
  ...refusedWith('CHAIN_UNTRUSTED_ROOT', [
    [
      'chain-foreign-root-same-name',
      "a chain of the same shape below another root that bears the name of AWS's",
      {
        chain: (_, { pki, request }) => {
          const seed = toHex(pki.derive(32, 'seed', 'foreign lab'))
          return planChain(createLabPki({ seed, partition: 'aws' }), request)
        },
      },
    ],
    [
      'chain-lab-root-without-lab-mode',
      "a good lab document, and a verifier that trusts AWS's root only",
      {},
      { roots: 'aws' },
    ],
    [
      'chain-root-reissued-same-key',
      'the root was issued again for its own key, to end later',
      certificateWith('root', (root) => ({
        ...root,
        notAfter: new Date(root.notAfter.getTime() + 365 * 86_400_000),
      })),
    ],
    [
      'chain-root-signature-bit-flip',
      "one bit of the root's own signature is flipped",
      bundleItems((items) =>
        items.map((item, at) => (at === BUNDLE_POSITION.root ? flipBit(item, -1) : item)),
      ),
    ],
    ['chain-root-omitted', 'cabundle begins with the regional certificate', withoutRoot],
  ]),
  ...refusedWith('CHAIN_ORDER_INVALID', [
    ['chain-leaf-issuer-first', 'cabundle is turned round', bundleItems((items) => items.toReversed())],
  ]),
  ...refusedWith('CHAIN_DUPLICATE_CERTIFICATE', [
    [
      'chain-root-twice',
      'the root twice at the front',
      bundleItems((items) => [...items.slice(0, 1), ...items]),
    ],
    [
      'chain-intermediate-twice',
      'the zonal certificate twice',
      bundleItems((items) =>
        items.flatMap((item, at) => (at === BUNDLE_POSITION.zonal ? [item, item] : [item])),
      ),
    ],
    [
      'chain-leaf-in-cabundle',
      'the leaf at the end of cabundle too',
      bundleItems((items, leaf) => [...items, leaf]),
    ],
  ]),
  ...refusedWith('CHAIN_NAME_MISMATCH', [
    [
      'chain-intermediates-swapped',
      'regional and zonal certificate have changed places',
      bundleItems(([root, regional, zonal, ...rest]) =>
        [root, zonal, regional, ...rest].filter((item) => item !== undefined),
      ),
    ],
    [
      'chain-intermediate-missing',
      'the zonal certificate is left out',
      bundleItems((items) => items.filter((_, at) => at !== BUNDLE_POSITION.zonal)),
    ],
    [
      'chain-unrelated-extra-certificate',
      "another Region's certificate at the end of cabundle",
      {
        bundle: (bundle, { pki, request }) => {
          const region = request.region === 'eu-west-1' ? 'eu-west-2' : 'eu-west-1'
          const stray = encodeCertificate(planRegional(pki, region, request.at))
          return { ...bundle, cabundle: [...bundle.cabundle, stray] }
        },
      },
    ],
    [
      'chain-issuer-name-differs',
      "the leaf's issuer has another name",
      leafWith((leaf) => ({ ...leaf, issuer: derName(authorityName('another.lab.nitro-enclaves')) })),
    ],
    [
      'chain-issuer-name-printable-string',
      "the name of the leaf's issuer in the same letters and another string type",
      leafWith((leaf, { pki, request }) => ({
        ...leaf,
        issuer: derName(
          instanceName(`${request.instanceId}.${request.region}.${pki.partition}.nitro-enclaves`),
          DER_TAG.printableString,
        ),
      })),
    ],
  ]),
  ...refusedWith(
    'CHAIN_NOT_YET_VALID',
    LEVELS.map((level): FaultRow => [
      `chain-${level}-not-yet-valid`,
      `the ${level} certificate begins 301 seconds after it is looked at`,
      certificateWith(level, (plan, context) => ({ ...plan, notBefore: secondsAfterIssue(context, 302) })),
      clockFor(level),
    ]),
  ),
  ...refusedWith(
    'CHAIN_EXPIRED',
    LEVELS.map((level): FaultRow => [
      `chain-${level}-expired`,
      `the ${level} certificate ended two seconds before it is looked at`,
      certificateWith(level, (plan, context) => ended(plan, secondsAfterIssue(context, -1))),
      clockFor(level),
    ]),
  ),
]
