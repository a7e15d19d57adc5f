import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { createLabAttester } from '../../enclave/client/lab-attester.ts'

const publicKey = Uint8Array.of(0x30, 0x82)
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

type Respond = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Starts a lab that answers as told; gives its address. */
async function startLab(respond: Respond): Promise<string> {
  const server = createServer((request, response) => void respond(request, response))
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const json = (value: unknown): Respond => {
  return (_, response) => void response.end(JSON.stringify(value))
}

/** Sends away from where it is asked, to where a document would be. */
const redirect: Respond = ({ url }, response) => {
  if (url === '/lab/documents') response.writeHead(307, { location: '/elsewhere' })
  response.end('{"document":"hEQB"}')
}

describe('createLabAttester', () => {
  it('posts the wishes and the request, with the token, and gives the document', async () => {
    const seen: unknown[] = []
    const adminUrl = await startLab(async (request, response) => {
      const { authorization, 'content-type': type, 'x-attested-kms-admin': admin } = request.headers
      seen.push(request.method, request.url, authorization, type, admin, JSON.parse(await text(request)))
      response.end(JSON.stringify({ document: 'hEQB', moduleId: 'i-0', timestamp: 1 }))
    })
    const wishes = {
      kind: 'nitrotpm',
      pcrs: { 4: 'ab' },
      region: 'eu-west-1',
      instanceId: 'i-1',
      debug: false,
      roleArn: 'arn:aws:iam::111122223333:role/r',
      profile: '2025',
      at: '2026-01-01T00:00:00Z',
      fault: 'a-fault',
    } as const
    const attester = createLabAttester({ adminUrl, adminToken: 'token', ...wishes })
    const document = await attester.attest({
      publicKey,
      userData: Uint8Array.of(1),
      nonce: Uint8Array.of(2),
    })
    expect(document).toEqual(Uint8Array.of(0x84, 0x44, 0x01))
    expect(seen).toEqual([
      'POST',
      '/lab/documents',
      'Bearer token',
      'application/json',
      '1',
      { ...wishes, publicKey: 'MII=', userData: 'AQ==', nonce: 'Ag==' },
    ])
  })

  it('asks for an enclave document of the key alone where nothing else is said', async () => {
    let body = ''
    const adminUrl = await startLab(async (request, response) => {
      body = await text(request)
      response.end('{"document":"hEQB"}')
    })
    await createLabAttester({ adminUrl, adminToken: 't' }).attest({ publicKey, userData: null, nonce: null })
    expect(JSON.parse(body)).toEqual({ kind: 'nitro-enclave', publicKey: 'MII=' })
  })

  it.each(['http://192.0.2.1:4600', 'http://lab.example.com'])(
    'refuses %s with ENDPOINT_NOT_PROTECTED',
    (adminUrl) => {
      expect(() => createLabAttester({ adminUrl, adminToken: 't' })).toThrow(
        expect.objectContaining({ code: 'ENDPOINT_NOT_PROTECTED' }),
      )
    },
  )

  it.each<[string, Respond, string]>([
    ['status 401', (_, response) => void response.writeHead(401).end('{}'), 'ATTESTER_REFUSED'],
    ['a redirection', redirect, 'ATTESTER_UNREACHABLE'],
    ['a broken connection', (request) => void request.socket.destroy(), 'ATTESTER_UNREACHABLE'],
    ['silence', () => undefined, 'ATTESTER_UNREACHABLE'],
    ['a body without end', (_, response) => void response.end('x'.repeat(70_000)), 'ATTESTER_UNREACHABLE'],
    ['nothing', (_, response) => void response.end(), 'ATTESTER_ANSWER_INVALID'],
    ['no JSON', (_, response) => void response.end('document'), 'ATTESTER_ANSWER_INVALID'],
    ['no object', json(['hEQB']), 'ATTESTER_ANSWER_INVALID'],
    ['an empty document', json({ document: '' }), 'ATTESTER_ANSWER_INVALID'],
    ['no document', json({ moduleId: 'i-0' }), 'ATTESTER_ANSWER_INVALID'],
    ['a document that is no text', json({ document: 7 }), 'ATTESTER_ANSWER_INVALID'],
    ['a document that is no base64', json({ document: 'h EQB' }), 'ATTESTER_ANSWER_INVALID'],
  ])('turns %s into an EnclaveError that does not name the token', async (_, respond, code) => {
    const adminUrl = await startLab(respond)
    const attester = createLabAttester({ adminUrl, adminToken: 'the-token', timeoutMilliseconds: 300 })
    await expect(attester.attest({ publicKey })).rejects.toThrow(
      expect.objectContaining({
        name: 'EnclaveError',
        code,
        message: expect.not.stringContaining('the-token'),
      }),
    )
  })

  it.each([
    ['{"error":{"code":"ADMIN_INPUT_INVALID","message":"fault: must be known"}}', ': fault: must be known'],
    [JSON.stringify({ error: { message: 'x'.repeat(1000) } }), `: ${'x'.repeat(200)}`],
    ['{"error":{"message":7}}', ''],
    ['{"error":"no"}', ''],
    ['no JSON', ''],
  ])('repeats what the lab says is wrong, as far as it is readable: %s', async (body, reason) => {
    const adminUrl = await startLab((_, response) => void response.writeHead(400).end(body))
    await expect(createLabAttester({ adminUrl, adminToken: 't' }).attest({ publicKey })).rejects.toThrow(
      expect.objectContaining({ message: `The lab answered with status 400${reason}` }),
    )
  })
})
