import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KmsError } from '../../src/operations/errors.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { makeService, type Members, type TestService } from '../operations/a-service.ts'

/** A structure of the service model, as the SDK's schemas write it: members, their types, and how many are required. */
type Structure = readonly [3, string, string, unknown, readonly string[], readonly unknown[], number?]
type OperationSchema = readonly [9, string, string, unknown, () => Structure, () => Structure]

const model: Readonly<Record<string, unknown>> = { ...sdk }
const schemaOf = (name: string): OperationSchema => model[`${name}$`] as OperationSchema
const commands = join(
  dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-kms')),
  '../dist-types/commands',
)

/** Types of the schemas: numbers for simple ones; lists and maps of them have a bit of their own. */
const SAMPLES = new Map<unknown, unknown>([
  [0, 'text'],
  [1, 7],
  [2, true],
  [21, 'AAAA'],
  [64, ['text']],
  [128, { key: 'text' }],
])

/** Members that the model marks optional and that are demanded here: half a recipient is none. */
const STRICTER = ['Recipient.AttestationDocument', 'Recipient.KeyEncryptionAlgorithm']

/** Spec, algorithm and usage members with the enum that the model gives them. */
const ENUMS: readonly (readonly [
  operation: string,
  member: string,
  enumName: string,
  without: readonly string[],
])[] = [
  ['GenerateDataKeyPair', 'KeyPairSpec', 'DataKeyPairSpec', []],
  ['GenerateDataKeyPairWithoutPlaintext', 'KeyPairSpec', 'DataKeyPairSpec', []],
  ['GenerateDataKey', 'KeySpec', 'DataKeySpec', []],
  ['CreateKey', 'KeySpec', 'KeySpec', []],
  ['CreateKey', 'CustomerMasterKeySpec', 'CustomerMasterKeySpec', []],
  ['CreateKey', 'KeyUsage', 'KeyUsageType', []],
  ['CreateKey', 'Origin', 'OriginType', []],
  // No key here has the algorithm of the China Regions.
  ['Encrypt', 'EncryptionAlgorithm', 'EncryptionAlgorithmSpec', ['SM2PKE']],
  ['Decrypt', 'EncryptionAlgorithm', 'EncryptionAlgorithmSpec', ['SM2PKE']],
  ['DeriveSharedSecret', 'KeyAgreementAlgorithm', 'KeyAgreementAlgorithmSpec', []],
]

describe.each([...OPERATIONS.values()])('$name against the model of the AWS SDK', (operation) => {
  const [, , name, , input] = schemaOf(operation.name)
  const [, , , , members, types, required = 0] = input()

  it('has its name, its members, and demands the same ones', () => {
    expect(operation.name).toBe(name)
    expect(Object.keys(operation.input).sort()).toEqual([...members].sort())
    const demanded = Object.keys(operation.input).filter((member) => operation.input[member]?.required)
    expect(demanded.sort()).toEqual(members.slice(0, required).sort())
  })

  it('reads the types that the model gives its members', () => {
    const simple = members.flatMap((member, index) =>
      SAMPLES.has(types[index]) ? [[member, types[index]] as const] : [],
    )
    for (const [member, type] of simple) {
      for (const [other, sample] of SAMPLES) {
        const read = (): unknown => operation.input[member]?.read(sample as never)
        const fits = other === type || (type === 21 && other === 0) || (type === 0 && other === 21)
        // Any text is a text, and 'text' is base64 by chance.
        if (fits) expect(read, `${member} reads ${JSON.stringify(sample)}`).not.toThrow(KmsError)
        else expect(read, `${member} refuses ${JSON.stringify(sample)}`).toThrow(KmsError)
      }
    }
  })

  it('lists the exceptions of the model', () => {
    const documentation = readFileSync(join(commands, `${operation.name}Command.d.ts`), 'utf8')
    const thrown = [...documentation.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g)].map(
      ([, code]) => code,
    )
    const ours = new Set<string>(operation.errors)
    const unbuilt = /^(?:CloudHsm|CustomKeyStore|Xks|IncorrectTrustAnchor)/
    expect(ours).toEqual(new Set(thrown.filter((code) => !unbuilt.test(code ?? ''))))
  })
})

describe('enums of the model', () => {
  it.each(ENUMS)('%s takes for %s every %s in one Region or another', (name, member, enumName, without) => {
    const field = OPERATIONS.get(name)?.input[member]
    const values = Object.values(model[enumName] as Record<string, string>).filter(
      (value) => !without.includes(value),
    )
    const offered = (region: string) => (value: string) =>
      field?.violations(value, { path: 'member', region }).length === 0
    expect(values.filter((value) => !offered('us-east-1')(value) && !offered('cn-north-1')(value))).toEqual(
      [],
    )
    expect(offered('us-east-1')('NONE')).toBe(false)
  })

  it('a recipient is stricter than the model, on purpose', () => {
    const [, , , , members, , required = 0] = model['RecipientInfo$'] as Structure
    expect(members.map((member) => `Recipient.${member}`).sort()).toEqual([...STRICTER].sort())
    expect(required).toBe(0)
  })
})

describe('answers', () => {
  let service: TestService
  beforeAll(() => {
    service = makeService()
  })
  afterAll(() => service.close())

  it('have only members of the model', async () => {
    expect.hasAssertions()
    const key = await service.newKey()
    const agreement = await service.newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const { PublicKey } = await service.ask('GetPublicKey', { KeyId: agreement })
    const { CiphertextBlob } = await service.ask('Encrypt', { KeyId: key, Plaintext: 'AAAA' })
    await service.ask('CreateAlias', { AliasName: 'alias/a', TargetKeyId: key })
    const requests: readonly (readonly [string, object])[] = [
      ['CreateKey', {}],
      ['DescribeKey', { KeyId: key }],
      ['DescribeKey', { KeyId: agreement }],
      ['GetPublicKey', { KeyId: agreement }],
      ['ListKeys', { Limit: 1 }],
      ['ListAliases', {}],
      ['ListKeyPolicies', { KeyId: key }],
      ['GetKeyPolicy', { KeyId: key }],
      ['Encrypt', { KeyId: key, Plaintext: 'AAAA' }],
      ['Decrypt', { CiphertextBlob }],
      ['GenerateDataKey', { KeyId: key, KeySpec: 'AES_256' }],
      ['GenerateDataKeyWithoutPlaintext', { KeyId: key, KeySpec: 'AES_256' }],
      ['GenerateDataKeyPair', { KeyId: key, KeyPairSpec: 'ECC_NIST_P256' }],
      ['GenerateDataKeyPairWithoutPlaintext', { KeyId: key, KeyPairSpec: 'ECC_NIST_P256' }],
      ['GenerateRandom', { NumberOfBytes: 1 }],
      ['DeriveSharedSecret', { KeyId: agreement, KeyAgreementAlgorithm: 'ECDH', PublicKey }],
      ['ScheduleKeyDeletion', { KeyId: agreement }],
      ['DescribeKey', { KeyId: agreement }],
      ['CancelKeyDeletion', { KeyId: agreement }],
    ]
    for (const [name, input] of requests) {
      const [, , , , , output] = schemaOf(name)
      expectMembers(name, await service.ask(name, input), output())
    }
  })
})

/** Members of an answer and of the structures in it are those of the model. */
function expectMembers(where: string, answer: Members, [, , , , members, types]: Structure): void {
  for (const [member, value] of Object.entries(answer)) {
    expect(members, `${where}.${member}`).toContain(member)
    const type = types[members.indexOf(member)]
    const inner: unknown = typeof type === 'function' ? (type as () => unknown)() : undefined
    if (isStructure(inner)) expectMembers(`${where}.${member}`, value as Members, inner)
  }
}

function isStructure(schema: unknown): schema is Structure {
  return Array.isArray(schema) && schema[0] === 3
}
