import type { TrustAnchor } from '../trust-anchor.ts'

/**
 * The root of attestation documents in the AWS GovCloud (US) partition: CN=aws-us-gov.nitro-enclaves, valid from
 * 2020-09-10T12:03:46Z. Its fingerprint is published in the AWS GovCloud (US) user guide, "Amazon EC2".
 */
export const AWS_US_GOV_NITRO_ROOT: TrustAnchor = {
  name: 'aws-us-gov.nitro-enclaves',
  partitions: ['aws-us-gov'],
  sha256: '20bcd30a3e168ea03789e1c45912bc123c4de3c977b8a6e1c125c7929d668b3b',
  notAfter: new Date('2050-09-10T13:03:46Z'),
  source: 'https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-ec2.html',
}
