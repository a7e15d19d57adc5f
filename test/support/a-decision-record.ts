import type { DecisionRecord } from '../../src/decisions/decision-record.ts'

/** A record of a request that an enclave with another measurement made; members can be changed. */
export function aDecisionRecord(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    requestId: '5e3c1a52-0000-4000-8000-000000000001',
    time: '2026-03-01T12:00:00.000Z',
    operation: 'Decrypt',
    region: 'us-east-1',
    caller: {
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      accessKeyId: 'AKIAEXAMPLE000000001',
      roleArn: null,
      credentialsIssuedAt: null,
    },
    keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    attestation: {
      verdict: 'accepted',
      code: null,
      message: null,
      kind: 'nitro-enclave',
      moduleId: 'i-0abc-enc0def',
      timestamp: '2026-03-01T11:59:00.000Z',
      clock: 'present',
      judgedAt: '2026-03-01T12:00:00.000Z',
      checks: [
        {
          name: 'size',
          code: 'SIZE',
          outcome: 'passed',
          detail: null,
        },
        {
          name: 'chain',
          code: 'CHAIN_EXPIRED',
          outcome: 'passed',
          detail: null,
        },
      ],
    },
    decisions: [
      {
        action: 'kms:Decrypt',
        resource: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
        outcome: 'implicit-deny',
        by: null,
        conditionKeys: {
          'kms:RecipientAttestation:PCR0': 'cd',
          'kms:EncryptionContextKeys': ['app', 'tenant'],
        },
        statements: [
          {
            policy: 'key policy',
            statement: 0,
            sid: 'Enclave',
            effect: 'Allow',
            matched: false,
            mismatch: {
              element: 'Condition',
              operator: 'StringEquals',
              key: 'kms:RecipientAttestation:PCR0',
              expected: ['ab'],
              actual: ['cd'],
            },
          },
        ],
        grants: [],
        reasons: ['Statement[0] expects "ab", and the request has "cd".', 'No statement allows it.'],
      },
    ],
    result: { outcome: 'refused', error: 'AccessDeniedException', message: 'User: …', reason: null },
    ...changes,
  }
}
