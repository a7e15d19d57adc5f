/** An answer that has arrived as a whole. */
export interface HttpAnswer {
  readonly status: number
  readonly body: Buffer
  /** Whether the other side closes the connection behind it. */
  readonly closes: boolean
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * Reads an HTTP/1.1 answer (RFC 9112) that nothing follows; `null` while a part of it is missing. Throws for one that
 * does not say its length, which no server here sends.
 */
export function readAnswer(received: Buffer): HttpAnswer | null {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const head = received.toString('latin1', 0, headEnd)
  const body = received.subarray(headEnd + HEAD_END.length)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error('an answer does not say its length')
  if (body.length > Number(length)) throw new Error('more was answered than was asked for')
  if (body.length < Number(length)) return null
  return { status: Number(head.slice(9, 12)), body, closes: /\r\nconnection: *close/i.test(head) }
}
