import { join } from 'node:path'
import { readSecretFile, SecretFileError } from '../core/secret-file.ts'
import type { DecisionRecord } from '../decisions/decision-record.ts'
import { explainDecision } from '../decisions/explain.ts'
import { requestAdmin } from './admin-request.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { UsageError } from './command.ts'

interface ExplainFlags {
  readonly admin: string
  readonly data: string
  readonly json?: boolean
}

/** `explain`: prints how a running service decided a request. */
export const addExplain: AddCommand = (parent, { io, run }) => {
  parent
    .command('explain')
    .description('Print how a running service decided a request, and what would have had to match.')
    .argument('<request-id>', 'the x-amzn-RequestId of the answer')
    .option(
      '--admin <url>',
      'admin listener of the service, http://HOST:PORT or unix:PATH',
      'http://127.0.0.1:4600',
    )
    .option(
      '--data <dir>',
      'data directory of the service, which holds the admin token',
      './attested-kms-data',
    )
    .option('--json', 'print the decision record as JSON')
    .action(run((requestId: string, flags: ExplainFlags) => runExplain(requestId, flags, io)))
}

async function runExplain(requestId: string, flags: ExplainFlags, io: CommandIo): Promise<ExitStatus> {
  const path = `/decisions/${encodeURIComponent(requestId)}`
  const answer = await requestAdmin(flags.admin, path, readAdminToken(flags.data))
  if (answer.status === 404) {
    io.warn('attested-kms: the service keeps no decision under this request id')
    return 1
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new UsageError(
      `the service at ${flags.admin} does not take the admin token in ${flags.data}; see --data`,
    )
  }
  const record = answer.status === 200 ? parseRecord(answer.body) : undefined
  if (!record) throw new Error(`what answers at ${flags.admin} is no attested-kms admin listener`)
  io.write(flags.json ? `${JSON.stringify(record)}\n` : explainDecision(record))
  return 0
}

/** `undefined` where there is none: whether a service runs at all is the first thing to be found out. */
function readAdminToken(dataDirectory: string): string | undefined {
  try {
    const token = readSecretFile(join(dataDirectory, 'admin-token'))
    return token && Buffer.from(token).toString('utf8').trim()
  } catch (error) {
    if (error instanceof SecretFileError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}

function parseRecord(body: string): DecisionRecord | undefined {
  try {
    const record: unknown = JSON.parse(body)
    const isRecord =
      typeof record === 'object' && record !== null && 'requestId' in record && 'decisions' in record
    // The service that holds the token made it; of what it is, no more is taken for granted than that it can be shown.
    return isRecord ? (record as DecisionRecord) : undefined
  } catch {
    return undefined
  }
}
