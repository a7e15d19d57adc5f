import { describe, expect, it } from 'vitest'
import { isLoopback, parseListenAddress } from '../../src/config/address.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import { readConfig } from '../../src/config/config.ts'

describe('readConfig', () => {
  it('fills in the defaults of production mode', () => {
    expect(readConfig({})).toEqual({
      listen: { kind: 'tcp', host: '127.0.0.1', port: 4599 },
      admin: { kind: 'tcp', host: '127.0.0.1', port: 4600 },
      dataDirectory: './attested-kms-data',
      rootKey: { kind: 'file', path: null },
      seedFile: null,
      attestationMaxAgeSeconds: null,
      attestationRoots: [],
      lab: null,
    })
  })

  it('reads the flags of lab mode', () => {
    const config = readConfig({
      lab: true,
      labSeed: 'a',
      unsafeAllowUnsigned: true,
      unsafeAttestationClock: '2026-01-01T00:00:00Z',
      unsafeExposeLab: true,
      listen: '0.0.0.0:0',
    })
    expect(config.lab).toEqual({
      seed: 'a',
      nsmSocket: null,
      unsafeAllowUnsigned: true,
      unsafeAttestationClock: new Date('2026-01-01T00:00:00Z'),
    })
    expect(readConfig({ lab: true, unsafeAttestationClock: 'document' }).lab?.unsafeAttestationClock).toBe(
      'document',
    )
  })

  it('takes the socket of a simulated enclave as a path, with or without unix: in front', () => {
    expect(readConfig({ lab: true, labNsm: 'a/nsm.sock' }).lab?.nsmSocket).toBe('a/nsm.sock')
    expect(readConfig({ lab: true, labNsm: 'unix:/a/nsm.sock' }).lab?.nsmSocket).toBe('/a/nsm.sock')
  })

  it('takes further roots for the partition that is named, and for `aws` alone where none is', () => {
    const roots = readConfig({ attestationRoot: ['aws-cn=/a/b=c.pem', 'root.pem'] }).attestationRoots
    expect(roots).toEqual([
      { path: '/a/b=c.pem', partitions: ['aws-cn'] },
      { path: 'root.pem', partitions: ['aws'] },
    ])
  })

  const refusals: readonly [string, ServeFlags][] = [
    ['CONFIG_LAB_ONLY', { labSeed: 'x' }],
    // Kept in the data directory, an empty one would fail every later start.
    ['CONFIG_LAB_SEED_EMPTY', { lab: true, labSeed: '' }],
    ['CONFIG_LAB_ONLY', { labNsm: '/a/nsm.sock' }],
    ['CONFIG_SOCKET_INVALID', { lab: true, labNsm: '' }],
    ['CONFIG_SOCKET_INVALID', { lab: true, labNsm: 'unix:' }],
    ['CONFIG_LAB_ONLY', { unsafeExposeLab: true }],
    ['CONFIG_LAB_ONLY', { unsafeAllowUnsigned: true }],
    ['CONFIG_LAB_ONLY', { unsafeAttestationClock: 'document' }],
    ['CONFIG_LAB_EXPOSED', { lab: true, listen: '0.0.0.0:4599' }],
    ['CONFIG_LAB_EXPOSED', { lab: true, listen: '[::]:4599' }],
    ['CONFIG_LAB_EXPOSED', { lab: true, listen: 'kms.example:4599' }],
    ['CONFIG_ADMIN_EXPOSED', { admin: '0.0.0.0:4600' }],
    ['CONFIG_ADMIN_EXPOSED', { admin: '10.0.0.1:4600', lab: true, unsafeExposeLab: true }],
    ['CONFIG_ADDRESS_INVALID', { listen: '4599' }],
    ['CONFIG_ADDRESS_INVALID', { listen: '127.0.0.1:70000' }],
    ['CONFIG_ADDRESS_INVALID', { listen: '::1:4599' }],
    ['CONFIG_CLOCK_INVALID', { lab: true, unsafeAttestationClock: 'yesterday' }],
    ['CONFIG_CLOCK_INVALID', { lab: true, unsafeAttestationClock: '2026-13-01T00:00:00Z' }],
    ['CONFIG_CLOCK_INVALID', { lab: true, unsafeAttestationClock: '2026-02-30T00:00:00Z' }],
    ['CONFIG_ROOT_KEY_INVALID', { rootKey: 'hunter2' }],
    ['CONFIG_ROOT_KEY_INVALID', { rootKey: 'aws-kms:arn:aws:kms:us-east-1:111122223333:key/x' }],
    ['CONFIG_NUMBER_INVALID', { attestationMaxAge: '-1' }],
    ['CONFIG_ATTESTATION_ROOT_INVALID', { attestationRoot: ['mars=root.pem'] }],
    ['CONFIG_STORE_UNSUPPORTED', { store: 'postgres://localhost/kms' }],
  ]
  it.each(refusals)('refuses with %s: %j', (code, flags) => {
    expect(() => readConfig(flags)).toThrow(expect.objectContaining({ code }))
  })

  it('does not repeat what may be a secret', () => {
    expect(() => readConfig({ rootKey: 'hunter2' })).toThrow(/^(?!.*hunter2)/)
  })
})

describe('isLoopback', () => {
  it.each(['127.0.0.1:1', '127.9.9.9:1', '[::1]:1', '[0:0:0:0:0:0:0:1]:1', 'localhost:1', 'unix:/run/x'])(
    'holds for %s',
    (text) => {
      expect(isLoopback(parseListenAddress(text, '--listen'))).toBe(true)
    },
  )

  it.each([
    '0.0.0.0:1',
    '[::]:1',
    '128.0.0.1:1',
    '10.0.0.1:1',
    '[fe80::1]:1',
    '[1::1]:1',
    'localhost.example:1',
    '127.0.0.1.example:1',
  ])('does not hold for %s', (text) => {
    expect(isLoopback(parseListenAddress(text, '--listen'))).toBe(false)
  })
})
