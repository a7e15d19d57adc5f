import { readFileSync } from 'node:fs'
import { AWS_NITRO_ROOT } from '../attestation/roots/aws-nitro.ts'
import { AWS_US_GOV_NITRO_ROOT } from '../attestation/roots/aws-us-gov-nitro.ts'
import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../attestation/trust-anchor.ts'
import type { AttestationRootFile } from '../config/config.ts'
import { ConfigError } from '../config/errors.ts'
import { ALL_PARTITIONS } from '../core/partition.ts'
import type { AnchorSummary } from '../http/app.ts'

/**
 * The trust anchors of the service: the built-in ones, those of `--attestation-root`, and in lab mode the lab's root
 * for every partition. Throws `ConfigError` `CONFIG_ATTESTATION_ROOT_INVALID` for a file that holds no usable root.
 */
export function readTrustAnchors(
  files: readonly AttestationRootFile[],
  labRootCertificate: Uint8Array | null,
): readonly TrustAnchor[] {
  const lab = {
    name: 'lab',
    partitions: ALL_PARTITIONS,
    source: 'the lab PKI of this data directory or seed',
  }
  return [
    AWS_NITRO_ROOT,
    AWS_US_GOV_NITRO_ROOT,
    ...files.map(readRootFile),
    ...(labRootCertificate ? [parseTrustAnchor(labRootCertificate, lab)] : []),
  ]
}

function readRootFile({ path, partitions }: AttestationRootFile): TrustAnchor {
  try {
    return parseTrustAnchor(readFileSync(path), { name: path, partitions, source: path })
  } catch (cause) {
    const message = `--attestation-root: ${path} holds no usable root certificate`
    throw new ConfigError('CONFIG_ATTESTATION_ROOT_INVALID', message, { cause })
  }
}

/** Anchors as `/health` shows them: one row for each partition that one counts for. */
export function summarizeAnchors(anchors: readonly TrustAnchor[]): readonly AnchorSummary[] {
  return anchors.flatMap(({ partitions, name, sha256 }) =>
    partitions.map((partition) => ({ partition, name, sha256 })),
  )
}
