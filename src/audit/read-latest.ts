import type { FileHandle } from 'node:fs/promises'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../core/json.ts'
import { isJsonObject, parseJson } from '../core/json.ts'
import { isRotatedName, LIVE_NAME } from './file-names.ts'
import { linesFromEnd } from './lines-from-end.ts'

/** Which records are asked for. */
export interface AuditQuery {
  /** How many at most, 1 or more. */
  readonly limit: number
  /** Only that of this request. */
  readonly requestId?: string
  /** Only those of this operation. */
  readonly eventName?: string
}

/** What a page holds at most, in UTF-16 units: records that would go beyond it are left to their files. */
const PAGE_CHARACTERS = 8 * 1024 * 1024

/**
 * The latest records that a query asks for, newest first, read from the ends of the files in a directory; files that were
 * taken away are not missed. Lines that are no JSON objects, such as one that a crash damaged, are passed over.
 * Holds one page and little more in memory. Rejects with what the file system rejects with.
 */
export async function readLatest(directory: string, query: AuditQuery): Promise<readonly JsonObject[]> {
  const page: JsonObject[] = []
  let characters = 0
  for await (const line of linesOf(directory)) {
    const record = matching(line, query)
    if (!record) continue
    characters += line.length
    if (page.length > 0 && characters > PAGE_CHARACTERS) break
    page.push(record)
    if (page.length >= query.limit) break
  }
  return page
}

/** A text that is not in the line is not in its record, so most lines need not be parsed. */
function matching(line: string, { requestId, eventName }: AuditQuery): JsonObject | undefined {
  const wanted = Object.entries({ requestID: requestId, eventName })
  if (wanted.some(([, value]) => value !== undefined && !line.includes(value))) return undefined
  const record = parseRecord(line)
  return wanted.every(([member, value]) => value === undefined || record?.[member] === value)
    ? record
    : undefined
}

function parseRecord(line: string): JsonObject | undefined {
  try {
    const value = parseJson(line)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function* linesOf(directory: string): AsyncGenerator<string> {
  // Opened before the others are listed: should it be put aside meanwhile, it is found twice, and passed over once.
  await using live = await openIfThere(join(directory, LIVE_NAME))
  const rotated = (await readdir(directory)).filter(isRotatedName).sort().toReversed()
  const liveInode = live && (await live.stat()).ino
  if (live) yield* linesFromEnd(live, (await live.stat()).size)
  for (const name of rotated) {
    await using file = await openIfThere(join(directory, name))
    if (!file) continue
    const { ino, size } = await file.stat()
    if (ino !== liveInode) yield* linesFromEnd(file, size)
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
