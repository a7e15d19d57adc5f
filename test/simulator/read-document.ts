import { decode } from 'cborg'

/** A document as a reader that shares nothing with the issuer sees it. */
export interface ReadDocument {
  readonly protectedHeader: Uint8Array
  readonly unprotected: ReadonlyMap<unknown, unknown>
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  readonly fields: ReadonlyMap<string, unknown>
  readonly certificates: readonly Uint8Array[]
  readonly pcrs: ReadonlyMap<number, Uint8Array>
}

/** Reads a document with cborg, which is strict about lengths and repeated keys. */
export function readDocument(document: Uint8Array): ReadDocument {
  const options = { useMaps: true, strict: true, rejectDuplicateMapKeys: true }
  const [protectedHeader, unprotected, payload, signature] = decode(document, options)
  const fields = decode(payload, options)
  return {
    protectedHeader,
    unprotected,
    payload,
    signature,
    fields,
    certificates: [...fields.get('cabundle'), fields.get('certificate')],
    pcrs: fields.get('pcrs') ?? fields.get('nitrotpm_pcrs'),
  }
}
