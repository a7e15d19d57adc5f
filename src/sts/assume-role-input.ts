import type { PrincipalTag } from '../identity/principal.ts'
import { TAG_LIMITS, TAG_PATTERNS } from '../identity/tag-rules.ts'
import type { TextRule } from './constraint.ts'
import { lengthViolations, nullViolations, numberViolations, textViolations } from './constraint.ts'
import { StsError } from './errors.ts'
import type { Form } from './form.ts'
import { createFormReader } from './form-reader.ts'

/** What `AssumeRole` is asked for. */
export interface AssumeRoleInput {
  readonly roleArn: string
  readonly roleSessionName: string
  /** `undefined`: an hour. */
  readonly durationSeconds: number | undefined
  /** JSON text that nobody has read yet. */
  readonly policy: string | undefined
  readonly tags: readonly PrincipalTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly externalId: string | undefined
  readonly sourceIdentity: string | undefined
  /** Whether the caller names a second factor. */
  readonly withSecondFactor: boolean
}

const NAME_PATTERN = String.raw`[\w+=,.@-]*`

/** AWS STS API Reference, AssumeRole. A session policy has 2,048 characters at most. */
const RULES = {
  roleArn: {
    min: 20,
    max: 2048,
    pattern: String.raw`[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD]+`,
  },
  roleSessionName: { min: 2, max: 64, pattern: NAME_PATTERN },
  policy: { min: 1, max: 2048, pattern: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`, hidden: true },
  externalId: { min: 2, max: 1224, pattern: String.raw`[\w+=,.@:\/-]*` },
  sourceIdentity: { min: 2, max: 64, pattern: NAME_PATTERN },
  tagKey: { min: 1, max: TAG_LIMITS.key, pattern: TAG_PATTERNS.key },
  tagValue: { min: 0, max: TAG_LIMITS.value, pattern: TAG_PATTERNS.value },
} as const satisfies Record<string, TextRule>

const DURATIONS = { min: 900, max: 43_200 } as const

/**
 * Reads the parameters of `AssumeRole`. Throws `ValidationError` that names every constraint not met, and for parameters
 * that are not known: a misspelt `Policy` must not mean none; `MalformedInput` for a duration that is no integer.
 */
export function parseAssumeRole(form: Form): AssumeRoleInput {
  const reader = createFormReader(form, ['Action', 'Version'])
  const roleArn = reader.text('RoleArn')
  const roleSessionName = reader.text('RoleSessionName')
  const duration = reader.text('DurationSeconds')
  const policy = reader.text('Policy')
  const tags = reader.structures('Tags', ['Key', 'Value'])
  const transitiveTagKeys = reader.texts('TransitiveTagKeys')
  const externalId = reader.text('ExternalId')
  const sourceIdentity = reader.text('SourceIdentity')
  const factor = [reader.text('SerialNumber'), reader.text('TokenCode')]
  refuseUnsupported(form)
  reader.refuseOthers('AssumeRole')
  const durationSeconds = toInteger(duration)
  refuseViolations([
    ...nullViolations(roleArn, 'roleArn'),
    ...textViolations(roleArn, 'roleArn', RULES.roleArn),
    ...nullViolations(roleSessionName, 'roleSessionName'),
    ...textViolations(roleSessionName, 'roleSessionName', RULES.roleSessionName),
    ...textViolations(policy, 'policy', RULES.policy),
    ...numberViolations(durationSeconds, 'durationSeconds', DURATIONS),
    ...lengthViolations(tags.length, 'tags', TAG_LIMITS.tags),
    ...tags.flatMap(tagViolations),
    ...lengthViolations(transitiveTagKeys.length, 'transitiveTagKeys', TAG_LIMITS.tags),
    ...transitiveTagKeys.flatMap((key, at) =>
      textViolations(key, `transitiveTagKeys.${at + 1}.member`, RULES.tagKey),
    ),
    ...textViolations(externalId, 'externalId', RULES.externalId),
    ...textViolations(sourceIdentity, 'sourceIdentity', RULES.sourceIdentity),
  ])
  return {
    // Neither is absent: that would have been a violation.
    roleArn: roleArn ?? '',
    roleSessionName: roleSessionName ?? '',
    durationSeconds,
    policy,
    tags: tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })),
    transitiveTagKeys,
    externalId,
    sourceIdentity,
    withSecondFactor: factor.some((text) => text !== undefined),
  }
}

function tagViolations(
  { Key, Value }: { readonly [Member in 'Key' | 'Value']?: string },
  at: number,
): readonly string[] {
  const path = `tags.${at + 1}.member`
  return [
    ...nullViolations(Key, `${path}.key`),
    ...textViolations(Key, `${path}.key`, RULES.tagKey),
    ...nullViolations(Value, `${path}.value`),
    ...textViolations(Value, `${path}.value`, RULES.tagValue),
  ]
}

/** Parameters that would narrow a session or vouch for it, and cannot be done justice to. */
const UNSUPPORTED = /^(?:PolicyArns|ProvidedContexts)\./

function refuseUnsupported(form: Form): void {
  const [, name] = /^(\w+)\./.exec([...form.keys()].find((key) => UNSUPPORTED.test(key)) ?? '') ?? []
  if (name === undefined) return
  throw new StsError(
    'ValidationError',
    `${name} is not supported by this service: it has no managed policies and no identity contexts.`,
  )
}

function toInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  throw new StsError('MalformedInput', 'DurationSeconds takes an integer.')
}

function refuseViolations(found: readonly string[]): void {
  if (found.length === 0) return
  const count = found.length === 1 ? '1 validation error' : `${found.length} validation errors`
  throw new StsError('ValidationError', `${count} detected: ${found.join('; ')}`)
}
