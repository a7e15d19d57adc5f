import { isIPv4, isIPv6 } from 'node:net'
import { ConfigError } from './errors.ts'

/** Where a listener binds: a TCP address, or a Unix socket. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/**
 * Reads `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`; port 0 lets the system pick a free one.
 * Throws `ConfigError` `CONFIG_ADDRESS_INVALID`, naming `flag`.
 */
export function parseListenAddress(text: string, flag: string): ListenAddress {
  if (text.startsWith('unix:') && text.length > 'unix:'.length)
    return { kind: 'unix', path: text.slice('unix:'.length) }
  const parts = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text)
  const host = parts?.[1] ?? parts?.[2]
  const port = Number(parts?.[3])
  if (host === undefined || port > 65_535) {
    throw new ConfigError('CONFIG_ADDRESS_INVALID', `${flag} takes HOST:PORT (an IPv6 address in brackets)`)
  }
  return { kind: 'tcp', host, port }
}

/**
 * Reads `PATH` or `unix:PATH`, where only a Unix socket will do. Throws `ConfigError` `CONFIG_SOCKET_INVALID`, naming
 * `flag`.
 */
export function readSocketPath(text: string, flag: string): string {
  const path = text.startsWith('unix:') ? text.slice('unix:'.length) : text
  if (path !== '' && !path.includes('\0')) return path
  throw new ConfigError('CONFIG_SOCKET_INVALID', `${flag} takes the path of a Unix socket`)
}

/** Whether only this machine can reach an address: 127.0.0.0/8, ::1, `localhost`, or a Unix socket. */
export function isLoopback(address: ListenAddress): boolean {
  if (address.kind === 'unix') return true
  const { host } = address
  if (isIPv4(host)) return host.startsWith('127.')
  if (isIPv6(host)) return /^(?:0{0,4}:){2,7}0{0,3}1$/.test(host)
  return host === 'localhost'
}
