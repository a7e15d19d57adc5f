import { createPublicKey, diffieHellman } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { equalBytes } from '../core/bytes.ts'
import { plainBytes } from '../core/plain-bytes.ts'
import { Secret } from '../core/secret.ts'
import type { EcCurve } from './ec-curve.ts'
import { KeysError } from './errors.ts'

/**
 * The raw ECDH secret: the x coordinate of the shared point, as long as a coordinate of the curve (NIST SP 800-56A
 * §5.7.1.2; the cofactor of these curves is 1). `peerPublicKey` is a DER SubjectPublicKeyInfo with an uncompressed
 * point. Throws `KeysError` `PEER_KEY_INVALID` if it is anything else, is of another curve, or its point is not on it.
 */
export function agreeOnSecret(privateKey: KeyObject, curve: EcCurve, peerPublicKey: Uint8Array): Secret {
  return new Secret(plainBytes(diffieHellman({ privateKey, publicKey: parsePeerKey(curve, peerPublicKey) })))
}

function parsePeerKey(curve: EcCurve, peerPublicKey: Uint8Array): KeyObject {
  try {
    // Byte for byte, so that other encodings and curves given by their parameters never reach the library.
    const prefix = peerPublicKey.subarray(0, curve.publicKeyPrefix.length)
    if (!equalBytes(prefix, curve.publicKeyPrefix)) throw new RangeError('not a key of the curve')
    if (peerPublicKey.length !== prefix.length + 2 * curve.coordinateLength) throw new RangeError('length')
    // Checks that the point is on the curve (SEC 1 §3.2.2.1).
    return createPublicKey({ key: Buffer.from(peerPublicKey), format: 'der', type: 'spki' })
  } catch (cause) {
    throw new KeysError('PEER_KEY_INVALID', 'the public key is not one of the curve of the key', { cause })
  }
}
