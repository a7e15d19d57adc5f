import { CreateKeyCommand } from './aws-sdk.ts'
import type { KeySpec, KMSClient } from './aws-sdk.ts'

const ACCOUNT = '111122223333'

/** A key policy that releases secrets to one measurement only; administration is left to identity policies. */
function attestedOnlyPolicy(pcr0: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Administration',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: [
          'kms:DescribeKey',
          'kms:GetKeyPolicy',
          'kms:PutKeyPolicy',
          'kms:GetPublicKey',
          'kms:Encrypt',
        ],
        Resource: '*',
      },
      {
        Sid: 'OnlyTheMeasuredEnclave',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/lab` },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair', 'kms:DeriveSharedSecret'],
        Resource: '*',
        Condition: { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:PCR0': pcr0 } },
      },
    ],
  })
}

/** Makes a key with that policy and answers its ARN. */
export async function createAttestedKey(
  client: KMSClient,
  pcr0: string,
  keySpec: Extract<KeySpec, 'SYMMETRIC_DEFAULT' | 'ECC_NIST_P256'>,
): Promise<string> {
  const usage = keySpec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'KEY_AGREEMENT'
  const command = new CreateKeyCommand({
    KeySpec: keySpec,
    KeyUsage: usage,
    Policy: attestedOnlyPolicy(pcr0),
  })
  const { KeyMetadata } = await client.send(command)
  if (!KeyMetadata?.Arn) throw new Error('CreateKey answered no ARN')
  return KeyMetadata.Arn
}
