import type { TrustAnchor } from '../trust-anchor.ts'

/**
 * The root of attestation documents in the commercial partition: CN=aws.nitro-enclaves, C=US, O=Amazon, OU=AWS, valid
 * from 2019-10-28T13:28:05Z. Its fingerprint is published in the AWS Nitro Enclaves user guide, "Verifying the root of
 * trust".
 */
export const AWS_NITRO_ROOT: TrustAnchor = {
  name: 'aws.nitro-enclaves',
  partitions: ['aws'],
  sha256: '641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b',
  notAfter: new Date('2049-10-28T14:28:05Z'),
  source: 'https://aws-nitro-enclaves.amazonaws.com/AWS_NitroEnclaves_Root-G1.zip',
}
