import type { ChildProcessByStdio } from 'node:child_process'
import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { Command } from './peer.ts'

/** What a verifier is asked. */
export interface DriverQuestion {
  readonly at: Date
  /** DER of the trusted root; verifiers with a built-in one do not look at it. */
  readonly root: Uint8Array
  readonly document: Uint8Array
}

/** A verdict, and the time that the verifier took for it. `crashed` is a panic, a trap, an early end or no answer. */
export interface Answer {
  readonly verdict: 'accepted' | 'refused' | 'crashed'
  readonly microseconds: number
  readonly message: string
}

/** How long a verifier may take for a document before it counts as crashed. */
const ANSWER_LIMIT_MILLISECONDS = 20_000
const ANSWER = /^= (accepted|refused|crashed) (\d+) ?(.*)$/

/** A verifier in a process of its own, which is started when it is asked, and again after a crash. */
export class Driver implements Disposable {
  readonly #command: Command
  #child: ChildProcessByStdio<Writable, Readable, null> | null = null
  #settle: ((answer: Answer) => void) | null = null

  constructor(command: Command) {
    this.#command = command
  }

  /** Asks one question; the one before has to be answered. */
  async ask({ at, root, document }: DriverQuestion): Promise<Answer> {
    const child = this.#start()
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#settle = resolve
    const limit = setTimeout(() => {
      resolve(crash('no answer in time'))
      child.kill('SIGKILL')
    }, ANSWER_LIMIT_MILLISECONDS)
    child.stdin.write(`${Math.floor(at.getTime() / 1000)} ${hex(root)} ${hex(document)}\n`)
    const answer = await promise
    clearTimeout(limit)
    return answer
  }

  [Symbol.dispose](): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
  }

  #start(): ChildProcessByStdio<Writable, Readable, null> {
    if (this.#child) return this.#child
    const { program, args, env } = this.#command
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child = child
    const end = (why: string): void => {
      if (this.#child === child) this.#child = null
      this.#settle?.(crash(why))
    }
    child.once('error', ({ message }) => end(message))
    child.once('exit', (status, signal) => end(`its process ended with ${signal ?? status}`))
    child.stdin.on('error', () => {})
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = parseAnswer(line)
      if (answer) this.#settle?.(answer)
    })
    return child
  }
}

function parseAnswer(line: string): Answer | null {
  const [, verdict, nanoseconds, message = ''] = ANSWER.exec(line) ?? []
  if (verdict !== 'accepted' && verdict !== 'refused' && verdict !== 'crashed') return null
  return { verdict, microseconds: Number(nanoseconds) / 1000, message }
}

function crash(message: string): Answer {
  return { verdict: 'crashed', microseconds: 0, message }
}
