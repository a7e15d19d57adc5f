import { readCase } from '../../src/policy/case.ts'
import { evaluate } from '../../src/policy/evaluate.ts'

/** The decision on a case whose key policy lets only an administrator in. */
export function evaluateText(members: Readonly<Record<string, unknown>>): string {
  const account = '111122223333'
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:user/admin` },
    Action: 'kms:*',
    Resource: '*',
  }
  const question = {
    keyArn: `arn:aws:kms:us-east-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    keyPolicy: { Version: '2012-10-17', Statement: [statement] },
    principal: { arn: `arn:aws:iam::${account}:user/alice`, account, kind: 'user' },
    ...members,
  }
  return evaluate(readCase(JSON.stringify(question))).outcome
}
