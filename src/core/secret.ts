import { inspect } from 'node:util'

/**
 * Bytes that must not get out by accident: not printed, not serialised, and not of a type that an answer can hold.
 * `reveal` is called only where the bytes are used; the architecture test lists the files that may.
 */
export class Secret {
  readonly #bytes: Uint8Array

  /** Takes the bytes over: the caller keeps no copy. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Length in bytes. */
  get length(): number {
    return this.#bytes.length
  }

  /** The bytes themselves, not a copy. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  /** Overwrites the bytes with zeros. */
  wipe(): void {
    this.#bytes.fill(0)
  }

  toJSON(): never {
    throw new TypeError('a secret cannot be serialised')
  }

  toString(): string {
    return 'Secret {}'
  }

  [inspect.custom](): string {
    return 'Secret {}'
  }
}
