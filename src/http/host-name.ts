import { isIPv4 } from 'node:net'
import { dnsSuffixOfRegion, isRegion } from '../core/partition.ts'

/** The suffix of dual-stack endpoints in the commercial partition (botocore, endpoint rules of KMS). */
const DUAL_STACK_SUFFIX = 'api.aws'

/** A `Host` header taken apart. */
export interface HostName {
  /** In lower case; an IPv6 address without its brackets. */
  readonly name: string
  /** `null` where the header names none. */
  readonly port: number | null
}

/** Reads a `Host` header (RFC 9110 §7.2); `undefined` where it is none. */
export function parseHost(header: string): HostName | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(header)
  if (!parts) return undefined
  const [, address, name, port] = parts
  return { name: (address ?? name ?? '').toLowerCase(), port: port === undefined ? null : Number(port) }
}

/** Whether a name means this machine and no other, whatever a name server says: RFC 6761 §6.3, RFC 1122 §3.2.1.3. */
export function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return isIPv4(name) && name.startsWith('127.')
}

/** The Region in a name of the form `kms.<region>.<suffix>` or `kms-fips.<region>.<suffix>` of AWS; else `undefined`. */
export function regionOfEndpoint(name: string): string | undefined {
  const [, region, suffix] = /^kms(?:-fips)?\.([a-z0-9-]+)\.(.+)$/.exec(name) ?? []
  if (region === undefined || !isRegion(region)) return undefined
  return suffix === dnsSuffixOfRegion(region) || suffix === DUAL_STACK_SUFFIX ? region : undefined
}
