import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

const CHUNK_BYTES = 64 * 1024
const LINE_FEED = 10

/** An open file of lines: its descriptor and its length in bytes. */
export interface LineFile {
  readonly descriptor: number
  readonly size: number
}

/**
 * Makes a file end with a whole line. What stands behind its last line feed, which only a crash or a failed write can
 * have left, is moved to a new file of mode 0600 whose path `pathForRest` answers: nothing is lost, and the next line is
 * not joined to it. Answers the length that the file has now. Throws what the file system throws.
 */
export function setTornLineAside({ descriptor, size }: LineFile, pathForRest: () => string): number {
  const end = endOfWholeLines(descriptor, size)
  if (end === size) return size
  const rest = openSync(pathForRest(), 'wx', 0o600)
  try {
    for (let at = end; at < size; at += CHUNK_BYTES) {
      writeSync(rest, readExactly(descriptor, at, Math.min(CHUNK_BYTES, size - at)))
    }
    fsyncSync(rest)
  } finally {
    closeSync(rest)
  }
  ftruncateSync(descriptor, end)
  return end
}

/** The position behind the last line feed; 0 where there is none. */
function endOfWholeLines(descriptor: number, size: number): number {
  for (let end = size; end > 0; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES)
    const found = readExactly(descriptor, start, end - start).lastIndexOf(LINE_FEED)
    if (found >= 0) return start + found + 1
  }
  return 0
}

function readExactly(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const read = readSync(descriptor, bytes, 0, length, position)
  if (read !== length) throw new RangeError('the file became shorter while it was read')
  return bytes
}
