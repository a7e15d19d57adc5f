import { createInterface } from 'node:readline'

/** What a verifier is asked. `seconds` is the time of evaluation since 1970, `root` the DER of the trusted root. */
export interface DriverQuestion {
  readonly seconds: number
  readonly root: Uint8Array
  readonly document: Uint8Array
}

/**
 * Answers questions until standard input ends: one a line, `SECONDS ROOT DOCUMENT`, both in hexadecimal digits; one
 * verdict a line, `= VERDICT NANOSECONDS MESSAGE`. `verify` gives null for yes, else why not; what it throws is a no.
 */
export async function serve(
  verify: (question: DriverQuestion) => string | null | Promise<string | null>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [seconds = '', root = '', document = ''] = line.split(' ')
    const question = {
      seconds: Number(seconds),
      root: Buffer.from(root, 'hex'),
      document: Buffer.from(document, 'hex'),
    }
    const startedAt = process.hrtime.bigint()
    const { verdict, message } = await settle(() => verify(question))
    const nanoseconds = process.hrtime.bigint() - startedAt
    process.stdout.write(`= ${verdict} ${nanoseconds} ${message.replaceAll(/\p{C}/gu, ' ').slice(0, 200)}\n`)
  }
}

async function settle(verify: () => string | null | Promise<string | null>) {
  try {
    const refusal = await verify()
    return { verdict: refusal === null ? 'accepted' : 'refused', message: refusal ?? '' }
  } catch (error) {
    // What a trap of WebAssembly throws.
    const trapped = error instanceof Error && error.name === 'RuntimeError'
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { verdict: trapped ? 'crashed' : 'refused', message }
  }
}
