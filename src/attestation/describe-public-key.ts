import type { KeyObject } from 'node:crypto'
import { createPublicKey, ECDH, X509Certificate } from 'node:crypto'
import { concatBytes } from '../core/bytes.ts'

/**
 * What bytes that the attested program passed as its public key look like, in a few words: AWS signs whatever it passed.
 * A guess where the form leaves room for one, and then it says `perhaps`. Never throws.
 */
export function describePublicKey(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty'
  return describeDer(bytes) ?? describePem(bytes) ?? describePoints(bytes) ?? describeOther(bytes)
}

function describeDer(bytes: Uint8Array): string | null {
  if (bytes[0] !== 0x30) return null
  const der = Buffer.from(bytes)
  const forms = [
    ['SubjectPublicKeyInfo', () => createPublicKey({ key: der, format: 'der', type: 'spki' })],
    ['PKCS#1', () => createPublicKey({ key: der, format: 'der', type: 'pkcs1' })],
    ['X.509 certificate', () => new X509Certificate(der).publicKey],
  ] as const
  for (const [form, read] of forms) {
    const name = tryName(read)
    if (name) return `${name} (${form})`
  }
  return null
}

function describePem(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.startsWith('-----BEGIN ')) return null
  const name = tryName(() => createPublicKey(text))
  return name ? `${name} (PEM text)` : 'PEM text that holds no public key'
}

function tryName(read: () => KeyObject): string | null {
  try {
    return nameOf(read())
  } catch {
    return null
  }
}

function nameOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const { modulusLength, publicExponent, namedCurve } = asymmetricKeyDetails ?? {}
  const type = asymmetricKeyType?.toUpperCase() ?? 'unknown'
  if (modulusLength !== undefined) return `${type}-${modulusLength} key, e = ${publicExponent ?? 'unknown'}`
  return namedCurve === undefined
    ? `${type} key`
    : `${type} key on ${CURVE_NAMES.get(namedCurve) ?? namedCurve}`
}

/** By the names that OpenSSL has for them. */
const CURVE_NAMES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp256k1', 'secp256k1'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
])

/** SEC 1 §2.3.3: points, compressed or not; one, or several in a row; or one without the first byte. */
function describePoints(bytes: Uint8Array): string | null {
  const one = curveOf(bytes)
  if (one) return `point on ${one}`
  for (const size of [65, 33]) {
    const slices = Array.from({ length: bytes.length / size }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    )
    const curves = new Set(slices.map(curveOf))
    const [curve] = curves
    if (bytes.length % size === 0 && curves.size === 1 && curve) return `${slices.length} points on ${curve}`
  }
  const bare = bytes.length === 64 ? curveOf(concatBytes(Uint8Array.of(0x04), bytes)) : null
  return bare && `x and y of a point on ${bare}`
}

function curveOf(bytes: Uint8Array): string | null {
  const [first = 0] = bytes
  // Of the other forms, OpenSSL takes the point at infinity and the hybrid one.
  if (first < 0x02 || first > 0x04) return null
  for (const [curve, name] of CURVE_NAMES) {
    try {
      ECDH.convertKey(bytes, curve)
      return name
    } catch {
      // Not on this curve.
    }
  }
  return null
}

function describeOther(bytes: Uint8Array): string {
  if (bytes.every((octet) => octet === 0)) return 'zeros'
  if (bytes.every((octet) => octet >= 0x20 && octet <= 0x7e)) return 'text'
  return bytes.length === 32 ? 'perhaps a raw X25519 or Ed25519 key, or a digest' : 'of no known form'
}
