/** Reads the body of a response as UTF-8. Throws `RangeError` once it is longer than `limit` bytes. */
export async function readBounded(response: Response, limit: number): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const part of body ?? []) {
    length += part.length
    if (length > limit) throw new RangeError('the answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
