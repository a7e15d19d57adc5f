import { parseHex } from '../../core/bytes.ts'
import { buildDocument } from '../build-document.ts'
import { CBOR_NULL, cborBytes, cborInteger, cborMap, cborText } from '../cbor-writer.ts'
import { encodeCertificate } from '../certificate-plan.ts'
import { planLeaf } from '../chain-plan.ts'
import { pcrFieldName } from '../document-content.ts'
import type { Alterations } from '../alterations.ts'
import { nameModule } from '../module-id.ts'
import { usualRsaPublicKeyInfo } from '../rsa-public-key.ts'
import type { AlterContent } from './alter-fields.ts'
import { appendField, pcrEntry, renameField, setField } from './alter-fields.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'

const REPLACEMENT = new Uint8Array(48).fill(0xee)

/** A change that the signature does not cover. */
const tampered = (content: AlterContent): Alterations => ({ afterSigning: { content } })

/** Writes the measurements with one of them replaced. */
const pcrReplaced = (
  index: number,
  value: (pcrs: ReadonlyMap<number, Uint8Array>) => Uint8Array,
): AlterContent =>
  setField('pcrs', ({ request: { pcrs } }) =>
    cborMap([...pcrs].map(([at, present]) => pcrEntry(at, at === index ? value(pcrs) : present))),
  )

const otherKind = (moduleId: string): string =>
  moduleId.includes('-enc') ? moduleId.replace('-enc', '-tpm') : moduleId.replace('-tpm', '-enc')

/** What was changed or exchanged after the document was signed. */
export const TAMPER_FAULTS: readonly Fault[] = refusedWith('COSE_SIGNATURE_INVALID', [
  [
    'cose-payload-bit-flip',
    'one bit of module_id was flipped after signing',
    tampered(
      setField('module_id', ({ request: { module } }) =>
        cborText(
          module.moduleId.replace(/.$/, (last) => String.fromCodePoint((last.codePointAt(0) ?? 0) ^ 1)),
        ),
      ),
    ),
  ],
  ['tamper-pcr0-value', 'PCR0 was replaced after signing', tampered(pcrReplaced(0, () => REPLACEMENT))],
  [
    'tamper-pcr1-set-to-pcr0',
    'PCR1 was overwritten with PCR0 after signing',
    tampered(pcrReplaced(1, (pcrs) => pcrs.get(0) ?? REPLACEMENT)),
  ],
  [
    'tamper-timestamp-plus-one',
    'the timestamp was raised by a millisecond after signing',
    tampered(setField('timestamp', ({ request }) => cborInteger(request.at.getTime() + 1))),
  ],
  [
    'tamper-module-id',
    'module_id was changed to the other kind after signing',
    tampered(setField('module_id', ({ request }) => cborText(otherKind(request.module.moduleId)))),
  ],
  [
    'tamper-public-key-swapped',
    'the public key was replaced by another RSA key after signing',
    tampered(setField('public_key', ({ pki }) => cborBytes(usualRsaPublicKeyInfo(pki.derive, 'swapped')))),
  ],
  [
    'tamper-nonce-added',
    'a nonce was put in after signing',
    tampered(setField('nonce', cborBytes(parseHex('0102030405060708')))),
  ],
  [
    'tamper-field-order',
    'user_data and nonce changed places after signing',
    tampered((content) => ({
      ...content,
      fields: [...content.fields.slice(0, -2), ...content.fields.slice(-2).toReversed()],
    })),
  ],
  [
    'tamper-map-made-definite',
    'the payload map was given its other form after signing',
    tampered((content) => ({
      ...content,
      mapForm: content.mapForm === 'indefinite' ? 'definite' : 'indefinite',
    })),
  ],
  [
    'tamper-unknown-key-added',
    'a field was added after signing',
    tampered(appendField('future_field', CBOR_NULL)),
  ],
  [
    'kind-pcr-map-renamed-after-signing',
    'the measurements were renamed to those of the other kind after signing',
    tampered((content, context) => {
      const other = pcrFieldName(context.request.kind === 'nitrotpm' ? 'nitro-enclave' : 'nitrotpm')
      return renameField('pcrs', cborText(other))(content, context)
    }),
  ],
  [
    'splice-leaf-of-other-enclave',
    'the certificate was replaced after signing by the leaf of another enclave on the instance',
    tampered(
      setField('certificate', ({ pki, request, chain }) => {
        const startedAt = new Date(request.at.getTime() - 60_000)
        const module = nameModule(pki.derive, 'nitro-enclave', { instanceId: request.instanceId, startedAt })
        return cborBytes(encodeCertificate(planLeaf(pki, chain.instance, { ...request, module })))
      }),
    ),
  ],
  [
    'splice-payload-under-other-signature',
    'the signature is that of another document of the same enclave',
    {
      signature: (_, { pki, request }) => buildDocument(pki, { ...request, nonce: parseHex('01') }).signature,
    },
  ],
])
