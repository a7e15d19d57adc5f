/** A key policy about as large as AWS KMS takes it. */
export interface LargePolicy {
  readonly text: string
  readonly statements: number
  /** The measurement that the last statement wants, 96 lower-case hexadecimal digits. */
  readonly image: string
}

const STATEMENTS = 200
/** AWS KMS Developer Guide, Resource quotas: key policy document size. */
const LIMIT_BYTES = 32_768

/** Makes 200 statements that differ in principal, action and condition; only the last lets the role in. */
export function makeLargePolicy({
  accountId,
  role,
}: {
  readonly accountId: string
  readonly role: string
}): LargePolicy {
  const image = 'ab'.repeat(48)
  const statements = Array.from({ length: STATEMENTS }, (_, at) => {
    const last = at === STATEMENTS - 1
    return {
      Sid: `statement${at}`,
      Effect: at % 10 === 3 ? 'Deny' : 'Allow',
      Principal: { AWS: `arn:aws:iam::${accountId}:role/${at % 3 === 0 || last ? role : `r${at}`}` },
      Action: last ? 'kms:Decrypt' : at % 2 === 0 ? 'kms:Decr*t' : 'kms:Generate*',
      Resource: '*',
      ...(last
        ? { Condition: { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': image } } }
        : at % 3 === 0 && { Condition: CONDITIONS[(at / 3) % CONDITIONS.length] }),
    }
  })
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  if (Buffer.byteLength(text) > LIMIT_BYTES) throw new Error('the policy of the bench is too large')
  return { text, statements: STATEMENTS, image }
}

const CONDITIONS = [
  { StringLike: { 'kms:RecipientAttestation:PCR8': 'a*b*c' } },
  { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
  { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  { NumericLessThan: { 'aws:EpochTime': '5' } },
]
