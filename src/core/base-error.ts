/**
 * The base of every room's error: a stable `code` from the room's literal union, for programs to act on, and a
 * message for people. Neither holds a secret, a plaintext or a whole document.
 */
export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
