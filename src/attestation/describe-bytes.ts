/** What bytes that the attested program passed look like, in a few words. Never throws. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty'
  if (bytes.every((octet) => octet === 0)) return 'zeros'
  const text = Buffer.from(bytes).toString('latin1')
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) return isJson(text) ? 'JSON text' : 'text'
  return DIGEST_NAMES.get(bytes.length) ?? 'binary'
}

/** Lengths in bytes that digests have; other things have them too. */
const DIGEST_NAMES: ReadonlyMap<number, string> = new Map([
  [32, 'perhaps a SHA-256 digest, a key or random'],
  [48, 'perhaps a SHA-384 digest'],
  [64, 'perhaps a SHA-512 digest or a signature'],
])

/** An object or an array: a bare number or word is as likely anything else. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
