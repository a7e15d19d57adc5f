import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 64 * 1024
const LINE_FEED = 10

/** Longer lines, which this program does not write, are passed over, so that memory stays bounded. */
const LINE_LIMIT_BYTES = 4 * 1024 * 1024

/**
 * The lines of the first `size` bytes of a file, last one first, without their line feeds, read piece by piece from the
 * end. Lines of over 4 MiB are left out, and so are empty ones. Rejects with what the file system rejects with.
 */
export async function* linesFromEnd(file: FileHandle, size: number): AsyncGenerator<string> {
  /** The end of the line that the next piece ends in; `null` once it is too long. */
  let rest: Buffer | null = Buffer.alloc(0)
  for (let end = size; end > 0; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES)
    const piece = await readPiece(file, start, end - start)
    let lineEnd = piece.length
    for (let at = lastLineFeed(piece, lineEnd); at >= 0; at = lastLineFeed(piece, at)) {
      const line = joined(piece.subarray(at + 1, lineEnd), rest)
      if (line !== null && line.length > 0) yield line.toString()
      rest = Buffer.alloc(0)
      lineEnd = at
    }
    rest = joined(piece.subarray(0, lineEnd), rest)
  }
  if (rest !== null && rest.length > 0) yield rest.toString()
}

/** The last line feed in front of a position; -1 where there is none. */
function lastLineFeed(piece: Buffer, before: number): number {
  return before === 0 ? -1 : piece.lastIndexOf(LINE_FEED, before - 1)
}

function joined(piece: Buffer, rest: Buffer | null): Buffer | null {
  if (rest === null || piece.length + rest.length > LINE_LIMIT_BYTES) return null
  return Buffer.concat([piece, rest])
}

async function readPiece(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
