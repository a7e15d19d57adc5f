import { randomFillSync, randomUUID } from 'node:crypto'

/** Where randomness comes from. Always an argument. */
export interface Random {
  /** `length` fresh random bytes, 0 or more. */
  bytes(length: number): Uint8Array
  /** A random UUID (RFC 9562 version 4), lower case. */
  uuid(): string
}

/** The operating system's generator, as `node:crypto` hands it on. */
export const systemRandom: Random = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  uuid: () => randomUUID(),
}
