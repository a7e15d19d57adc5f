import { StsError } from './errors.ts'

/** The parameters of a request by name, each given once. */
export type Form = ReadonlyMap<string, string>

/** Far above what any action takes: 50 tags and 50 keys are 150 parameters. */
const PARAMETER_LIMIT = 512

/**
 * Reads a body of type `application/x-www-form-urlencoded` (URL Standard §5.1, as the Query protocol of AWS uses it).
 * Throws `MalformedInput`: a parameter given twice means two things to two readers, broken escapes and bytes that are not
 * UTF-8 mean nothing.
 */
export function parseForm(body: Uint8Array): Form {
  const pairs = decodeText(body).split('&')
  if (pairs.length > PARAMETER_LIMIT) throw malformed('The request has too many parameters.')
  const form = new Map<string, string>()
  for (const pair of pairs) {
    if (pair === '') continue
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length
    const name = unescapePart(pair.slice(0, at))
    if (form.has(name)) throw malformed('The request gives a parameter twice.')
    form.set(name, unescapePart(pair.slice(at + 1)))
  }
  return form
}

function decodeText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw malformed('The request is not UTF-8.')
  }
}

function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw malformed('The request has an escape that stands for no character.')
  }
}

function malformed(text: string): StsError {
  return new StsError('MalformedInput', text)
}
