import { createPublicKey } from 'node:crypto'
import { P384_FIELD_BYTES } from './constants.ts'

/** What bytes that the attested program passed as its public key look like, in a few words. */
export function describePublicKey(bytes: Uint8Array): string {
  const shape = describeSpki(bytes) ?? describeOther(bytes)
  return `${bytes.length} bytes, ${shape}`
}

function describeSpki(bytes: Uint8Array): string | null {
  try {
    const key = createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' })
    const { modulusLength, publicExponent, namedCurve } = key.asymmetricKeyDetails ?? {}
    const type = key.asymmetricKeyType ?? 'unknown'
    if (modulusLength !== undefined) {
      return `${type} of ${modulusLength} bits with exponent ${publicExponent ?? 'unknown'}`
    }
    return namedCurve === undefined ? `${type} key` : `${type} key on ${namedCurve}`
  } catch {
    return null
  }
}

function describeOther(bytes: Uint8Array): string {
  const [first] = bytes
  if (first === undefined) return 'empty'
  if (Buffer.from(bytes).toString('latin1').startsWith('-----BEGIN ')) return 'PEM text'
  const isPoint = first === 0x04 && (bytes.length === 65 || bytes.length === 1 + 2 * P384_FIELD_BYTES)
  if (isPoint) return 'perhaps a point of an elliptic curve'
  return bytes.length === 32 ? 'perhaps a raw X25519 or Ed25519 key' : 'of no known form'
}
