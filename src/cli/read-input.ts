import { open } from 'node:fs/promises'
import { parseBase64 } from '../core/base64.ts'
import { parseHex } from '../core/bytes.ts'
import type { CommandIo } from './command.ts'
import { UsageError } from './command.ts'

/** How a file holds its bytes. `auto` takes text of hexadecimal digits or base64 for that, and all else as it is. */
export type InputEncoding = 'auto' | 'raw' | 'base64' | 'hex'

/** The values of an `--encoding` option. */
export const INPUT_ENCODINGS: readonly InputEncoding[] = ['auto', 'raw', 'base64', 'hex']

/** No input of any command is larger; a device without end must not be read for ever. */
const LIMIT_BYTES = 1024 * 1024

/**
 * Reads a file, or standard input for `-`, and undoes its encoding. White space between digits and characters does not
 * count. Throws `UsageError` for what cannot be read, is longer than 1 MiB, or is not in the encoding asked for.
 */
export async function readInput(path: string, encoding: InputEncoding, io: CommandIo): Promise<Uint8Array> {
  const name = path === '-' ? 'standard input' : path
  const content = path === '-' ? await io.readStdin() : await readBounded(path)
  if (content.length > LIMIT_BYTES) throw new UsageError(`${name} is longer than ${LIMIT_BYTES} bytes`)
  try {
    return decode(content, encoding)
  } catch (cause) {
    throw new UsageError(`${name} is not in the encoding ${encoding}`, { cause })
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path)
    const content = new Uint8Array(LIMIT_BYTES + 1)
    let length = 0
    while (length < content.length) {
      const { bytesRead } = await file.read(content, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return content.slice(0, length)
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
