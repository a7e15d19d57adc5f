import type { Clock } from '../core/clock.ts'
import { CodedError } from '../core/base-error.ts'

/** One thing that happened. No member holds a secret, a body, a document or a token. */
interface LogEvent {
  readonly level: 'info' | 'warn' | 'error'
  /** What happened, such as `request`. */
  readonly event: string
  readonly requestId?: string
  readonly operation?: string | null
  /** ARN of the caller; `null` where nobody was authenticated. */
  readonly caller?: string | null
  /** `OK` or the name of the exception. */
  readonly code?: string
  /** The code of the check that stands behind a refusal. */
  readonly check?: string | null
  /** The verdict on the attestation document: `ACCEPTED` or the code of the check that failed; `null` without one. */
  readonly attestation?: string | null
  /** Why policies or the check of the document refused it, in one line; `explain` tells more. */
  readonly reason?: string
  /** What happened, in words; it repeats nothing that was sent. */
  readonly message?: string
  readonly milliseconds?: number
  readonly warnings?: readonly string[]
  readonly error?: LoggedError
}

/** A fault of the program, without the words of messages that may hold what a caller sent. */
export interface LoggedError {
  readonly name: string
  readonly code: string | null
  /** The message of an error of our own rooms, which holds no secret by rule; else `null`. */
  readonly message: string | null
  /** Where it was thrown: the lines of the stack without the message. */
  readonly frames: readonly string[]
  readonly cause: LoggedError | null
}

/** Takes events and writes each as one line of JSON. */
export interface Log {
  write(event: LogEvent): void
}

/** Where lines go (without their line end), the clock of their times, and what weakens the service, said in each line. */
export interface LogSettings {
  readonly sink: (line: string) => void
  readonly clock: Clock
  readonly unsafe: readonly string[]
}

/** Makes a log. */
export function createLog({ sink, clock, unsafe }: LogSettings): Log {
  const mark = unsafe.length > 0 ? { unsafe } : {}
  return {
    write: (event) => sink(JSON.stringify({ time: clock.now().toISOString(), ...event, ...mark })),
  }
}

/** How many errors behind one another are logged. */
const CAUSE_LIMIT = 4

/** What of a thrown value may stand in a log. */
export function toLoggedError(error: unknown, depth = CAUSE_LIMIT): LoggedError {
  if (!(error instanceof Error))
    return { name: typeof error, code: null, message: null, frames: [], cause: null }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return {
    name: error.name,
    code,
    message: error instanceof CodedError ? error.message : null,
    frames: framesOf(error),
    cause: error.cause === undefined || depth === 0 ? null : toLoggedError(error.cause, depth - 1),
  }
}

/** The stack begins with the message, which may itself have lines that look like frames. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const at = stack.indexOf(message)
  if (at < 0) return []
  const lines = stack.slice(at + message.length).split('\n')
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('at '))
}
