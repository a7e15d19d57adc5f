import { createHash } from 'node:crypto'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'

// Some verifiers have AWS's root built in and no way to give another. So that they can be asked about documents of the
// simulator, a copy of the installed file gets the lab's root in the place of AWS's, byte for byte, and nothing else.

/** Bytes; long enough to be found nowhere else by chance. */
const WORD = 8
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g

/**
 * Puts a root certificate (DER) in the place of AWS's, which stands in `file` as PEM, whatever its line ends, or as the
 * SHA-256 of its DER. Answers the changed bytes; null if neither is found or the lengths of the texts differ.
 */
export function repin(file: Uint8Array, rootCertificate: Uint8Array): Uint8Array | null {
  return repinPem(file, rootCertificate) ?? repinFingerprint(file, rootCertificate)
}

function repinPem(file: Uint8Array, rootCertificate: Uint8Array): Uint8Array | null {
  const text = Buffer.from(file).toString('latin1')
  const replacement = Buffer.from(rootCertificate).toString('base64')
  let found = false
  const changed = text.replaceAll(PEM, (whole: string, body: string) => {
    const digits = body.replaceAll(/\s/g, '')
    const isAws = sha256(Buffer.from(digits, 'base64')) === AWS_NITRO_ROOT.sha256
    if (!isAws || digits.length !== replacement.length) return whole
    found = true
    let next = 0
    return whole.replace(
      body,
      body.replaceAll(/\S/g, () => replacement[next++] ?? ''),
    )
  })
  return found ? Buffer.from(changed, 'latin1') : null
}

/** Compilers cut a comparison with 32 bytes into words, so each word is replaced wherever it stands. */
function repinFingerprint(file: Uint8Array, rootCertificate: Uint8Array): Uint8Array | null {
  const changed = Buffer.from(file)
  const fingerprint = Buffer.from(AWS_NITRO_ROOT.sha256, 'hex')
  const replacement = createHash('sha256').update(rootCertificate).digest()
  for (let start = 0; start < fingerprint.length; start += WORD) {
    const word = fingerprint.subarray(start, start + WORD)
    let at = changed.indexOf(word)
    if (at < 0) return null
    for (; at >= 0; at = changed.indexOf(word, at)) replacement.copy(changed, at, start, start + WORD)
  }
  return changed
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
