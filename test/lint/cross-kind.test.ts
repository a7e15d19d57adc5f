import { describe, expect, it } from 'vitest'
import { lintPolicy } from '../../src/lint/lint-policy.ts'
import { CROSS_KIND_CASES } from '../../src/simulator/faults/cross-kind-cases.ts'

/** What is told of the policies that the documents of both kinds are tried with. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'kind-tpm-document-enclave-pcr': ['note weak-measurement'],
  'kind-enclave-document-tpm-pcr': [],
  'kind-tpm-document-image-sha384': [],
  'kind-tpm-zero-pcr-against-enclave-zeros': ['error any-document-satisfies'],
  'kind-debug-document-against-image': [],
  'kind-debug-document-against-zeros': ['error debug-measurements'],
  'kind-absent-pcr16-equals': ['warning weak-measurement'],
  'kind-absent-pcr16-not-equals': ['error negated-in-allow'],
  'kind-tpm-index-24': ['error unknown-attestation-key'],
  'kind-enclave-document-tpm-module-id': [],
}

describe('policies of the cross-kind cases', () => {
  it.each(CROSS_KIND_CASES.map(({ id, condition, expected }) => ({ id, condition, expected })))(
    '$id',
    ({ id, condition, expected }) => {
      const AWS = 'arn:aws:iam::111122223333:role/enclave-host'
      const statement = {
        Effect: 'Allow',
        Principal: { AWS },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: condition,
      }
      const found = lintPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }))
      expect(found.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(EXPECTED[id])
      // A policy that lets in what it must not is an error.
      if (expected === 'allowed') expect(found[0]?.severity).toBe('error')
    },
  )
})
