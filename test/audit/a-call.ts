import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditFacts } from '../../src/audit/audit-facts.ts'

export const KEY = 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

/** A call by Alice, who is the caller in the samples of AWS. */
export function makeFacts(changes: Partial<AuditFacts> = {}): AuditFacts {
  return {
    service: 'kms',
    operation: 'Decrypt',
    requestId: 'b4a65126-30d5-4b28-98b9-9153da559963',
    caller: {
      kind: 'user',
      arn: 'arn:aws:iam::111122223333:user/Alice',
      accountId: '111122223333',
      userId: 'AIDAALICE',
      accessKeyId: 'AKIAALICE',
    },
    region: 'us-west-2',
    sourceAddress: '192.0.2.0',
    userAgent: 'aws-sdk-js/3',
    refusal: null,
    requestParameters: null,
    responseElements: null,
    additionalEventData: null,
    resources: [],
    ...changes,
  }
}

/** A folder that a trail can be opened in, as `path`, and the means to remove it. */
export function makeFolder(): { readonly path: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'audit-trail-'))
  return { path: join(folder, 'audit'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Every line of every file in a trail's directory, in the order of their names as `ls` sorts them. */
export function readLines(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(directory, name), 'utf8')
      if (text !== '' && !text.endsWith('\n')) throw new Error(`${name} ends in the middle of a line`)
      return text.split('\n').slice(0, -1)
    })
}

/** What a record is, as a test looks into it. */
export interface ReadRecord {
  readonly [member: string]: unknown
  readonly eventName: string
  readonly requestID: string
  readonly requestParameters: Readonly<Record<string, unknown>> | null
  readonly responseElements: Readonly<Record<string, unknown>> | null
  readonly additionalEventData?: Readonly<Record<string, unknown>>
}

/** The records of a trail, oldest first. */
export function readRecords(directory: string): readonly ReadRecord[] {
  return readLines(directory).map((line) => JSON.parse(line) as ReadRecord)
}
