import type { Page, PageRequest } from './key-store.ts'
import type { Parameters, Row } from './sqlite-database.ts'

/**
 * A page as the parameters `after` and `limit` of a statement, whose limit is one row more than the page has, to see
 * whether there are more. The empty text comes before every key id and name.
 */
export function toPageParameters({ after, limit }: PageRequest): Parameters {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError('a page has at least one item')
  return { after: after ?? '', limit: limit + 1 }
}

/** The rows of such a statement as a page. */
export function readPage<Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  read: (row: Row) => Item,
): Page<Item> {
  return { items: rows.slice(0, limit).map(read), truncated: rows.length > limit }
}
