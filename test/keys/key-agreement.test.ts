import { spawnSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { concatBytes, parseHex, toHex } from '../../src/core/bytes.ts'
import { EC_CURVES } from '../../src/keys/ec-curve.ts'
import { agreeOnSecret } from '../../src/keys/key-agreement.ts'

const P256 = EC_CURVES.ECC_NIST_P256

/** RFC 5903 §8.1: the 256-bit group. The first side's private key, the other's public point, the shared x coordinate. */
const RFC5903 = {
  d: 'C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433',
  x: 'DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180',
  y: '5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3',
  shared: 'D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE',
  peerX: 'D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63',
  peerY: '56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB',
}

const privateKey = createPrivateKey({
  format: 'jwk',
  key: { kty: 'EC', crv: 'P-256', d: base64url(RFC5903.d), x: base64url(RFC5903.x), y: base64url(RFC5903.y) },
})
const peer = concatBytes(P256.publicKeyPrefix, parseHex(RFC5903.peerX), parseHex(RFC5903.peerY))

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}

function makePeer(namedCurve: string, encoding: object = {}): Uint8Array {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve, ...encoding })
  return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
}

describe('agreeOnSecret', () => {
  it('gives the x coordinate of RFC 5903 §8.1', () => {
    expect(toHex(agreeOnSecret(privateKey, P256, peer).reveal()).toUpperCase()).toBe(RFC5903.shared)
  })

  it.each(Object.entries(EC_CURVES))(
    'gives both sides of %s one secret, as long as a coordinate',
    (_, curve) => {
      const [one, other] = [
        generateKeyPairSync('ec', { namedCurve: curve.name }),
        generateKeyPairSync('ec', { namedCurve: curve.name }),
      ]
      const spki = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ format: 'der', type: 'spki' }))
      const secret = agreeOnSecret(one.privateKey, curve, spki(other.publicKey)).reveal()
      expect(secret).toHaveLength(curve.coordinateLength)
      expect(agreeOnSecret(other.privateKey, curve, spki(one.publicKey)).reveal()).toEqual(secret)
    },
  )

  const point = peer.subarray(P256.publicKeyPrefix.length)
  it.each([
    ['no bytes', new Uint8Array()],
    ['a byte less', peer.subarray(0, -1)],
    ['a byte more', concatBytes(peer, Uint8Array.of(0))],
    ['a point that is not on the curve', peer.with(90, (peer[90] ?? 0) ^ 1)],
    ['the point (0, 0)', concatBytes(P256.publicKeyPrefix, new Uint8Array(64))],
    ['coordinates over the field', concatBytes(P256.publicKeyPrefix, new Uint8Array(64).fill(255))],
    ['the point alone', concatBytes(Uint8Array.of(4), point)],
    [
      'a compressed point',
      concatBytes(
        parseHex('3039301306072a8648ce3d020106082a8648ce3d030107032200'),
        Uint8Array.of(3),
        point.subarray(0, 32),
      ),
    ],
    ['another curve', makePeer('secp384r1')],
    ['another curve of the same size', makePeer('secp256k1')],
    ['a curve given by its parameters', makePeer('prime256v1', { paramEncoding: 'explicit' })],
    [
      'an RSA key',
      new Uint8Array(
        generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }),
      ),
    ],
    ['a length in long form', concatBytes(Uint8Array.of(0x30, 0x81), peer.subarray(1))],
    [
      'PEM',
      Buffer.from(
        `-----BEGIN PUBLIC KEY-----\n${Buffer.from(peer).toString('base64')}\n-----END PUBLIC KEY-----\n`,
      ),
    ],
  ])('PEER_KEY_INVALID: %s', (_, key) => {
    expect(() => agreeOnSecret(privateKey, P256, key)).toThrow(
      expect.objectContaining({ name: 'KeysError', code: 'PEER_KEY_INVALID' }),
    )
  })
})

const OPENSSL = 'openssl'
const openssl = spawnSync(OPENSSL, ['version']).status === 0

describe.skipIf(!openssl)(
  `the openssl command${openssl ? '' : ', skipped because it is not installed'}`,
  () => {
    it.each(Object.entries(EC_CURVES))('derives the same secret on %s', (_, curve) => {
      const directory = mkdtempSync(join(tmpdir(), 'key-agreement-'))
      const run = (...args: readonly string[]): Buffer => {
        const { status, stdout, stderr } = spawnSync(OPENSSL, args, { cwd: directory })
        expect([status, stderr.toString()]).toEqual([0, ''])
        return stdout
      }
      try {
        run(
          'genpkey',
          '-algorithm',
          'EC',
          '-pkeyopt',
          `ec_paramgen_curve:${curve.name}`,
          '-out',
          'theirs.pem',
        )
        const peerKey = run('pkey', '-in', 'theirs.pem', '-pubout', '-outform', 'DER')
        const own = generateKeyPairSync('ec', { namedCurve: curve.name })
        writeFileSync(join(directory, 'ours.pem'), own.publicKey.export({ format: 'pem', type: 'spki' }))
        const derived = run('pkeyutl', '-derive', '-inkey', 'theirs.pem', '-peerkey', 'ours.pem')
        expect(toHex(agreeOnSecret(own.privateKey, curve, peerKey).reveal())).toBe(toHex(derived))
      } finally {
        rmSync(directory, { recursive: true })
      }
    })
  },
)
