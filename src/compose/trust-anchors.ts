import { AWS_NITRO_ROOT } from '../attestation/roots/aws-nitro.ts'
import { AWS_US_GOV_NITRO_ROOT } from '../attestation/roots/aws-us-gov-nitro.ts'
import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../attestation/trust-anchor.ts'
import { ConfigError } from '../config/errors.ts'
import { ALL_PARTITIONS } from '../core/partition.ts'
import type { AnchorSummary } from '../http/app.ts'
import type { OperatorRoot } from './root-file.ts'

/**
 * The trust anchors of the service: the built-in ones, in lab mode the lab's root for every partition, and those of
 * `--attestation-root`. `labRootCertificate` is DER, and `null` in production mode, where no root of a lab counts by
 * itself, whatever lies in the data directory. Throws `ConfigError` `CONFIG_ATTESTATION_ROOT_DUPLICATE`.
 */
export function collectAnchors(
  operatorRoots: readonly OperatorRoot[],
  labRootCertificate: Uint8Array | null,
): readonly TrustAnchor[] {
  const lab = {
    name: 'lab',
    partitions: ALL_PARTITIONS,
    source: 'the lab PKI of this data directory or seed',
  }
  const given = [
    AWS_NITRO_ROOT,
    AWS_US_GOV_NITRO_ROOT,
    ...(labRootCertificate ? [parseTrustAnchor(labRootCertificate, lab)] : []),
  ]
  const named: TrustAnchor[] = []
  for (const { anchor } of operatorRoots) {
    checkNew(anchor, { given, named })
    named.push(anchor)
  }
  return [...given, ...named]
}

/**
 * A root counts once for a partition, and one that is built in counts for its own partition only: to name it for another
 * one would let the documents of one AWS partition open the keys of another.
 */
function checkNew(
  { sha256, partitions, source }: TrustAnchor,
  { given, named }: { readonly given: readonly TrustAnchor[]; readonly named: readonly TrustAnchor[] },
): void {
  const overlapping = named.filter((other) => other.partitions.some((one) => partitions.includes(one)))
  const same = [...given, ...overlapping].find((other) => other.sha256 === sha256)
  if (!same) return
  throw new ConfigError(
    'CONFIG_ATTESTATION_ROOT_DUPLICATE',
    `--attestation-root: ${source} is trusted already, as ${same.name} for ${same.partitions.join(', ')}`,
  )
}

/** Anchors as `/health` shows them: one row for each partition that one counts for. */
export function summarizeAnchors(anchors: readonly TrustAnchor[]): readonly AnchorSummary[] {
  return anchors.flatMap(({ partitions, name, sha256 }) =>
    partitions.map((partition) => ({ partition, name, sha256 })),
  )
}
