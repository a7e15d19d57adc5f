import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseArn, toAccountRootArn, toAliasArn, toKeyArn } from '../../src/core/arn.ts'
import { concatBytes, equalBytes, parseHex, toHex, utf8 } from '../../src/core/bytes.ts'
import { MovableClock } from '../../src/core/clock.ts'
import { dnsSuffixOfRegion, isRegion, partitionOfRegion } from '../../src/core/partition.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'

describe('Secret', () => {
  const secret = new Secret(utf8('hunter2'))

  it('does not show its bytes when printed, joined to text or inspected', () => {
    expect(inspect(secret)).toBe('Secret {}')
    expect(inspect({ deep: [secret] }, { showHidden: true })).not.toContain('104')
    expect(String(secret)).toBe('Secret {}')
  })

  it('cannot be serialised', () => {
    expect(() => JSON.stringify({ secret })).toThrow(TypeError)
  })

  it('is zeros after wiping', () => {
    const bytes = utf8('hunter2')
    new Secret(bytes).wipe()
    expect(bytes).toEqual(new Uint8Array(7))
  })
})

describe('bytes', () => {
  it('reads hexadecimal digits of both cases and refuses anything else', () => {
    expect(parseHex('00fFAb')).toEqual(Uint8Array.of(0, 255, 171))
    expect(toHex(Uint8Array.of(0, 255, 171))).toBe('00ffab')
    for (const text of ['0', '0g', '0x00', ' 00', '00 ']) expect(() => parseHex(text)).toThrow(RangeError)
  })

  it('joins and compares', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    )
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  })
})

describe('partitions and ARNs', () => {
  // botocore, partitions data
  it.each([
    ['us-east-1', 'aws', 'amazonaws.com'],
    ['ap-southeast-3', 'aws', 'amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
    ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ])('puts %s into %s', (region, partition, suffix) => {
    expect(partitionOfRegion(region)).toBe(partition)
    expect(dnsSuffixOfRegion(region)).toBe(suffix)
    expect(isRegion(region)).toBe(true)
  })

  it('builds ARNs in the partition of their Region', () => {
    const scope = { region: 'us-gov-west-1', accountId: '111122223333' }
    expect(toKeyArn(scope, 'id')).toBe('arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/id')
    expect(toAliasArn(scope, 'alias/x')).toBe('arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/x')
    expect(toAccountRootArn(scope)).toBe('arn:aws-us-gov:iam::111122223333:root')
  })

  it('splits ARNs and refuses what is none', () => {
    expect(parseArn('arn:aws:iam::1:role/a:b')).toEqual({
      partition: 'aws',
      service: 'iam',
      region: '',
      accountId: '1',
      resource: 'role/a:b',
    })
    for (const text of [
      '',
      'arn',
      'arn:aws:kms:us-east-1:1',
      'arn:aws:kms:us-east-1:1:',
      'ARN:aws:kms:r:1:key/x',
    ]) {
      expect(parseArn(text)).toBeUndefined()
    }
  })

  it.each(['US-EAST-1', 'us-east', 'x', '', 'us-east-1 ', 'a-'.repeat(20) + '1'])(
    'takes %j for no Region',
    (text) => {
      expect(isRegion(text)).toBe(false)
    },
  )
})

describe('clock and randomness', () => {
  it('moves a clock, lets it go on, and sets it back', () => {
    let machine = new Date('2026-01-01T00:00:00Z')
    const clock = new MovableClock({ now: () => machine })
    clock.moveTo(new Date('2030-01-01T00:00:00Z'))
    machine = new Date('2026-01-01T00:00:05Z')
    expect(clock.now()).toEqual(new Date('2030-01-01T00:00:05Z'))
    clock.reset()
    expect(clock.now()).toEqual(machine)
  })

  it('gives as many random bytes as asked for, and UUIDs of version 4', () => {
    expect(systemRandom.bytes(33)).toHaveLength(33)
    expect(systemRandom.bytes(32)).not.toEqual(systemRandom.bytes(32))
    expect(systemRandom.uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })
})
