import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEnvelope } from '../../enclave/client/envelope.ts'
import { toHex } from '../../src/core/bytes.ts'
import { FAULTS, findFault, ODDITIES } from '../../src/simulator/faults.ts'
import type { IssuerRequest } from '../../src/simulator/issuer.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import type { CatalogueCase } from '../simulator/catalogue-case.ts'
import { makeCatalogueCase } from '../simulator/catalogue-case.ts'
import { enclaveKey } from './a-recipient.ts'
import { admin, base64, bytesOf, delegation, keyPolicy, labPki } from './a-service.ts'
import type { CatalogueService, WireAnswer } from './catalogue-service.ts'
import { makeCatalogueService } from './catalogue-service.ts'

/*
 * Every setting that the catalogue asks for can be had in the service: clock and age limit, the roots of AWS alone, none
 * at all (a partition whose root is not known), one that an operator adds. A recipient key is always demanded.
 */

const at = new Date('2026-04-21T22:09:27.456Z')
const issuer = new LabIssuer({ pki: labPki, clock: { now: () => at } })
const SECRET = /"(?:Plaintext|PrivateKeyPlaintext|SharedSecret)"/

/** What the documents of each kind are made of, and the condition key of one of their measurements. */
const KINDS = [
  {
    kind: 'nitro-enclave',
    index: 0,
    conditionKey: 'kms:RecipientAttestation:PCR0',
    operations: ['Decrypt', 'GenerateDataKey', 'GenerateDataKeyPair'],
  },
  // The operations treat every verdict alike, so one has to do for the other kind.
  {
    kind: 'nitrotpm',
    index: 4,
    conditionKey: 'kms:RecipientAttestation:NitroTPMPCR4',
    operations: ['Decrypt'],
  },
] as const
const MEASURED = new Uint8Array(48).fill(0xab)

const requestOf = ({ kind, index }: (typeof KINDS)[number]): IssuerRequest & { readonly at: Date } => ({
  kind,
  at,
  publicKey: enclaveKey.spki,
  pcrs: new Map([[index, MEASURED]]),
})

/** Whoever manages the key; he may not use it. */
const MANAGE = { ...delegation(['kms:PutKeyPolicy', 'kms:DescribeKey', 'kms:Encrypt']), Sid: 'Manage' }
/** Lets the caller use a key if the document of the request has the measurement. */
const useIf = (conditionKey: string): object => ({
  Effect: 'Allow',
  Principal: { AWS: admin.arn },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'],
  Condition: { StringEqualsIgnoreCase: { [conditionKey]: toHex(MEASURED) } },
})

type Inputs = ReadonlyMap<string, object>
let service: CatalogueService
/** Requests about a key that the caller may use whatever is attested, and about keys that demand a measurement. */
const inputs = new Map<string, Inputs>()

async function makeInputs(policy: string): Promise<Inputs> {
  const key = await service.whole.newKey({ Policy: policy })
  const { CiphertextBlob } = await service.whole.ask('Encrypt', {
    KeyId: key,
    Plaintext: base64('the secret'),
  })
  return new Map<string, object>([
    ['Decrypt', { CiphertextBlob }],
    ['GenerateDataKey', { KeyId: key, KeySpec: 'AES_256' }],
    ['GenerateDataKeyPair', { KeyId: key, KeyPairSpec: 'ECC_NIST_P256' }],
  ])
}

beforeAll(async () => {
  service = makeCatalogueService()
  inputs.set('open', await makeInputs(keyPolicy(delegation())))
  for (const { kind, conditionKey } of KINDS) {
    inputs.set(kind, await makeInputs(keyPolicy(MANAGE, useIf(conditionKey))))
  }
})
afterAll(() => service.whole.close())

async function ask(key: string, operation: string, { verification }: CatalogueCase): Promise<WireAnswer> {
  return service.call(operation, inputs.get(key)?.get(operation) ?? {}, verification)
}

const PHRASES = {
  Decrypt: /on the resource associated with this ciphertext/,
  GenerateDataKey: /on resource: arn:aws:kms:us-east-1:\d{12}:key\/[0-9a-f-]{36}/,
  GenerateDataKeyPair: /on resource: arn:aws:kms:us-east-1:\d{12}:key\/[0-9a-f-]{36}/,
}

/** What is said and recorded of a refused document, whatever the answer. */
function expectRefusal({ status, text, reason, record }: WireAnswer, code: string | null): void {
  expect(status).toBe(400)
  expect(text).not.toMatch(SECRET)
  expect(text).not.toContain('CiphertextForRecipient')
  expect(reason).toBe(code)
  expect(record?.attestation).toMatchObject({ verdict: 'rejected', code })
  expect(record?.result).toMatchObject({ outcome: 'refused', reason: code })
}

/**
 * The one fault that never gets to the verifier: a member without bytes offends against the constraints of the API, which
 * stand before the key and the document.
 */
const NO_BYTES = 'input-empty'
const NO_BYTES_TEXT =
  "1 validation error detected: Value at 'recipient.attestationDocument' failed to satisfy constraint: " +
  'Member must have length greater than or equal to 1'

describe.each(KINDS)('a faulty document of the kind $kind', (about) => {
  const { kind, operations } = about
  const verified = FAULTS.filter(({ id }) => id !== NO_BYTES)

  it('is not what refuses: the good one is answered with an envelope under either policy', async () => {
    const { document } = issuer.issue(requestOf(about))
    const now = new Date(at.getTime() + 1000)
    const verification = { document, now, roots: [labPki.rootCertificate] }
    for (const key of ['open', kind]) {
      const { status, text } = await ask(key, 'Decrypt', { id: 'good', code: null, verification })
      expect(status, text).toBe(200)
      const { CiphertextForRecipient } = JSON.parse(text) as { CiphertextForRecipient: string }
      const opened = openEnvelope(bytesOf(CiphertextForRecipient), enclaveKey.privateKey)
      expect(Buffer.from(opened).toString()).toBe('the secret')
    }
  })

  it.for(['open', kind])(
    `${NO_BYTES}: ValidationException about the member, whatever the policy: %s`,
    async (key) => {
      const made = makeCatalogueCase(issuer, findFault(NO_BYTES), requestOf(about))
      for (const operation of operations) {
        const { status, text, reason, record } = await ask(key, operation, made)
        expect(status).toBe(400)
        expect(JSON.parse(text)).toEqual({ __type: 'ValidationException', message: NO_BYTES_TEXT })
        expect(reason).toBeNull()
        expect(record?.attestation).toBeNull()
      }
    },
  )

  it.for(verified)(
    '$id: ValidationException with $code where the policy does not depend on it, else AccessDeniedException',
    async (fault) => {
      const made = makeCatalogueCase(issuer, fault, requestOf(about))
      for (const operation of operations) {
        const open = await ask('open', operation, made)
        expectRefusal(open, fault.code)
        expect(JSON.parse(open.text)).toEqual({
          __type: 'ValidationException',
          message: `The attestation document in the request is not valid: ${fault.code}.`,
        })
        const measured = await ask(kind, operation, made)
        expectRefusal(measured, fault.code)
        const { __type, ...members } = JSON.parse(measured.text) as Record<string, string>
        const text = members['Message'] ?? members['message']
        expect(__type).toBe('AccessDeniedException')
        expect(text).toMatch(PHRASES[operation])
        expect(text).toContain(`User: ${admin.arn} is not authorized to perform: kms:${operation} `)
        expect(text).not.toContain(fault.code)
      }
    },
  )
})

/** Oddities whose public key is none that an answer could be encrypted to. */
const WITHOUT_RECIPIENT_KEY: ReadonlyMap<string, string> = new Map([
  ['optional-fields-null', 'RECIPIENT_KEY_MISSING'],
  ['optional-fields-absent', 'RECIPIENT_KEY_MISSING'],
  ['optional-fields-empty', 'RECIPIENT_KEY_MISSING'],
  ['optional-fields-1024', 'RECIPIENT_KEY_NOT_SPKI'],
  ['nitrotpm-key-ec-point', 'RECIPIENT_KEY_NOT_SPKI'],
])
/** Oddities with a public key that follows from the seed, and that nobody has the private key of. */
const NOBODYS_KEY = new Set(['rsa-3072-recipient', 'rsa-4096-recipient'])

describe('an odd document', () => {
  const answered = ODDITIES.filter(({ id }) => !WITHOUT_RECIPIENT_KEY.has(id))
  const refused = ODDITIES.filter(({ id }) => WITHOUT_RECIPIENT_KEY.has(id))

  it('has no usable recipient key in five of 44', () => {
    expect(refused).toHaveLength(WITHOUT_RECIPIENT_KEY.size)
  })

  it.for(answered)('$id: is answered with an envelope', async (oddity) => {
    const made = makeCatalogueCase(issuer, oddity, requestOf(KINDS[0]))
    const { status, text, reason, record } = await ask('open', 'Decrypt', made)
    expect(status, text).toBe(200)
    expect(text).not.toMatch(SECRET)
    expect(reason).toBeNull()
    expect(record?.attestation).toMatchObject({ verdict: 'accepted', code: null })
    const { CiphertextForRecipient = '' } = JSON.parse(text) as Record<string, string>
    const envelope = bytesOf(CiphertextForRecipient)
    if (NOBODYS_KEY.has(oddity.id)) expect(envelope.length).toBeGreaterThan(256)
    else expect(Buffer.from(openEnvelope(envelope, enclaveKey.privateKey)).toString()).toBe('the secret')
  })

  it.for(refused)('$id: is refused for its public key alone', async (oddity) => {
    const code = WITHOUT_RECIPIENT_KEY.get(oddity.id) ?? null
    const answer = await ask('open', 'Decrypt', makeCatalogueCase(issuer, oddity, requestOf(KINDS[0])))
    expectRefusal(answer, code)
    expect(answer.text).toContain(`is not valid: ${code}.`)
  })
})
