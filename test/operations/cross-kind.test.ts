import { describe, expect, it } from 'vitest'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { attestationConditionKeys } from '../../src/operations/attestation-condition-keys.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { CROSS_KIND_CASES } from '../../src/simulator/faults/cross-kind-cases.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { toQuestion } from '../support/policy-case.ts'

const at = new Date('2026-04-21T22:09:27.456Z')
const pki = createLabPki({ seed: 'cross-kind' })
const anchors = [parseTrustAnchor(pki.rootCertificate, { name: 'lab', partitions: ['aws'], source: 'test' })]
const alice = { arn: 'arn:aws:iam::111122223333:user/alice', account: '111122223333', kind: 'user' } as const

describe.each(['nitro-enclave', 'nitrotpm'] as const)('asked of a %s', (kind) => {
  it.for(CROSS_KIND_CASES)(
    '$id: the document is accepted, and the policy says $expected',
    async ({ id, condition, expected }) => {
      const { document } = issueDocument(pki, { kind, at, fault: id })
      const attestation = await verifyAttestation(document, { anchors, clock: { now: () => at } })
      const statement = {
        Effect: 'Allow',
        Principal: { AWS: alice.arn },
        Action: 'kms:Decrypt',
        Resource: '*',
      }
      const { outcome } = evaluate(
        toQuestion({
          keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
          keyPolicy: { Version: '2012-10-17', Statement: [{ ...statement, Condition: condition }] },
          principal: alice,
          action: 'kms:Decrypt',
          context: Object.fromEntries(attestationConditionKeys(attestation)),
        }),
      )
      expect(outcome).toBe(expected === 'allowed' ? 'allow' : 'implicit-deny')
    },
  )
})
