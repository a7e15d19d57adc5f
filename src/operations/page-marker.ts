import { encodeBase64, parseBase64 } from '../core/base64.ts'
import { utf8 } from '../core/bytes.ts'
import type { Page, PageRequest } from '../store/key-store.ts'
import type { AnswerBody } from './answer-body.ts'
import { KmsError } from './errors.ts'

/** The lists that come in pages. */
export type PagedList = 'ListAliases' | 'ListGrants' | 'ListKeys' | 'ListRetirableGrants'

/** Layout of what a marker holds: version, list, and the name of the last item of the page before. */
const MARKER = /^1 ([A-Za-z]+) (\S+)$/

/**
 * The page that a request asks for. Throws `InvalidMarkerException` for a marker that no page of this list ended with.
 * A marker says no more than where to go on in what the caller may list anyway, so it carries no seal.
 */
export function pageRequest(list: PagedList, limit: number, marker: string | undefined): PageRequest {
  if (marker === undefined) return { after: null, limit }
  const [, markedList, after] = MARKER.exec(decode(marker)) ?? []
  if (markedList !== list || after === undefined) throw invalidMarker()
  return { after, limit }
}

/** The members that end a page; `nameOf` gives the name by which the list is ordered. */
export function pageMembers<Item>(
  list: PagedList,
  page: Page<Item>,
  nameOf: (item: Item) => string,
): AnswerBody {
  const last = page.items.at(-1)
  if (!page.truncated || last === undefined) return { Truncated: false }
  return { NextMarker: encodeBase64(utf8(`1 ${list} ${nameOf(last)}`)), Truncated: true }
}

/** The refusal of a marker that was not handed out. */
export function invalidMarker(cause?: unknown): KmsError {
  return new KmsError('InvalidMarkerException', 'The marker is not valid.', { cause })
}

function decode(marker: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(parseBase64(marker))
  } catch (cause) {
    throw invalidMarker(cause)
  }
}
