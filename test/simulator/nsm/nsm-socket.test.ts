import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'cborg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { equalBytes } from '../../../src/core/bytes.ts'
import type { NsmService } from '../../../src/simulator/nsm/nsm-connection.ts'
import type { NsmSocket, NsmSocketLimits } from '../../../src/simulator/nsm/nsm-socket.ts'
import { openNsmSocket } from '../../../src/simulator/nsm/nsm-socket.ts'
import { startEnclave } from '../../../src/simulator/nsm/simulated-enclave.ts'
import { decodeResponse, makeHost } from './an-enclave-host.ts'

let folder: string
let path: string
const opened: NsmSocket[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nsm-'))
  path = join(folder, 'nsm.sock')
})
afterEach(async () => {
  for (const socket of opened.splice(0)) await socket.close(100)
  rmSync(folder, { recursive: true })
})

/** A module whose answers follow from its questions: it answers what it was asked. */
const ECHO: NsmService = {
  respond: (request) => request,
  onFault: (error) => {
    throw error
  },
}

async function open(service: NsmService = ECHO, limits?: NsmSocketLimits): Promise<NsmSocket> {
  const socket = await openNsmSocket(path, service, limits)
  opened.push(socket)
  return socket
}

/** A client of the socket. */
async function dial() {
  const socket = connect({ path, allowHalfOpen: true })
  let received = new Uint8Array()
  socket.on('data', (chunk: Buffer) => (received = new Uint8Array(Buffer.concat([received, chunk]))))
  socket.on('error', () => {})
  // A reset is one way for the other end to close.
  const ended = new Promise<Uint8Array>((resolve) => socket.once('close', () => resolve(received)))
  await once(socket, 'connect')
  return {
    socket,
    /** Fulfils with everything received once so many bytes have come. */
    async receive(length: number): Promise<Uint8Array> {
      while (received.length < length) await once(socket, 'data')
      return received
    },
    /** Closes this half, and fulfils with everything received once the other end has closed its own. */
    finish(): Promise<Uint8Array> {
      socket.once('end', () => socket.destroy())
      socket.end()
      return ended
    },
    /** Fulfils with everything received once the other end has closed its half. */
    closed(): Promise<Uint8Array> {
      socket.once('end', () => socket.destroy())
      return ended
    },
  }
}

const REQUESTS = [
  encode('GetRandom'),
  encode({ LockPCR: { index: 16 } }),
  encode({ DescribePCR: { index: 0 } }),
]
const ALL = new Uint8Array(Buffer.concat(REQUESTS))
const INVALID = { Error: 'InvalidOperation' }

describe('requests over a socket', () => {
  it('are answered in turn on one connection, with the bytes of the module and nothing between', async () => {
    await open()
    const client = await dial()
    let expected = 0
    for (const request of REQUESTS) {
      client.socket.write(request)
      expected += request.length
      expect((await client.receive(expected)).length).toBe(expected)
    }
    expect(await client.finish()).toEqual(ALL)
  })

  it('are told apart when they come all at once, or a byte at a time', async () => {
    await open()
    const atOnce = await dial()
    atOnce.socket.write(ALL)
    expect(await atOnce.finish()).toEqual(ALL)
    const slowly = await dial()
    for (const byte of ALL) {
      await new Promise((resolve) => slowly.socket.write(Uint8Array.of(byte), resolve))
      await new Promise(setImmediate)
    }
    expect(await slowly.finish()).toEqual(ALL)
  })

  it('are answered to a client that has closed its half behind its request', async () => {
    await open()
    const client = await dial()
    client.socket.end(ALL)
    expect(await client.closed()).toEqual(ALL)
  })

  it('reach the one module from several connections, each one the state that the last left', async () => {
    const enclave = startEnclave(makeHost())
    await open({ ...ECHO, respond: enclave.respond })
    const ask = async (request: unknown): Promise<unknown> => {
      const client = await dial()
      client.socket.write(encode(request))
      return decodeResponse(await client.finish())
    }
    expect(await ask({ LockPCR: { index: 16 } })).toBe('LockPCR')
    expect(await ask({ LockPCR: { index: 16 } })).toEqual({ Error: 'ReadOnlyIndex' })
    expect(await ask({ Attestation: {} })).toHaveProperty('Attestation.document')
  })

  it('that come by the thousand are answered one and all', async () => {
    await open()
    const client = await dial()
    const many = new Uint8Array(Buffer.concat(Array.from({ length: 2_000 }, () => ALL)))
    client.socket.write(many)
    expect(equalBytes(await client.finish(), many)).toBe(true)
  })
})

describe('what is no request', () => {
  const enclave = startEnclave(makeHost())
  const service = { ...ECHO, respond: enclave.respond }

  it.each([
    ['no CBOR', Uint8Array.of(0xff), INVALID],
    ['CBOR of 17 levels', new Uint8Array(17).fill(0x81), INVALID],
    ['5,000 bytes of tags', new Uint8Array(5_000).fill(0xc1), INVALID],
    ['a request of 4,097 bytes', encode(new Uint8Array(4_094)), { Error: 'InputTooLarge' }],
    ['a string of a mebibyte', encode(new Uint8Array(1_048_576)), { Error: 'InputTooLarge' }],
    ['an array without end', new Uint8Array(8_192).fill(1).with(0, 0x9f), { Error: 'InputTooLarge' }],
  ])('for %s: an answer, and the connection is closed from this side', async (_, bytes, expected) => {
    await open(service)
    const client = await dial()
    client.socket.write(bytes)
    expect(decodeResponse(await client.closed())).toEqual(expected)
  })

  it('for half a request: InvalidOperation once no more will come', async () => {
    await open(service)
    const client = await dial()
    client.socket.write(encode('GetRandom').subarray(0, 5))
    expect(decodeResponse(await client.finish())).toEqual(INVALID)
  })

  it('for a connection without a byte: none', async () => {
    await open(service)
    expect(await (await dial()).finish()).toHaveLength(0)
  })

  it('for a request that is well-formed but unknown: InvalidOperation, and the next one is answered', async () => {
    await open(service)
    const client = await dial()
    client.socket.write(Buffer.concat([encode('Reboot'), encode({ LockPCRs: { range: 0 } })]))
    const bytes = await client.finish()
    expect(decodeResponse(bytes.subarray(0, -9))).toEqual(INVALID)
    expect(decodeResponse(bytes.subarray(-9))).toBe('LockPCRs')
  })
})

describe('the module', () => {
  it('goes on after clients that hang up in the middle', async () => {
    await open()
    for (let round = 0; round < 20; round++) {
      const client = await dial()
      client.socket.write(ALL.subarray(0, 1 + (round % ALL.length)))
      client.socket.destroy()
    }
    const client = await dial()
    client.socket.write(ALL)
    expect(await client.finish()).toEqual(ALL)
  })

  it('answers InternalError where it fails itself, tells of it, and goes on', async () => {
    const faults: unknown[] = []
    const fault = new Error('broken')
    const respond = (): never => {
      throw fault
    }
    await open({ respond, onFault: (error) => faults.push(error) })
    const client = await dial()
    client.socket.write(REQUESTS[0] ?? '')
    expect(decodeResponse(await client.finish())).toEqual({ Error: 'InternalError' })
    expect(faults).toEqual([fault])
  })

  it('closes a connection too many, and keeps the others', async () => {
    await open(ECHO, { connections: 2, idleMilliseconds: 60_000 })
    const clients = [await dial(), await dial()]
    for (const client of clients) {
      client.socket.write(ALL)
      await client.receive(ALL.length)
    }
    expect(await (await dial()).closed()).toHaveLength(0)
    for (const client of clients) expect(await client.finish()).toEqual(ALL)
  })

  it('closes a connection over which nothing comes', async () => {
    await open(ECHO, { connections: 2, idleMilliseconds: 50 })
    const client = await dial()
    client.socket.write(ALL.subarray(0, 3))
    expect(await client.closed()).toHaveLength(0)
  })

  it('stops with clients connected, idle ones and one that does not read', async () => {
    const socket = await open()
    const idle = await dial()
    const deaf = await dial()
    deaf.socket.pause()
    deaf.socket.write(new Uint8Array(Buffer.concat(Array.from({ length: 60_000 }, () => ALL))))
    idle.socket.write(ALL)
    await idle.receive(ALL.length)
    await socket.close(100)
    expect(await idle.closed()).toEqual(ALL)
    deaf.socket.destroy()
  })
})

describe('the file of the socket', () => {
  it('is for its owner only, is told as a URL, and is gone at the end, as is what it was made with', async () => {
    const socket = await open()
    expect(socket.url).toBe(`unix:${path}`)
    expect(lstatSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['nsm.sock'])
    await socket.close(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused where another module answers: SIMULATOR_SOCKET_IN_USE, and that one goes on', async () => {
    await open()
    await expect(open()).rejects.toThrow(expect.objectContaining({ code: 'SIMULATOR_SOCKET_IN_USE' }))
    const client = await dial()
    client.socket.write(ALL)
    expect(await client.finish()).toEqual(ALL)
    expect(readdirSync(folder)).toEqual(['nsm.sock'])
  })

  it('replaces one that a killed process left behind', async () => {
    const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(lstatSync(path).isSocket()).toBe(true)
    await open()
    const client = await dial()
    client.socket.write(ALL)
    expect(await client.finish()).toEqual(ALL)
  })

  it.each([
    ['a file', () => writeFileSync(path, 'precious')],
    ['a directory', () => mkdirSync(path)],
    ['a link', () => symlinkSync(join(folder, 'elsewhere'), path)],
  ])('never takes the place of %s: SIMULATOR_SOCKET_FOREIGN', async (_, make) => {
    make()
    const before = lstatSync(path)
    await expect(open()).rejects.toThrow(expect.objectContaining({ code: 'SIMULATOR_SOCKET_FOREIGN' }))
    expect(lstatSync(path).ino).toBe(before.ino)
  })

  it('leaves alone, at the end, what has taken its place', async () => {
    const socket = await open()
    renameSync(path, join(folder, 'moved'))
    writeFileSync(path, 'precious')
    await socket.close(0)
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  it.each([
    ['SIMULATOR_SOCKET_UNAVAILABLE', () => join(folder, 'nowhere', 'nsm.sock')],
    ['SIMULATOR_SOCKET_PATH_INVALID', () => join(folder, 'x'.repeat(120))],
    ['SIMULATOR_SOCKET_PATH_INVALID', () => join(folder, 'é'.repeat(60))],
  ])('is refused with %s, and nothing is left', async (code, where) => {
    await expect(openNsmSocket(where(), ECHO)).rejects.toThrow(expect.objectContaining({ code }))
    expect(existsSync(where())).toBe(false)
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.getuid?.() === 0)(
    'is refused in a folder that cannot be written (not as root)',
    async () => {
      chmodSync(folder, 0o500)
      await expect(open()).rejects.toThrow(expect.objectContaining({ code: 'SIMULATOR_SOCKET_UNAVAILABLE' }))
      chmodSync(folder, 0o700)
    },
  )
})
