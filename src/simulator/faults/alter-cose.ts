import type { Alterations, CoseParts } from '../alterations.ts'
import { coseItems } from '../build-document.ts'
import { cborArray } from '../cbor-writer.ts'

/** Positions in the array of a COSE_Sign1 (RFC 9052 §4.2). */
export const COSE_ITEM = { protectedHeader: 0, unprotectedHeader: 1, payload: 2, signature: 3 } as const

/** Writes one item of the COSE array in another way. */
export function setItem(name: keyof typeof COSE_ITEM, encode: (parts: CoseParts) => Uint8Array): Alterations {
  return {
    assemble: (parts) =>
      cborArray(coseItems(parts).map((item, at) => (at === COSE_ITEM[name] ? encode(parts) : item))),
  }
}

/** Sends and signs another protected header, given as the content of its byte string. */
export function setProtectedHeader(protectedHeader: Uint8Array): Alterations {
  return { content: (content) => ({ ...content, protectedHeader }) }
}
