import { BlockList, isIP } from 'node:net'
import type { ExpandedText } from '../template.ts'
import type { ValueOperator, ValueTest } from './operator.ts'

/** IP address operators (IAM User Guide, Condition operators, IP address): addresses, and ranges in CIDR form (RFC 4632). */
export const IP_ADDRESS_OPERATORS: readonly ValueOperator[] = [
  { kind: 'value', name: 'IpAddress', negated: false, variables: false, compile },
  { kind: 'value', name: 'NotIpAddress', negated: true, variables: false, compile },
]

type Family = 'ipv4' | 'ipv6'

/** One list a family: in one list alone an IPv4 range would also hold the IPv6 addresses that IPv4 ones are mapped to. */
function compile(expected: readonly ExpandedText[]): ValueTest {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  let wellFormed = true
  for (const { text } of expected) {
    const range = parseRange(text)
    if (range) lists[range.family].addSubnet(range.address, range.prefix, range.family)
    else wellFormed = false
  }
  // An ill-formed range holds no address; what lies outside of it cannot be said.
  const otherwise = wellFormed ? false : undefined
  return (actual) => {
    const family = familyOf(actual)
    return family && (lists[family].check(actual, family) || otherwise)
  }
}

function parseRange(
  text: string,
): { readonly address: string; readonly prefix: number; readonly family: Family } | undefined {
  const [address = '', prefix, more] = text.split('/')
  const family = familyOf(address)
  if (!family || more !== undefined) return undefined
  const longest = family === 'ipv4' ? 32 : 128
  if (prefix === undefined) return { address, prefix: longest, family }
  const wellFormed = /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= longest
  return wellFormed ? { address, prefix: Number(prefix), family } : undefined
}

/** `undefined` where a text is no address, or one with a zone (RFC 4007), which is none outside its host. */
function familyOf(text: string): Family | undefined {
  if (text.includes('%')) return undefined
  const version = isIP(text)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
