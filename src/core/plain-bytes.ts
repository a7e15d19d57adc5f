/** The same bytes in the same place, as a plain `Uint8Array`: a `Buffer` prints, compares and slices differently. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
