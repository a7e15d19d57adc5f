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
    .argument(
      '[request-id]',
      'the x-amzn-RequestId of the answer; by default the request that was refused last',
    )
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
    .action(run((requestId: string | undefined, flags: ExplainFlags) => runExplain(requestId, flags, io)))
}

/** How many decisions are looked through for the one that was refused last. */
const LATEST = 100

async function runExplain(
  requestId: string | undefined,
  flags: ExplainFlags,
  io: CommandIo,
): Promise<ExitStatus> {
  const path =
    requestId === undefined ? `/decisions?limit=${LATEST}` : `/decisions/${encodeURIComponent(requestId)}`
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
  const records = answer.status === 200 ? parseRecords(answer.body) : undefined
  if (!records) throw new Error(`what answers at ${flags.admin} is no attested-kms admin listener`)
  const record =
    requestId === undefined ? records.find(({ result }) => result.outcome === 'refused') : records[0]
  if (!record) {
    io.warn(`attested-kms: none of the last ${LATEST} requests was refused`)
    return 1
  }
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

/** One record, or the list of the latest, newest first. */
function parseRecords(body: string): readonly DecisionRecord[] | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const list: unknown =
      typeof value === 'object' && value !== null && 'requestId' in value
        ? [value]
        : typeof value === 'object' && value !== null && 'decisions' in value
          ? value.decisions
          : undefined
    if (!Array.isArray(list) || !list.every(isRecord)) return undefined
    return list
  } catch {
    return undefined
  }
}

/** The service that holds the token made it; of what it is, no more is taken for granted than that it can be shown. */
function isRecord(value: unknown): value is DecisionRecord {
  return typeof value === 'object' && value !== null && 'requestId' in value && 'decisions' in value
}
