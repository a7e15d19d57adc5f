import { describe, expect, it } from 'vitest'
import { requireProtectedEndpoint } from '../../enclave/client/protected-endpoint.ts'

describe('requireProtectedEndpoint', () => {
  it.each([
    'https://kms.us-east-1.amazonaws.com',
    'https://192.0.2.1:4599/',
    'http://127.0.0.1:4599',
    'http://127.8.9.10',
    'http://127.1',
    'http://localhost:4599',
    'http://[::1]:4599',
  ])('lets %s pass', (address) => {
    expect(requireProtectedEndpoint(address).href).toBe(new URL(address).href)
  })

  it.each([
    'http://kms.us-east-1.amazonaws.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://192.0.2.1',
    'http://0.0.0.0:4599',
    'http://[::ffff:192.0.2.1]',
    'http://127.0.0.1@example.com',
    'ftp://127.0.0.1',
    'ws://localhost',
    'file:///localhost',
  ])('refuses %s with ENDPOINT_NOT_PROTECTED', (address) => {
    expect(() => requireProtectedEndpoint(address)).toThrow(
      expect.objectContaining({ name: 'EnclaveError', code: 'ENDPOINT_NOT_PROTECTED' }),
    )
  })

  it('does not repeat a password of the address', () => {
    expect(() => requireProtectedEndpoint('http://user:pass@example.com/path')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('pass') }),
    )
  })

  it.each(['', 'kms', 'undefined//undefined', 'http://'])('refuses %j with ENDPOINT_INVALID', (address) => {
    expect(() => requireProtectedEndpoint(address)).toThrow(
      expect.objectContaining({ code: 'ENDPOINT_INVALID' }),
    )
  })
})
