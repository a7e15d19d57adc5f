import type { JsonObject } from '../../src/core/json.ts'
import { isJsonObject, parseJson } from '../../src/core/json.ts'
import { openConnection } from './connection.ts'
import type { RequestToSign } from './signed-request.ts'
import { signRequest } from './signed-request.ts'

/** A KMS under load: ours or another. */
export interface Target {
  readonly name: string
  readonly host: string
  readonly port: number
  /** The process whose processor time is counted. */
  readonly pid: number
}

/** A call that was not answered with status 200. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
}

/** Makes one signed call outside of any measurement, and answers its body. Rejects with `CallRefused`. */
export async function call(
  target: Target,
  operation: string,
  body: JsonObject,
  options: Pick<RequestToSign, 'forged'> = {},
): Promise<JsonObject> {
  const { status, text } = await send(
    target,
    signRequest({ host: hostOf(target), operation, body, ...options }),
  )
  if (status !== 200) throw new CallRefused(`${target.name}: ${operation}: ${status} ${text.slice(0, 300)}`)
  const answer = parseJson(text)
  return isJsonObject(answer) ? answer : {}
}

/** The value of the `Host` header. */
export function hostOf({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return `${host}:${port}`
}

async function send(target: Target, request: Uint8Array): Promise<{ status: number; text: string }> {
  const connection = await openConnection(target)
  try {
    const { status, body } = await connection.ask(request)
    return { status, text: body.toString() }
  } finally {
    connection.close()
  }
}
