// A process of its own: the least that a JSON service on `node:http` does, as the yardstick for what the rest costs.
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'

const ANSWER = JSON.stringify({ Plaintext: 'A'.repeat(44), KeyId: 'x'.repeat(75) })
const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'content-length': Buffer.byteLength(ANSWER) }

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const server = createServer((request, response) => {
  readJson(request).then(
    () => response.writeHead(200, HEADERS).end(ANSWER),
    () => response.writeHead(400, { 'content-length': 0 }).end(),
  )
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(address?.port)
})
