import { type ResourceScope, toAccountRootArn } from '../core/arn.ts'

/**
 * The policy of a key that was made without one: it leaves everything to the identity policies of the account. In the
 * layout in which AWS hands it out (AWS KMS Developer Guide, Default key policy; API Reference, GetKeyPolicy).
 */
export function defaultKeyPolicy(owner: ResourceScope): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "${toAccountRootArn(owner)}"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`
}
