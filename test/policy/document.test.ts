import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namedPrincipals, parsePolicy, readStoredPolicy } from '../../src/policy/document.ts'
import { PolicyError } from '../../src/policy/errors.ts'
import type { PolicyKind } from '../../src/policy/statement.ts'

const ROOT = 'arn:aws:iam::111122223333:root'

/** A good statement of a key policy with some members changed; `undefined` takes one out. */
function statement(changes: object = {}): object {
  return { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*', ...changes }
}

function policy(changes: object, top: object = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement(changes)], ...top })
}

/** The error that a policy gives, as `code: message`; `none` if it is taken. */
function errorOf(text: string, kind: PolicyKind = 'key'): string {
  try {
    parsePolicy(text, kind)
    return 'none'
  } catch (error) {
    return error instanceof PolicyError
      ? `${error.code}: ${error.message}`
      : `another error: ${String(error)}`
  }
}

const condition = (operator: string, key: string, value: unknown): object => ({
  Condition: { [operator]: { [key]: value } },
})

describe('parsePolicy refuses', () => {
  it.each([
    ['a text over 32,768 bytes', `${' '.repeat(32_768)}{}`, 'POLICY_TOO_LARGE'],
    ['a text over 32,768 bytes in fewer characters', policy({ Sid: 'é'.repeat(16_400) }), 'POLICY_TOO_LARGE'],
    ['no JSON', 'Version: 2012-10-17', 'POLICY_NOT_JSON'],
    ['a member given twice', '{"Statement":[],"Statement":[]}', 'POLICY_NOT_JSON'],
    ['a list', '[]', 'POLICY_NOT_OBJECT'],
    ['an unknown top element', policy({}, { Statements: [] }), 'POLICY_ELEMENT_UNKNOWN'],
    ['an element in another case', policy({ action: 'kms:*' }), 'POLICY_ELEMENT_UNKNOWN'],
    ['another version', policy({}, { Version: '2012-10-18' }), 'POLICY_VERSION_INVALID'],
    ['a null version', policy({}, { Version: null }), 'POLICY_VERSION_INVALID'],
    ['an Id that is no text', policy({}, { Id: 1 }), 'POLICY_ID_INVALID'],
    ['no statement', '{"Version":"2012-10-17"}', 'POLICY_STATEMENTS_MISSING'],
    ['an empty statement list', policy({}, { Statement: [] }), 'POLICY_STATEMENTS_MISSING'],
    ['a statement that is a text', policy({}, { Statement: 'Allow' }), 'POLICY_STATEMENT_INVALID'],
    ['a Sid that is a number', policy({ Sid: 1 }), 'POLICY_SID_TYPE'],
    [
      'a Sid given twice',
      policy({}, { Statement: [statement({ Sid: 'a' }), statement({ Sid: 'a' })] }),
      'POLICY_SID_REPEATED',
    ],
    ['no effect', policy({ Effect: undefined }), 'POLICY_EFFECT_INVALID'],
    ['an effect in another case', policy({ Effect: 'allow' }), 'POLICY_EFFECT_INVALID'],
    ['no principal', policy({ Principal: undefined }), 'POLICY_PRINCIPAL_MISSING'],
    ['a principal that is a bare ARN', policy({ Principal: ROOT }), 'POLICY_PRINCIPAL_INVALID'],
    ['a principal of nobody', policy({ Principal: {} }), 'POLICY_PRINCIPAL_INVALID'],
    ['an empty list of principals', policy({ Principal: { AWS: [] } }), 'POLICY_LIST_INVALID'],
    ['an empty list of actions', policy({ Action: [] }), 'POLICY_LIST_INVALID'],
    [
      'an empty list of excepted actions',
      policy({ Action: undefined, NotAction: [] }),
      'POLICY_LIST_INVALID',
    ],
    ['an empty list of resources', policy({ Resource: [] }), 'POLICY_LIST_INVALID'],
    ['an unknown kind of principal', policy({ Principal: { Aws: ROOT } }), 'POLICY_PRINCIPAL_INVALID'],
    [
      'a group',
      policy({ Principal: { AWS: 'arn:aws:iam::111122223333:group/g' } }),
      'POLICY_PRINCIPAL_INVALID',
    ],
    [
      'an unknown partition',
      policy({ Principal: { AWS: ROOT.replace('aws', 'awz') } }),
      'POLICY_PRINCIPAL_INVALID',
    ],
    ['a unique id', policy({ Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } }), 'POLICY_PRINCIPAL_INVALID'],
    ['a service that is a star', policy({ Principal: { Service: '*' } }), 'POLICY_PRINCIPAL_INVALID'],
    ['a number as principal', policy({ Principal: { AWS: 111122223333 } }), 'POLICY_LIST_INVALID'],
    [
      'NotPrincipal in an allow',
      policy({ Principal: undefined, NotPrincipal: { AWS: ROOT } }),
      'POLICY_NOT_PRINCIPAL_IN_ALLOW',
    ],
    [
      'Principal and NotPrincipal',
      policy({ Effect: 'Deny', NotPrincipal: { AWS: ROOT } }),
      'POLICY_ELEMENTS_CONFLICT',
    ],
    ['a star as identity provider', policy({ Principal: { Federated: '*' } }), 'POLICY_PRINCIPAL_INVALID'],
    ['Action and NotAction', policy({ NotAction: 'kms:*' }), 'POLICY_ELEMENTS_CONFLICT'],
    ['a list with a number', policy({ Action: ['kms:*', 1] }), 'POLICY_LIST_INVALID'],
    ['an action without a service', policy({ Action: 'Decrypt' }), 'POLICY_ACTION_INVALID'],
    ['an action of no name', policy({ Action: 'kms:' }), 'POLICY_ACTION_INVALID'],
    ['a star as service', policy({ Action: '*:*' }), 'POLICY_ACTION_INVALID'],
    ['the Kelvin sign for a k', policy({ Action: '\u212Ams:*' }), 'POLICY_ACTION_INVALID'],
    ['a resource that is no ARN', policy({ Resource: 'key/*' }), 'POLICY_RESOURCE_INVALID'],
    [
      'a resource with a wildcard for its service',
      policy({ Resource: 'arn:aws:k*:*' }),
      'POLICY_RESOURCE_INVALID',
    ],
    ['a condition that is a list', policy({ Condition: [] }), 'POLICY_CONDITION_INVALID'],
    ['an operator without keys', policy({ Condition: { Bool: 'true' } }), 'POLICY_CONDITION_INVALID'],
    ['an unknown operator', policy(condition('StringEqual', 'kms:x', 'a')), 'POLICY_OPERATOR_UNKNOWN'],
    [
      'an operator in another case',
      policy(condition('stringEquals', 'kms:x', 'a')),
      'POLICY_OPERATOR_UNKNOWN',
    ],
    [
      'an operator of odd characters',
      policy(condition('String Equals\n', 'kms:x', 'a')),
      'POLICY_OPERATOR_UNKNOWN',
    ],
    [
      'an unknown set operator',
      policy(condition('ForSome:Bool', 'kms:x', 'true')),
      'POLICY_OPERATOR_UNKNOWN',
    ],
    ['Null with IfExists', policy(condition('NullIfExists', 'kms:x', 'true')), 'POLICY_OPERATOR_UNKNOWN'],
    [
      'Null with a set operator',
      policy(condition('ForAnyValue:Null', 'kms:x', 'true')),
      'POLICY_OPERATOR_UNKNOWN',
    ],
    [
      'a key without a prefix',
      policy(condition('Bool', 'MultiRegion', 'true')),
      'POLICY_CONDITION_KEY_INVALID',
    ],
    [
      'a key given in two cases',
      policy({ Condition: { Bool: { 'kms:MultiRegion': 'true', 'kms:multiregion': 'false' } } }),
      'POLICY_CONDITION_KEY_REPEATED',
    ],
    ['no values', policy(condition('StringEquals', 'kms:x', [])), 'POLICY_CONDITION_VALUE_INVALID'],
    ['a null value', policy(condition('StringEquals', 'kms:x', null)), 'POLICY_CONDITION_VALUE_INVALID'],
    ['a fraction', policy(condition('StringEquals', 'kms:x', 1.5)), 'POLICY_CONDITION_VALUE_INVALID'],
    [
      'a number that is none',
      policy(condition('NumericEquals', 'kms:x', '1e3')),
      'POLICY_CONDITION_VALUE_INVALID',
    ],
    [
      'a time that is none',
      policy(condition('DateEquals', 'kms:x', 'now')),
      'POLICY_CONDITION_VALUE_INVALID',
    ],
    [
      'bytes that are no base64',
      policy(condition('BinaryEquals', 'kms:x', 'a')),
      'POLICY_CONDITION_VALUE_INVALID',
    ],
    [
      'a variable for a number',
      policy(condition('NumericEquals', 'kms:x', '${kms:y}')),
      'POLICY_CONDITION_VALUE_INVALID',
    ],
    [
      'a variable without an end',
      policy(condition('StringLike', 'kms:x', 'a${aws:username')),
      'POLICY_VARIABLE_INVALID',
    ],
    ['a variable without a name', policy(condition('StringLike', 'kms:x', '${}')), 'POLICY_VARIABLE_INVALID'],
    [
      'a default without quotation marks',
      policy(condition('ArnLike', 'kms:x', '${aws:username, x}')),
      'POLICY_VARIABLE_INVALID',
    ],
    [
      'a default that goes on behind its quotation mark',
      policy(condition('StringLike', 'kms:x', "${aws:username, 'x'y}")),
      'POLICY_VARIABLE_INVALID',
    ],
    [
      'a variable in a resource without an end',
      policy({ Resource: 'arn:aws:kms:*:*:key/${a' }),
      'POLICY_VARIABLE_INVALID',
    ],
    ['a Bool that is neither', policy(condition('Bool', 'kms:x', 'yes')), 'POLICY_CONDITION_VALUE_INVALID'],
    [
      'a Null that is neither',
      policy(condition('Null', 'kms:x', ['true', ''])),
      'POLICY_CONDITION_VALUE_INVALID',
    ],
  ])('%s with the code %s', (_, text, code) => {
    expect(errorOf(text).split(':')[0]).toBe(code)
  })

  it.each(['kms:EncryptionContext:a', 'KMS:encryptioncontext:a', 'aws:RequestTag/a'])(
    'ForAllValues on %s with a text that begins OverlyPermissiveCondition',
    (key) => {
      expect(errorOf(policy(condition('ForAllValues:StringLike', key, 'x')))).toMatch(
        /^POLICY_CONDITION_OVERLY_PERMISSIVE: OverlyPermissiveCondition/,
      )
    },
  )

  it.each([
    ['a principal', {}, 'POLICY_PRINCIPAL_FORBIDDEN'],
    ['no Action', { Principal: undefined, Action: undefined }, 'POLICY_ELEMENT_MISSING'],
    ['no Resource', { Principal: undefined, Resource: undefined }, 'POLICY_ELEMENT_MISSING'],
    ['a space in a Sid', { Principal: undefined, Sid: 'Allow it' }, 'POLICY_SID_INVALID'],
  ])('an identity policy with %s', (_, changes, code) => {
    expect(errorOf(policy(changes), 'identity').split(':')[0]).toBe(code)
  })
})

describe('parsePolicy takes', () => {
  it.each([
    ['spaces in the Sid of a key policy', policy({ Sid: 'Enable IAM User Permissions' })],
    ['empty Sids, several', policy({}, { Statement: [statement({ Sid: '' }), statement({ Sid: '' })] })],
    ['one statement without a list', policy({}, { Statement: statement() })],
    ['a policy without a version, with an Id', JSON.stringify({ Id: 'a', Statement: [statement()] })],
    [
      'a key policy statement without Action and Resource',
      policy({ Action: undefined, Resource: undefined }),
    ],
    ['an empty condition', policy({ Condition: {} })],
    ['numbers and truth values as condition values', policy(condition('StringEquals', 'kms:x', [1, true]))],
    ['32,768 bytes', policy({}).padEnd(32_768)],
    ['NotPrincipal in a deny', policy({ Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: ROOT } })],
    [
      'identity providers',
      policy({
        Principal: {
          Federated: ['cognito-identity.amazonaws.com', ROOT.replace('root', 'saml-provider/x')],
        },
      }),
    ],
    ['a canonical user', policy({ Principal: { CanonicalUser: '0'.repeat(64) } })],
    ['a fraction under a numeric operator', policy(condition('NumericLessThan', 'kms:x', 1.5))],
    [
      'a variable in front of the fifth colon, where it is ordinary text',
      policy({ Resource: 'arn:aws:kms:${a' }),
    ],
    ['an address range that is none', policy(condition('IpAddress', 'kms:x', '10.0.0.0/33'))],
    [
      'variables under the old version',
      policy({ Resource: 'arn:aws:kms:*:*:key/${a}' }, { Version: '2008-10-17' }),
    ],
  ])('%s', (_, text) => {
    expect(errorOf(text)).toBe('none')
  })

  it('principals, and names those that can exist', () => {
    const AWS = [ROOT, '444455556666', 'arn:aws:sts::111122223333:assumed-role/r/s', '*', ROOT]
    const parsed = parsePolicy(policy({ Principal: { AWS, Service: 'logs.amazonaws.com' } }), 'key')
    expect([...namedPrincipals(parsed)].sort()).toEqual(
      [...new Set(AWS)].filter((name) => name !== '*').sort(),
    )
    expect(namedPrincipals(parsePolicy(policy({ Principal: '*' }), 'key'))).toEqual([])
    expect(namedPrincipals(parsePolicy(policy({ Principal: undefined }), 'identity'))).toEqual([])
  })
})

describe('whatever the text', () => {
  const words = fc.constantFrom(
    'Version',
    'Statement',
    'Effect',
    'Principal',
    'NotPrincipal',
    'AWS',
    'Service',
    'Action',
    'NotAction',
    'Resource',
    'Condition',
    'Sid',
    'Allow',
    'Deny',
    '2012-10-17',
    '*',
    'kms:*',
    'arn:aws:kms:*',
    ROOT,
    'StringEquals',
    'ForAllValues:StringLike',
    'Null',
    'Bool',
    'kms:EncryptionContext:a',
    'true',
    '__proto__',
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.constantFrom(null, true, 1, 1.5, ''),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(words, tie('value'), { maxKeys: 5 }),
    ),
  }))
  const nearly = fc
    .tuple(fc.dictionary(words, value, { maxKeys: 3 }), words)
    .map(([changes, key]) => policy({ ...changes, Condition: { StringEquals: { [key]: changes } } }))

  it.each([
    ['any text', fc.string({ unit: 'binary' })],
    ['any JSON', fc.json()],
    ['JSON of the words of policies', value.map((made) => JSON.stringify(made) ?? '')],
    ['a policy with some members changed', nearly],
  ])('%s gives a policy or a PolicyError', (_, texts) => {
    fc.assert(
      fc.property(texts, fc.constantFrom<PolicyKind>('key', 'identity'), (text, kind) => {
        expect(errorOf(text, kind)).not.toMatch(/^another/)
        const stored = readStoredPolicy(text, kind)
        // Sids decide nothing, so a stored policy may have any.
        const refused = errorOf(text, kind).replace(/^POLICY_SID_(?:INVALID|REPEATED).*/s, 'none') !== 'none'
        expect('unreadable' in stored).toBe(refused)
      }),
      { numRuns: 500 },
    )
  })

  it('nesting without end is no stack overflow', () => {
    expect(errorOf('['.repeat(30_000))).toMatch(/^POLICY_NOT_JSON/)
    expect(errorOf(`${'['.repeat(16_000)}${']'.repeat(16_000)}`)).toMatch(/^POLICY_NOT_JSON/)
  })
})
