// The part of the AWS SDK for JavaScript v3 that a plug-in touches, written down by structure, so that an enclave does
// not depend on the SDK's packages or on one version of them. `@smithy/types` has the whole.

/** What a middleware hands to the next one. */
interface SdkCall {
  /** The members of the command's input. */
  readonly input: object
  /** The HTTP request; there from the step `build` on. */
  readonly request?: unknown
}

/** What comes back. */
interface SdkResult {
  readonly response: unknown
  /** The members of the command's output; there once the answer is decoded. */
  readonly output?: object
}

/** What a middleware gets to know about the call. */
export interface SdkContext {
  /** Name of the command's class, such as `DecryptCommand`. */
  readonly commandName?: string
}

/** Runs the rest of the call. */
export type SdkHandler = (call: SdkCall) => Promise<SdkResult>

/** One layer around a call. */
export type SdkMiddleware = (next: SdkHandler, context: SdkContext) => SdkHandler

/** Where a middleware is put. */
interface SdkPosition<Step extends string> {
  readonly name: string
  readonly step: Step
  readonly priority: 'high' | 'low'
}

/**
 * The stack of middlewares of a client or command. The SDK types a middleware by the inputs and outputs of its client,
 * which are not known here; hence a type that takes every middleware.
 */
interface SdkMiddlewareStack {
  add(middleware: object, position: SdkPosition<'initialize'>): void
  add(middleware: object, position: SdkPosition<'deserialize'>): void
}

/** What `client.middlewareStack.use` takes. */
export interface SdkPlugin {
  applyToStack(stack: SdkMiddlewareStack): void
}
