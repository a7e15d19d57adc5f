import { describe, expect, it } from 'vitest'
import { DATA_KEY_PAIR_SPECS } from '../../src/keys/data-key-pair.ts'
import { findKeyKind, KEY_SPECS, KEY_USAGES, offeredIn, USAGES_OF_SPEC } from '../../src/keys/key-spec.ts'

describe('findKeyKind', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', { encryptionAlgorithms: ['SYMMETRIC_DEFAULT'], curve: null }],
    ['ECC_NIST_P256', 'KEY_AGREEMENT', { keyAgreementAlgorithms: ['ECDH'], curve: { coordinateLength: 32 } }],
    ['ECC_NIST_P384', 'KEY_AGREEMENT', { keyAgreementAlgorithms: ['ECDH'], curve: { coordinateLength: 48 } }],
    ['ECC_NIST_P521', 'KEY_AGREEMENT', { keyAgreementAlgorithms: ['ECDH'], curve: { coordinateLength: 66 } }],
  ] as const)('knows %s for %s', (keySpec, keyUsage, expected) => {
    const none = { encryptionAlgorithms: [], keyAgreementAlgorithms: [] }
    expect(findKeyKind(keySpec, keyUsage)).toMatchObject({ keySpec, keyUsage, ...none, ...expected })
    expect(USAGES_OF_SPEC[keySpec]).toContain(keyUsage)
  })

  it('knows no other pair of spec and usage', () => {
    const known = KEY_SPECS.flatMap((spec) => KEY_USAGES.filter((usage) => findKeyKind(spec, usage)))
    expect(known).toHaveLength(4)
    expect(findKeyKind('constructor', 'KEY_AGREEMENT')).toBeUndefined()
  })
})

describe('offeredIn', () => {
  it.each([
    ['aws', false, true],
    ['aws-us-gov', false, true],
    ['aws-cn', true, false],
  ] as const)('%s: SM2 %s, ML-KEM %s', (partition, sm2, mlKem) => {
    for (const values of [KEY_SPECS, DATA_KEY_PAIR_SPECS]) {
      const offered: readonly string[] = offeredIn<string>(partition, values)
      expect(offered.includes('SM2')).toBe(sm2)
      for (const size of [512, 768, 1024]) expect(offered.includes(`ML_KEM_${size}`)).toBe(mlKem)
      expect(offered).toHaveLength(values.length - (sm2 ? 3 : 1))
    }
    expect(offeredIn<string>(partition, KEY_USAGES).includes('ENCAPSULATE_DECAPSULATE')).toBe(mlKem)
  })

  it('lists key specs in the order that AWS was seen to list them in', () => {
    const recorded =
      'RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, ' +
      'SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512'
    expect(offeredIn('aws', KEY_SPECS).slice(0, 12).join(', ')).toBe(recorded)
  })
})
