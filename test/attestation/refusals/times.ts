import type { VerifyOptions } from '../../../src/attestation/verify-options.ts'
import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import { after, certificateSpec, JUDGED, MADE, withField } from '../../support/attestation/an-attestation.ts'
import { uint } from '../../support/attestation/cbor-bytes.ts'
import { unsafeEvaluationTime } from '../../../src/attestation/verify-options.ts'
import type { Refusal } from './refusal.ts'

const made = (date: Date): AttestationSpec => ({ fields: withField('timestamp', uint(date.getTime())) })
const at = (date: Date): Partial<VerifyOptions> => ({ clock: { now: () => date } })
const { notBefore, notAfter } = certificateSpec('leaf', 'instance')
const leafStart = notBefore instanceof Date ? notBefore : MADE
/** To the second, as the certificate says it. */
const leafEnd = new Date(Math.floor((notAfter instanceof Date ? notAfter : MADE).getTime() / 1000) * 1000)

export const TIME_REFUSALS: readonly Refusal[] = [
  { code: 'DOCUMENT_FROM_FUTURE', what: '300.001 s ahead', spec: made(after(300.001, JUDGED)) },
  {
    code: 'DOCUMENT_FROM_FUTURE',
    what: '1 ms ahead without tolerance',
    spec: made(after(0.001, JUDGED)),
    options: { futureSkewSeconds: 0 },
  },
  {
    code: 'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
    what: 'an hour before the leaf',
    spec: made(after(-3600, leafStart)),
  },
  {
    code: 'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
    what: 'the first millisecond of 1970',
    spec: { fields: withField('timestamp', uint(1)) },
  },
  {
    code: 'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
    what: '301 s before the leaf',
    spec: made(after(-301, leafStart)),
  },
  {
    code: 'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
    what: 'seconds for milliseconds',
    spec: { fields: withField('timestamp', uint(Math.floor(MADE.getTime() / 1000))) },
  },
  {
    code: 'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
    what: 'a second after the leaf, without tolerance, from a clock at its end',
    spec: made(after(1, leafEnd)),
    options: { ...at(after(0.9, leafEnd)), futureSkewSeconds: 0.5 },
  },
  {
    code: 'DOCUMENT_TOO_OLD',
    what: '600.001 s of 600',
    options: { ...at(after(600.001)), maxAgeSeconds: 600 },
  },
  { code: 'DOCUMENT_TOO_OLD', what: 'a second of none', options: { maxAgeSeconds: 0 } },
  { code: 'CHAIN_EXPIRED', what: 'a clock a second after the leaf', options: at(after(1, leafEnd)) },
  { code: 'CHAIN_EXPIRED', what: 'a clock a year later', options: at(after(365 * 86_400)) },
  { code: 'CHAIN_NOT_YET_VALID', what: 'a clock 301 s before the leaf', options: at(after(-301, leafStart)) },
  {
    code: 'CHAIN_NOT_YET_VALID',
    what: 'a fixed time an hour earlier',
    options: { [unsafeEvaluationTime]: after(-3600) },
  },
  {
    code: 'CHAIN_NOT_YET_VALID',
    what: 'its own time, before the leaf',
    spec: made(after(-3600, leafStart)),
    options: { [unsafeEvaluationTime]: 'document' },
  },
  {
    code: 'CHAIN_EXPIRED',
    what: 'its own time, four hours later',
    spec: made(after(4 * 3600)),
    options: { [unsafeEvaluationTime]: 'document' },
  },
  {
    code: 'CHAIN_EXPIRED',
    what: 'its own time, beyond every date',
    spec: { fields: withField('timestamp', uint(2n ** 53n - 1n)) },
    options: { [unsafeEvaluationTime]: 'document' },
  },
]
