import { utf8 } from '../../core/bytes.ts'
import type { Alterations } from '../alterations.ts'
import { bigEndian } from '../big-endian.ts'
import { planChain } from '../chain-plan.ts'
import { DER_TAG, der } from '../der-writer.ts'
import { EXTENSION_ID } from '../extension.ts'
import { certificateWith, extensionAdded, extensionWith, leafWith } from './alter-chain.ts'
import type { Fault } from './fault.ts'
import { accepted } from './fault.ts'

/** The chain of a document that was issued some seconds earlier. */
const chainOfEarlier = (seconds: number): Alterations => ({
  chain: (_, context) =>
    planChain(context.pki, { ...context.request, at: earlier(context.request.at, seconds) }),
})

const earlier = (time: Date, seconds: number): Date => new Date(time.getTime() - seconds * 1000)

/** Odd certificates and clocks that must be accepted. */
export const CHAIN_ODDITIES: readonly Fault[] = accepted([
  [
    'leaf-serial-four-bytes',
    "the leaf's serial number has four bytes",
    leafWith((leaf, { request: { at } }) => ({
      ...leaf,
      serial: bigEndian(BigInt(Math.floor(at.getTime() / 1000)), 8),
    })),
  ],
  [
    'instance-serial-21-octets',
    "the instance certificate's serial number has 20 bytes and a zero in front",
    certificateWith('instance', (plan) => ({
      ...plan,
      serial: plan.serial.map((byte, at) => (at === 0 ? byte | 0x80 : byte)),
    })),
  ],
  [
    'instance-without-key-ids',
    'no key identifiers in the instance certificate',
    certificateWith('instance', (plan) => ({ ...plan, extensions: plan.extensions.slice(0, 2) })),
  ],
  [
    'leaf-key-usage-critical',
    'keyUsage of the leaf is critical',
    extensionWith('leaf', EXTENSION_ID.keyUsage, (extension) => [{ ...extension, critical: true }]),
  ],
  [
    'leaf-without-basic-constraints',
    'no basicConstraints in the leaf',
    extensionWith('leaf', EXTENSION_ID.basicConstraints, () => []),
  ],
  [
    'non-critical-unknown-extension',
    'an extension in the leaf that nobody knows and nobody has to know',
    extensionAdded('leaf', {
      id: '1.3.6.1.4.1.55738.1',
      critical: false,
      value: der(DER_TAG.utf8String, utf8('value')),
    }),
  ],
  [
    'two-level-chain',
    'the root issued the leaf',
    {
      chain: (chain) => ({
        ...chain,
        leaf: { ...chain.leaf, issuer: chain.root.subject, issuerKey: chain.root.key },
      }),
      bundle: ({ certificate }, { pki }) => ({ cabundle: [pki.rootCertificate], certificate }),
    },
  ],
  [
    'generalized-time-after-2050',
    'the root ends in 2050, which is written as GeneralizedTime',
    certificateWith('root', (root) => ({ ...root, notAfter: new Date('2050-09-10T13:03:46Z') })),
    { roots: 'as-issued' },
  ],
  ['leaf-two-hours-old', 'the leaf was issued 7,500 seconds before the document', chainOfEarlier(7500)],
  ['two-documents-one-leaf', 'the leaf was issued for a document 15 minutes before', chainOfEarlier(900)],
  [
    'last-second-of-leaf',
    'looked at in the last second of the leaf',
    {},
    { clock: { secondsAfterIssue: 10_800 } },
  ],
  [
    'verifier-clock-4-min-behind',
    'looked at by a clock that is four minutes slow',
    {},
    { clock: { secondsAfterIssue: -240 } },
  ],
  [
    'at-max-age-exactly',
    'as old as allowed, to the second',
    {},
    { clock: { secondsAfterIssue: 600 }, maxAgeSeconds: 600 },
  ],
  [
    'old-document-at-document-clock',
    'looked at at its own time, whenever that was',
    {},
    { clock: 'document' },
  ],
])
