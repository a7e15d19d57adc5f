import type { Partition } from '../core/partition.ts'
import type { Principal } from './principal.ts'

/**
 * A principal as it calls a Region of a partition. An AWS account lives in one partition; the accounts declared here
 * answer in every one, and policies compare the partition of an ARN, so it has to be that of the Region called.
 */
export function toPartition(principal: Principal, partition: Partition): Principal {
  const arn = moved(principal.arn, partition)
  if (arn === principal.arn) return principal
  const { session } = principal
  return {
    ...principal,
    arn,
    session: session && { ...session, roleArn: moved(session.roleArn, partition) },
  }
}

function moved(arn: string, partition: Partition): string {
  return arn.replace(/^arn:[^:]*:/, `arn:${partition}:`)
}
