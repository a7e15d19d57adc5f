import { parseHex } from '../core/bytes.ts'

/** A NIST curve as keys on it are written down. */
export interface EcCurve {
  /** The name that OpenSSL knows it by. */
  readonly name: string
  /**
   * What stands before the point in a DER SubjectPublicKeyInfo of the curve, up to and with the mark of an
   * uncompressed point (RFC 5480 §2.1.1 and §2.2, SEC 1 §2.3.3). The rest is the two coordinates.
   */
  readonly publicKeyPrefix: Uint8Array
  /** Length of a coordinate, and so of a shared secret, in bytes. */
  readonly coordinateLength: number
}

/** The curves for key agreement, by key spec. The prefixes hold id-ecPublicKey and the OID of the curve. */
export const EC_CURVES = {
  ECC_NIST_P256: {
    name: 'prime256v1',
    publicKeyPrefix: parseHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004'),
    coordinateLength: 32,
  },
  ECC_NIST_P384: {
    name: 'secp384r1',
    publicKeyPrefix: parseHex('3076301006072a8648ce3d020106052b8104002203620004'),
    coordinateLength: 48,
  },
  ECC_NIST_P521: {
    name: 'secp521r1',
    publicKeyPrefix: parseHex('30819b301006072a8648ce3d020106052b810400230381860004'),
    coordinateLength: 66,
  },
} as const satisfies Readonly<Record<string, EcCurve>>
