const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Standard base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

/**
 * Reads standard base64 with padding (RFC 4648 §4) and nothing else: no white space, no URL alphabet, no missing
 * padding, no stray bits behind the last byte. Throws `RangeError`; the message does not repeat the text.
 */
export function parseBase64(text: string): Uint8Array {
  if (!CANONICAL.test(text)) throw new RangeError('not base64')
  const bytes = Buffer.from(text, 'base64')
  // RFC 4648 §3.5: bits that pad the last character must be zero, else two texts name the same bytes.
  if (text.endsWith('=') && bytes.toString('base64') !== text) throw new RangeError('not canonical base64')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
