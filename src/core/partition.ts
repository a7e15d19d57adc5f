/** The AWS partitions (botocore, partitions data). */
export type Partition =
  'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc' | 'aws-iso' | 'aws-iso-b' | 'aws-iso-e' | 'aws-iso-f'

interface PartitionRow {
  readonly partition: Partition
  /** What the names of its Regions begin with. */
  readonly regionPrefix: string
  readonly dnsSuffix: string
}

/** Longest prefix first where one is the beginning of another; the last row takes every other Region. */
const PARTITIONS: readonly PartitionRow[] = [
  { partition: 'aws-cn', regionPrefix: 'cn-', dnsSuffix: 'amazonaws.com.cn' },
  { partition: 'aws-us-gov', regionPrefix: 'us-gov-', dnsSuffix: 'amazonaws.com' },
  { partition: 'aws-eusc', regionPrefix: 'eusc-', dnsSuffix: 'amazonaws.eu' },
  { partition: 'aws-iso', regionPrefix: 'us-iso-', dnsSuffix: 'c2s.ic.gov' },
  { partition: 'aws-iso-b', regionPrefix: 'us-isob-', dnsSuffix: 'sc2s.sgov.gov' },
  { partition: 'aws-iso-e', regionPrefix: 'eu-isoe-', dnsSuffix: 'cloud.adc-e.uk' },
  { partition: 'aws-iso-f', regionPrefix: 'us-isof-', dnsSuffix: 'csp.hci.ic.gov' },
]

/** The names of all partitions. */
export const ALL_PARTITIONS: readonly Partition[] = ['aws', ...PARTITIONS.map((row) => row.partition)]

/** Narrows a text to the name of a partition. */
export function isPartition(text: string): text is Partition {
  return ALL_PARTITIONS.some((partition) => partition === text)
}

/** The partition that a Region belongs to; `aws` for every Region that no other partition claims. */
export function partitionOfRegion(region: string): Partition {
  return PARTITIONS.find((row) => region.startsWith(row.regionPrefix))?.partition ?? 'aws'
}

/** The DNS suffix of AWS endpoints in a Region, such as `amazonaws.com`. */
export function dnsSuffixOfRegion(region: string): string {
  return PARTITIONS.find((row) => region.startsWith(row.regionPrefix))?.dnsSuffix ?? 'amazonaws.com'
}

/** Whether a text has the form of a Region name (KMS model, RegionType). */
export function isRegion(text: string): boolean {
  return text.length <= 32 && /^([a-z]+-){2,3}\d+$/.test(text)
}
