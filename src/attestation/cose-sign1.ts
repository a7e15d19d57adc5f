import { concatBytes, utf8 } from '../core/bytes.ts'
import type { CborPair } from './cbor.ts'
import { readPairs, readScalar } from './cbor.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import type { CborItem } from './cbor-walk.ts'
import { walkCbor } from './cbor-walk.ts'
import {
  COSE_ES384,
  COSE_HEADER_ALG,
  COSE_HEADER_CRIT,
  COSE_SIGNATURE_BYTES,
  P384_FIELD_BYTES,
  PAYLOAD_LIMIT_BYTES,
} from './constants.ts'
import { isSignatureInRange } from './ecdsa-signature.ts'
import { AttestationError } from './errors.ts'

/** A COSE_Sign1 structure (RFC 9052 §4.2) whose signature has not been verified yet. */
export interface CoseSign1 {
  readonly payload: Uint8Array
  /** r and s, 48 bytes each. */
  readonly signature: Uint8Array
  /** What the signature is over: the Sig_structure of RFC 9052 §4.4, put together from the bytes as received. */
  readonly signedBytes: Uint8Array
}

/** `["Signature1", …`: an array of four, and its first item (RFC 9052 §4.4). */
const SIG_STRUCTURE_START = concatBytes(Uint8Array.of(0x84, 0x6a), utf8('Signature1'))

/** An empty byte string, in the place of external_aad. */
const NO_EXTERNAL_AAD = Uint8Array.of(0x40)

/**
 * Reads a COSE_Sign1 structure, with or without its tag. Throws `AttestationError` with the `CBOR_…` codes for the input
 * and the protected header, and the `COSE_…` codes except `COSE_SIGNATURE_INVALID`.
 */
export function parseCoseSign1(input: Uint8Array): CoseSign1 {
  const elements = readElements(input)
  const { protectedHeader, unprotectedHeader, payload, signature } = elements
  const contentOf = (item: CborItem): Uint8Array => input.subarray(item.contentStart, item.end)
  const encodingOf = (item: CborItem): Uint8Array => input.subarray(item.start, item.end)
  checkAlgorithm(contentOf(protectedHeader))
  if (unprotectedHeader.items.length > 0) {
    throw new AttestationError('COSE_UNPROTECTED_NOT_EMPTY', 'the unprotected header is not empty')
  }
  const payloadBytes = contentOf(payload)
  if (payloadBytes.length === 0 || payloadBytes.length > PAYLOAD_LIMIT_BYTES) {
    throw new AttestationError('COSE_PAYLOAD_SIZE_INVALID', `the payload has ${payloadBytes.length} bytes`)
  }
  return {
    payload: payloadBytes,
    signature: checkSignatureForm(contentOf(signature)),
    // Strings have definite, shortest lengths, so these slices are what the signer encoded into the Sig_structure.
    signedBytes: concatBytes(
      SIG_STRUCTURE_START,
      encodingOf(protectedHeader),
      NO_EXTERNAL_AAD,
      encodingOf(payload),
    ),
  }
}

interface CoseElements {
  readonly protectedHeader: CborItem
  readonly unprotectedHeader: CborItem
  readonly payload: CborItem
  readonly signature: CborItem
}

/** RFC 9052 §4.2; a detached payload is null and therefore no byte string. */
function readElements(input: Uint8Array): CoseElements {
  const outer = walkCbor(input, { allowTag: true })
  const [protectedHeader, unprotectedHeader, payload, signature] = outer.items
  const types = outer.items.map((item) => item.major).join()
  const isArray = outer.major === CBOR_MAJOR.array && !outer.indefinite
  if (!isArray || types !== COSE_TYPES || !protectedHeader || !unprotectedHeader || !payload || !signature) {
    throw new AttestationError(
      'COSE_STRUCTURE_INVALID',
      'the input is no array of byte string, map, byte string and byte string',
    )
  }
  return { protectedHeader, unprotectedHeader, payload, signature }
}

const COSE_TYPES = [CBOR_MAJOR.bytes, CBOR_MAJOR.map, CBOR_MAJOR.bytes, CBOR_MAJOR.bytes].join()

/** RFC 9052 §3: an empty byte string stands for an empty map; labels are integers or text. */
function readProtectedHeader(bytes: Uint8Array): readonly CborPair[] {
  const pairs = bytes.length === 0 ? [] : readPairs(walkCbor(bytes))
  if (!pairs?.every(([label]) => LABEL_TYPES.has(label.major))) {
    throw new AttestationError('COSE_PROTECTED_INVALID', 'the protected header is no map of labels')
  }
  return pairs
}

const LABEL_TYPES: ReadonlySet<number> = new Set([CBOR_MAJOR.unsigned, CBOR_MAJOR.negative, CBOR_MAJOR.text])

/** One algorithm and no negotiation: only what is signed may name it. */
function checkAlgorithm(header: Uint8Array): void {
  const pairs = readProtectedHeader(header)
  // A number below 24 is the first byte of its encoding (RFC 8949 §3.1), and labels are in their shortest form.
  const find = (label: number): CborItem | undefined =>
    pairs.find(([{ start }]) => header[start] === label)?.[1]
  if (find(COSE_HEADER_CRIT)) {
    throw new AttestationError('COSE_CRITICAL_UNSUPPORTED', 'the protected header has critical labels')
  }
  const algorithm = find(COSE_HEADER_ALG)
  if (!algorithm) {
    throw new AttestationError('COSE_ALGORITHM_MISSING', 'the protected header names no algorithm')
  }
  if (readScalar(header, algorithm) !== COSE_ES384) {
    throw new AttestationError('COSE_ALGORITHM_UNSUPPORTED', 'the algorithm is not ES384')
  }
}

function checkSignatureForm(signature: Uint8Array): Uint8Array {
  if (signature.length !== COSE_SIGNATURE_BYTES) {
    throw new AttestationError('COSE_SIGNATURE_LENGTH_INVALID', `the signature has ${signature.length} bytes`)
  }
  const [r, s] = [signature.subarray(0, P384_FIELD_BYTES), signature.subarray(P384_FIELD_BYTES)]
  if (!isSignatureInRange(r, s)) {
    throw new AttestationError('COSE_SIGNATURE_RANGE_INVALID', 'r or s is no number from 1 to n - 1')
  }
  return signature
}
