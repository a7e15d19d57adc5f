import { bigEndian } from './big-endian.ts'
import { concatBytes, toHex } from '../core/bytes.ts'
import type { Derive } from './derive.ts'

/** The two kinds of environment that Nitro attests. */
export type DocumentKind = 'nitro-enclave' | 'nitrotpm'

/** What attests: an enclave on an instance, or the instance itself. */
export interface AttestedModule {
  /** `<instance id>-enc<16 hex>` or `<instance id>-tpm0000000000000000`. */
  readonly moduleId: string
  /** The eight bytes at the end of the module id; the leaf's serial number begins with them. */
  readonly number: Uint8Array
}

/**
 * Names a module. An enclave's number is the time of its start, 48 bits of milliseconds since 1970, and 16 bits more;
 * NitroTPM's is zero.
 */
export function nameModule(
  derive: Derive,
  kind: DocumentKind,
  { instanceId, startedAt }: { readonly instanceId: string; readonly startedAt: Date },
): AttestedModule {
  if (kind === 'nitrotpm')
    return { moduleId: `${instanceId}-tpm${'0'.repeat(16)}`, number: new Uint8Array(8) }
  const start = bigEndian(BigInt(startedAt.getTime()), 6)
  const number = concatBytes(start, derive(2, 'enclave number', instanceId, toHex(start)))
  return { moduleId: `${instanceId}-enc${toHex(number)}`, number }
}

/** The instance of a lab that is not told another one. */
export function defaultInstanceId(derive: Derive): string {
  return `i-0${toHex(derive(8, 'instance id'))}`
}
