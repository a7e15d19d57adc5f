import { createHash } from 'node:crypto'
import type { JsonValue } from '../core/json.ts'
import type { PlacedFinding } from './lint-file.ts'
import { RULES } from './rules.ts'

/** What was found in a file, and how the file is called. */
export interface FileFindings {
  /** A relative reference with forward slashes, or an absolute URI. */
  readonly uri: string
  readonly findings: readonly PlacedFinding[]
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/** Scores that code scanning sorts by, from 0 to 10. */
const SCORES = { error: '8.0', warning: '5.0', note: '2.0' } as const

/** Findings as a log of SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as code scanning reads it. */
export function toSarif(files: readonly FileFindings[]): JsonValue {
  const driver = { name: 'attested-kms policy lint', rules: RULES.map(toDescriptor) }
  const results = files.flatMap(({ uri, findings }) => findings.map((placed) => toResult(uri, placed)))
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
}

function toDescriptor({ id, severity, title, help }: (typeof RULES)[number]): JsonValue {
  return {
    id,
    name: id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: help },
    defaultConfiguration: { level: severity },
    properties: { tags: ['security', 'kms', 'attestation'], 'security-severity': SCORES[severity] },
  }
}

function toResult(uri: string, { finding, policy, region }: PlacedFinding): JsonValue {
  const { rule, severity, message, calls, repair, statement, path } = finding
  const tried = calls.map(
    ({ case: { action, principal }, document }) => `${action} by ${principal.arn} with ${document}`,
  )
  const proof = tried.length === 0 ? '' : ` Gets through: ${tried.join('; then ')}.`
  const print = createHash('sha256').update(
    JSON.stringify([uri, policy, rule, statement?.sid ?? statement?.index ?? null, path]),
  )
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: `${message}${proof} Repair: ${repair.text}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: { ...region } } }],
    partialFingerprints: { 'attestedKmsPolicy/v1': print.digest('hex') },
  }
}
