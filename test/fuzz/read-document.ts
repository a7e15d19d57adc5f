import { decode } from 'cborg'

/** What an independent reader finds in an input. */
export interface ReadDocument {
  readonly protectedHeader: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  readonly kind: 'nitro-enclave' | 'nitrotpm'
  readonly moduleId: string
  readonly timestamp: number
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  /** Root first, leaf last. */
  readonly certificates: readonly Uint8Array[]
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
}

/** As strict as cborg can be told to be, with containers of indefinite length. */
const STRICT = {
  strict: true,
  allowIndefinite: true,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
}

/** A fault of a document, in words. */
export class Fault extends Error {}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Fault(what)
}

/** Reads a document with cborg, and holds it to what AWS says about its fields. Throws `Fault`. */
export function readDocument(input: Uint8Array): ReadDocument {
  demand(input.length > 0 && input.length <= 16_640, 'the input has a permitted length')
  const outer = read(input[0] === 0xd2 ? input.subarray(1) : input)
  demand(Array.isArray(outer) && outer.length === 4, 'the input is an array of four')
  const [protectedHeader, unprotected, payload, signature]: unknown[] = outer
  demand(unprotected instanceof Map && unprotected.size === 0, 'the unprotected header is empty')
  demand(isBytes(protectedHeader, 0, 16_384), 'the protected header is a byte string')
  demand(
    isBytes(payload, 1, 16_384) && isBytes(signature, 96, 96),
    'payload and signature have their lengths',
  )
  const header = read(protectedHeader)
  demand(header instanceof Map && header.get(1) === -35 && !header.has(2), 'the algorithm is ES384')
  return { protectedHeader, payload, signature, ...readFields(read(payload)) }
}

function read(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, STRICT)
  } catch (cause) {
    throw new Fault('cborg cannot read it', { cause })
  }
}

function readFields(fields: unknown): Omit<ReadDocument, 'protectedHeader' | 'payload' | 'signature'> {
  demand(
    fields instanceof Map && Array.from(fields.keys()).every((key) => typeof key === 'string'),
    'the payload has names',
  )
  const get = (name: string): unknown => fields.get(name)
  demand(fields.has('pcrs') !== fields.has('nitrotpm_pcrs'), 'there is one PCR map')
  const [moduleId, timestamp, bundle, leaf]: unknown[] = [
    'module_id',
    'timestamp',
    'cabundle',
    'certificate',
  ].map(get)
  demand(typeof moduleId === 'string' && /^[!-~]{1,256}$/.test(moduleId), 'the module id is printable')
  demand(get('digest') === 'SHA384', 'the digest is SHA384')
  demand(
    typeof timestamp === 'number' && timestamp > 0 && Number.isSafeInteger(timestamp),
    'the timestamp is a time',
  )
  const certificates: readonly unknown[] = Array.isArray(bundle) ? [...bundle, leaf] : []
  demand(
    certificates.length >= 2 && certificates.length <= 9,
    'there are as many certificates as there may be',
  )
  demand(
    certificates.every((one): one is Uint8Array => isBytes(one, 1, 1024)),
    'certificates have their lengths',
  )
  return {
    kind: fields.has('pcrs') ? 'nitro-enclave' : 'nitrotpm',
    moduleId,
    timestamp,
    pcrs: readPcrs(get('pcrs') ?? get('nitrotpm_pcrs')),
    certificates,
    publicKey: readOptional(get('public_key')),
    userData: readOptional(get('user_data')),
    nonce: readOptional(get('nonce')),
  }
}

function readPcrs(map: unknown): ReadonlyMap<number, Uint8Array> {
  demand(map instanceof Map && map.size >= 1 && map.size <= 32, 'there are as many PCRs as there may be')
  const entries: readonly (readonly unknown[])[] = Array.from(map)
  return new Map(
    entries.map(([index, value]) => {
      demand(typeof index === 'number' && index >= 0 && index <= 31, 'PCRs have their numbers')
      demand(isBytes(value, 48, 48), 'PCRs have their lengths')
      return [index, value]
    }),
  )
}

function readOptional(value: unknown): Uint8Array | null {
  demand(
    value === undefined || value === null || isBytes(value, 0, 1024),
    'optional fields have their lengths',
  )
  return value ?? null
}

const isBytes = (value: unknown, least: number, most: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length >= least && value.length <= most
