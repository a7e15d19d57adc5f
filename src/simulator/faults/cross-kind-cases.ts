import { toHex } from '../../core/bytes.ts'
import type { Alterations } from '../alterations.ts'
import { cborText } from '../cbor-writer.ts'
import type { IssueRequest } from '../issue-request.ts'
import type { LabPki } from '../lab-pki.ts'
import { setField } from './alter-fields.ts'
import { asEnclave, asNitroTpm } from './alter-request.ts'
import type { Fault } from './fault.ts'

/** A document that every verifier must accept, and what a key policy that asks for its measurements makes of it. */
export interface CrossKindCase extends Fault {
  readonly code: null
  /** `Condition` of the one statement of a key policy that allows the call. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly expected: 'allowed' | 'denied'
  /** Why the policy decides so. */
  readonly why: string
}

/** The measurement that conditions ask for. */
const VALUE = new Uint8Array(48).fill(0x5a)
const ZERO = new Uint8Array(48)

type AlterRequest = (request: IssueRequest, pki: LabPki) => IssueRequest

/** A document of one kind, with some measurements in place of the defaults. */
const attested = (asKind: AlterRequest, changes: ReadonlyMap<number, Uint8Array>): Alterations => ({
  request: (asked, pki) => {
    const request = asKind(asked, pki)
    return { ...request, pcrs: new Map([...request.pcrs, ...changes]) }
  },
})
const enclave = (...changes: readonly (readonly [number, Uint8Array])[]): Alterations =>
  attested(asEnclave, new Map(changes))
const nitroTpm = (...changes: readonly (readonly [number, Uint8Array])[]): Alterations =>
  attested(asNitroTpm, new Map(changes))

/** An enclave in debug mode, in which image and signer are not measured. */
const DEBUG = enclave(...[0, 1, 2, 8].map((index) => [index, ZERO] as const))

const measured = (
  name: string,
  value = VALUE,
  operator = 'StringEqualsIgnoreCase',
): CrossKindCase['condition'] => ({
  [operator]: { [`kms:RecipientAttestation:${name}`]: toHex(value) },
})

const NO_KEY = 'a document gives no condition key for what it does not hold, least of all of the other kind'

/**
 * Documents whose measurements must not be taken for those of the other kind, or for measurements that are not there
 * (AWS KMS Developer Guide, Condition keys for attested platforms). The two that are allowed show ways round
 * attestation that a policy leaves open by itself.
 */
export const CROSS_KIND_CASES: readonly CrossKindCase[] = (
  [
    {
      id: 'kind-tpm-document-enclave-pcr',
      what: 'a NitroTPM document with the PCR4 that is asked of an enclave',
      alter: nitroTpm([4, VALUE]),
      condition: measured('PCR4'),
      expected: 'denied',
      why: NO_KEY,
    },
    {
      id: 'kind-enclave-document-tpm-pcr',
      what: 'an enclave document with the PCR4 that is asked of a NitroTPM',
      alter: enclave([4, VALUE]),
      condition: measured('NitroTPMPCR4'),
      expected: 'denied',
      why: NO_KEY,
    },
    {
      id: 'kind-tpm-document-image-sha384',
      what: 'a NitroTPM document whose PCR0 is the image that is asked for',
      alter: nitroTpm([0, VALUE]),
      condition: measured('ImageSha384'),
      expected: 'denied',
      why: NO_KEY,
    },
    {
      id: 'kind-tpm-zero-pcr-against-enclave-zeros',
      what: 'a NitroTPM document with PCR11 to PCR16 zero, and a policy that asks an enclave for zeros',
      alter: nitroTpm(...[11, 12, 13, 14, 15, 16].map((index) => [index, ZERO] as const)),
      condition: measured('PCR12', ZERO),
      expected: 'denied',
      why: NO_KEY,
    },
    {
      id: 'kind-debug-document-against-image',
      what: 'an enclave in debug mode, and a policy that asks for an image',
      alter: DEBUG,
      condition: measured('ImageSha384'),
      expected: 'denied',
      why: 'in debug mode the image is measured as zeros',
    },
    {
      id: 'kind-debug-document-against-zeros',
      what: 'an enclave in debug mode, and a policy that asks for zeros',
      alter: DEBUG,
      condition: measured('ImageSha384', ZERO),
      expected: 'allowed',
      why: 'zeros are the measurements of every image in debug mode, as at AWS; a policy must not ask for them',
    },
    {
      id: 'kind-absent-pcr16-equals',
      what: 'an enclave document without the PCR16 that is asked for',
      alter: enclave(),
      condition: measured('PCR16', VALUE, 'StringEquals'),
      expected: 'denied',
      why: NO_KEY,
    },
    {
      id: 'kind-absent-pcr16-not-equals',
      what: 'an enclave document without PCR16, and a policy that only asks for it not to have a value',
      alter: enclave(),
      condition: measured('PCR16', VALUE, 'StringNotEquals'),
      expected: 'allowed',
      why: 'a negated operator holds for a key that is absent; a policy must not rely on one',
    },
    {
      id: 'kind-tpm-index-24',
      what: 'a NitroTPM document with the PCR24 that is asked for, which no TPM has',
      alter: nitroTpm([24, VALUE]),
      condition: measured('NitroTPMPCR24'),
      expected: 'denied',
      why: 'condition keys of a NitroTPM end at 23',
    },
    {
      id: 'kind-enclave-document-tpm-module-id',
      what: 'an enclave document that bears the module_id of an instance, with the PCR4 asked of a NitroTPM',
      alter: {
        ...enclave([4, VALUE]),
        content: setField('module_id', ({ request: { instanceId } }) =>
          cborText(`${instanceId}-tpm${'0'.repeat(16)}`),
        ),
      },
      condition: measured('NitroTPMPCR4'),
      expected: 'denied',
      why: 'the kind follows from the name of the map of measurements alone',
    },
  ] satisfies readonly Omit<CrossKindCase, 'code'>[]
).map(acceptedByVerifiers)

function acceptedByVerifiers(row: Omit<CrossKindCase, 'code'>): CrossKindCase {
  return { ...row, code: null }
}
