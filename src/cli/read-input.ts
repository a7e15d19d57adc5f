import { open } from 'node:fs/promises'
import { parseBase64 } from '../core/base64.ts'
import { concatBytes, parseHex } from '../core/bytes.ts'
import type { CommandIo } from './command.ts'
import { UsageError } from './command.ts'

/** How a file holds its bytes. `auto` takes text of hexadecimal digits or base64 for that, and all else as it is. */
export type InputEncoding = 'auto' | 'raw' | 'base64' | 'hex'

/** The values of an `--encoding` option. */
export const INPUT_ENCODINGS: readonly InputEncoding[] = ['auto', 'raw', 'base64', 'hex']

/** No document or envelope is larger; a device without end must not be read for ever. */
const LIMIT_BYTES = 1024 * 1024

/**
 * Reads a file, or standard input for `-`, and undoes its encoding. White space between digits and characters does not
 * count. Throws `UsageError` for what cannot be read, is longer than 1 MiB, or is not in the encoding asked for.
 */
export async function readInput(path: string, encoding: InputEncoding, io: CommandIo): Promise<Uint8Array> {
  const content = await readBytes(path, io, LIMIT_BYTES)
  try {
    return decode(content, encoding)
  } catch (cause) {
    throw new UsageError(`${nameOf(path)} is not in the encoding ${encoding}`, { cause })
  }
}

/**
 * Reads a file, or standard input for `-`, as it is. Throws `UsageError` for what cannot be read, or is longer than
 * `limit` bytes.
 */
export async function readBytes(path: string, io: CommandIo, limit: number): Promise<Uint8Array> {
  const content = path === '-' ? await io.readStdin() : await readBounded(path, limit)
  if (content.length > limit) throw new UsageError(`${nameOf(path)} is longer than ${limit} bytes`)
  return content
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path
}

const CHUNK_BYTES = 1024 * 1024

/** Reads a file; one byte more than `limit` where it is longer. Throws `UsageError` for what cannot be read. */
export async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  try {
    await using file = await open(path)
    const chunks: Uint8Array[] = []
    let length = 0
    while (length <= limit) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, limit + 1 - length))
      const { bytesRead } = await file.read(chunk)
      if (bytesRead === 0) break
      chunks.push(chunk.subarray(0, bytesRead))
      length += bytesRead
    }
    return concatBytes(...chunks)
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new UsageError(`${path} cannot be read${reason}`, { cause })
  }
}

function decode(content: Uint8Array, encoding: InputEncoding): Uint8Array {
  if (encoding === 'raw') return content
  const text = Buffer.from(content)
    .toString('latin1')
    .replaceAll(/[ \t\r\n]+/g, '')
  if (encoding === 'hex') return parseHex(text)
  if (encoding === 'base64') return parseBase64(text)
  return text === '' ? content : (tryParse(text, parseHex) ?? tryParse(text, parseBase64) ?? content)
}

function tryParse(text: string, parse: (text: string) => Uint8Array): Uint8Array | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
