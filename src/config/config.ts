import type { Partition } from '../core/partition.ts'
import { ALL_PARTITIONS, isPartition } from '../core/partition.ts'
import { parseRfc3339 } from '../core/rfc3339.ts'
import type { ListenAddress } from './address.ts'
import { isLoopback, parseListenAddress, readSocketPath } from './address.ts'
import { ConfigError } from './errors.ts'

/** Settings as they come from the command line and the environment: texts, unchecked. */
export interface ServeFlags {
  readonly listen?: string
  readonly admin?: string
  readonly data?: string
  readonly store?: string
  readonly rootKey?: string
  readonly seedFile?: string
  readonly attestationMaxAge?: string
  readonly attestationRoot?: readonly string[]
  readonly lab?: boolean
  readonly labSeed?: string
  readonly labNsm?: string
  readonly unsafeExposeLab?: boolean
  readonly unsafeAllowUnsigned?: boolean
  readonly unsafeAttestationClock?: string
}

/** Where the key comes from that wraps all key material at rest. */
export type RootKeySource =
  { readonly kind: 'file'; readonly path: string | null } | { readonly kind: 'env'; readonly name: string }

/** A further trust anchor: a PEM file, and the partitions whose keys it counts for. */
export interface AttestationRootFile {
  readonly path: string
  readonly partitions: readonly Partition[]
}

/** What lab mode adds; all of it weakens the service. */
interface LabConfig {
  /** The text that the lab PKI is derived from; `null`: made at first start and kept in the data directory. */
  readonly seed: string | null
  /** The path of a Unix socket that stands in for the Nitro Secure Module of an enclave; `null`: there is none. */
  readonly nsmSocket: string | null
  readonly unsafeAllowUnsigned: boolean
  /** The time at which documents are verified: their own, a fixed one, or `null` for the present time. */
  readonly unsafeAttestationClock: 'document' | Date | null
}

/** Everything that the service is started with, checked. */
export interface Config {
  readonly listen: ListenAddress
  readonly admin: ListenAddress
  readonly dataDirectory: string
  readonly rootKey: RootKeySource
  readonly seedFile: string | null
  readonly attestationMaxAgeSeconds: number | null
  readonly attestationRoots: readonly AttestationRootFile[]
  /** `null` in production mode. */
  readonly lab: LabConfig | null
}

/**
 * Checks settings and fills in the defaults. Throws `ConfigError`, whose message names the flag.
 */
export function readConfig(flags: ServeFlags): Config {
  if (flags.store !== undefined) {
    throw new ConfigError(
      'CONFIG_STORE_UNSUPPORTED',
      '--store: only the embedded store is built so far; leave it out',
    )
  }
  const config = {
    listen: parseListenAddress(flags.listen ?? '127.0.0.1:4599', '--listen'),
    admin: parseListenAddress(flags.admin ?? '127.0.0.1:4600', '--admin'),
    dataDirectory: flags.data ?? './attested-kms-data',
    rootKey: readRootKeySource(flags.rootKey),
    seedFile: flags.seedFile ?? null,
    attestationMaxAgeSeconds: readSeconds(flags.attestationMaxAge),
    attestationRoots: (flags.attestationRoot ?? []).map(readAttestationRoot),
    lab: readLab(flags),
  }
  if (config.lab && !flags.unsafeExposeLab && !isLoopback(config.listen)) {
    throw new ConfigError(
      'CONFIG_LAB_EXPOSED',
      '--listen: lab mode binds loopback addresses only, since its credentials are public; --unsafe-expose-lab lifts that',
    )
  }
  if (!isLoopback(config.admin)) {
    throw new ConfigError(
      'CONFIG_ADMIN_EXPOSED',
      '--admin: the admin listener binds loopback addresses or a Unix socket only, since it does not speak TLS',
    )
  }
  return config
}

function readLab(flags: ServeFlags): LabConfig | null {
  if (!flags.lab) {
    const labOnly = {
      '--lab-seed': flags.labSeed,
      '--lab-nsm': flags.labNsm,
      '--unsafe-expose-lab': flags.unsafeExposeLab,
      '--unsafe-allow-unsigned': flags.unsafeAllowUnsigned,
      '--unsafe-attestation-clock': flags.unsafeAttestationClock,
    }
    const given = Object.entries(labOnly).find(([, value]) => value !== undefined && value !== false)
    if (given) throw new ConfigError('CONFIG_LAB_ONLY', `${given[0]} works under --lab only`)
    return null
  }
  if (flags.labSeed === '') {
    throw new ConfigError('CONFIG_LAB_SEED_EMPTY', '--lab-seed takes a text that is not empty')
  }
  return {
    seed: flags.labSeed ?? null,
    nsmSocket: flags.labNsm === undefined ? null : readSocketPath(flags.labNsm, '--lab-nsm'),
    unsafeAllowUnsigned: flags.unsafeAllowUnsigned ?? false,
    unsafeAttestationClock: readAttestationClock(flags.unsafeAttestationClock),
  }
}

function readAttestationClock(text: string | undefined): 'document' | Date | null {
  if (text === undefined) return null
  if (text === 'document') return 'document'
  try {
    return parseRfc3339(text)
  } catch (cause) {
    const message = '--unsafe-attestation-clock takes `document` or an RFC 3339 time'
    throw new ConfigError('CONFIG_CLOCK_INVALID', message, { cause })
  }
}

function readRootKeySource(text: string | undefined): RootKeySource {
  if (text === undefined) return { kind: 'file', path: null }
  const [, kind, value] = /^(file|env):(.+)$/s.exec(text) ?? []
  if (kind === 'file' && value) return { kind, path: value }
  if (kind === 'env' && value) return { kind, name: value }
  throw new ConfigError('CONFIG_ROOT_KEY_INVALID', '--root-key takes file:PATH or env:NAME')
}

function readSeconds(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^\d{1,9}$/.test(text)) {
    throw new ConfigError('CONFIG_NUMBER_INVALID', '--attestation-max-age takes a number of seconds')
  }
  return Number(text)
}

function readAttestationRoot(text: string): AttestationRootFile {
  const [, name, path] = /^(?:([a-z-]+)=)?(.+)$/s.exec(text) ?? []
  if (!path) {
    throw new ConfigError('CONFIG_ATTESTATION_ROOT_INVALID', '--attestation-root takes [PARTITION=]PEM')
  }
  // Without a name the root counts for the commercial partition alone: trust is never wider than what was said.
  if (name === undefined) return { path, partitions: ['aws'] }
  if (!isPartition(name)) {
    const known = ALL_PARTITIONS.join(', ')
    throw new ConfigError(
      'CONFIG_ATTESTATION_ROOT_INVALID',
      `--attestation-root: no such partition; there are ${known}`,
    )
  }
  return { path, partitions: [name] }
}
