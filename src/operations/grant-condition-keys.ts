import type { GrantConstraintsRecord } from '../store/key-store.ts'
import type { Call } from './call.ts'

type Keys = Readonly<Record<string, string | readonly string[]>>

/** `kms:GrantIsForAWSResource`: true only where an AWS service asks for its caller (AWS KMS Developer Guide). */
export function ofGrantCondition({ origin }: Call): Keys {
  return { 'kms:GrantIsForAWSResource': `${origin.viaService !== null}` }
}

/**
 * What the constraints of a grant give: their kind, the source, and the pairs of encryption context that they name (AWS
 * KMS Developer Guide, kms:GrantConstraintType, kms:EncryptionContext:context-key).
 */
export function grantConditionKeys(constraints: GrantConstraintsRecord): Keys {
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn } = constraints
  const types = [
    ...(equals ? ['EncryptionContextEquals'] : []),
    ...(subset ? ['EncryptionContextSubset'] : []),
  ]
  const pairs = new Map([...(subset ?? []), ...(equals ?? [])])
  const [type] = types
  return {
    ...(type !== undefined && { 'kms:GrantConstraintType': types.length === 1 ? type : types }),
    ...(sourceArn !== null && { 'kms:GrantConstraintSourceArn': sourceArn }),
    ...Object.fromEntries([...pairs].map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
    ...(pairs.size > 0 && { 'kms:EncryptionContextKeys': [...pairs.keys()] }),
  }
}
