/** One line of what an ASN.1 dump shows. */
export interface TlvLine {
  readonly offset: number
  readonly depth: number
  readonly tag: number
  /** Bytes of identifier and length. */
  readonly header: number
  readonly length: number | 'indefinite'
}

/**
 * Lists tag, length and position of every element of an envelope, end-of-contents octets included. Written for
 * well-formed bytes only and apart from the code under test, to compare its output with genuine envelopes.
 */
export function walkTlv(bytes: Uint8Array): readonly TlvLine[] {
  const lines: TlvLine[] = []
  let at = 0
  const walk = (end: number, depth: number): void => {
    while (at < end) {
      const offset = at
      const tag = bytes[at++] ?? 0
      const first = bytes[at++] ?? 0
      let length = first & 0x7f
      if (first > 0x80) {
        const octets = bytes.subarray(at, at + length)
        at += octets.length
        length = octets.reduce((total, octet) => total * 256 + octet, 0)
      }
      const indefinite = first === 0x80
      lines.push({ offset, depth, tag, header: at - offset, length: indefinite ? 'indefinite' : length })
      if (tag === 0 && first === 0) return
      if (indefinite) walk(bytes.length, depth + 1)
      else if ((tag & 0x20) !== 0) walk(at + length, depth + 1)
      else at += length
    }
  }
  walk(bytes.length, 0)
  return lines
}
