import { partitionOfRegion } from './partition.ts'

declare const keyArnBrand: unique symbol

/** The ARN of a KMS key: `arn:<partition>:kms:<region>:<account>:key/<key id>`. */
export type KeyArn = string & { readonly [keyArnBrand]: true }

/** The six parts of an ARN (AWS General Reference, Amazon Resource Names). */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly accountId: string
  /** Everything after the fifth colon, colons included. */
  readonly resource: string
}

/** Splits an ARN into its parts; `undefined` where the text is no ARN. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':')
  if (prefix !== 'arn' || !partition || !service || region === undefined || accountId === undefined)
    return undefined
  if (resource.length === 0 || resource[0] === '') return undefined
  return { partition, service, region, accountId, resource: resource.join(':') }
}

/** Where a KMS resource lies. */
export interface ResourceScope {
  readonly region: string
  readonly accountId: string
}

/** Builds the ARN of a key. The one place where a text becomes a `KeyArn`. */
export function toKeyArn({ region, accountId }: ResourceScope, keyId: string): KeyArn {
  // The brand says only that the text was put together here.
  return `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/${keyId}` as KeyArn
}

/** Builds the ARN of an alias; `aliasName` begins with `alias/`. */
export function toAliasArn({ region, accountId }: ResourceScope, aliasName: string): string {
  return `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:${aliasName}`
}

/** The ARN of an account's root user, as key policies name an account. */
export function toAccountRootArn({ region, accountId }: ResourceScope): string {
  return `arn:${partitionOfRegion(region)}:iam::${accountId}:root`
}
