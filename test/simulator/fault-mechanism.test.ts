import { X509Certificate, verify } from 'node:crypto'
import { encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/simulator/faults.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { readDocument } from './read-document.ts'

const pki = createLabPki({ seed: 'mechanism' })
const options = { kind: 'nitro-enclave', at: new Date('2026-04-21T22:09:27.456Z') } as const
const good = issueDocument(pki, options)
const goodRead = readDocument(good.document)

const issueWith = (fault: string) => issueDocument(pki, { ...options, fault })

/** Whether a signature holds over a payload under the key of a certificate. */
function holds(payload: Uint8Array, signature: Uint8Array, certificate: Uint8Array | undefined): boolean {
  const structure = encode(['Signature1', goodRead.protectedHeader, new Uint8Array(), payload])
  const { publicKey } = new X509Certificate(certificate ?? '')
  return verify('sha384', structure, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

/** Levels, from the root on, at which two chains have different certificates. */
const differences = (certificates: readonly Uint8Array[]) =>
  certificates.flatMap((der, level) =>
    Buffer.compare(der, good.certificates[level] ?? new Uint8Array()) === 0 ? [] : [level],
  )

/** Names of fields whose values are not those of the good document. */
const changedFields = (fields: ReadonlyMap<string, unknown>) =>
  [...fields].flatMap(([name, value]) =>
    Buffer.compare(encode(value), encode(goodRead.fields.get(name) ?? null)) === 0 ? [] : [name],
  )

describe('a fault in a field', () => {
  it.each([
    ['doc-module-id-newline', 'module_id'],
    ['doc-digest-lower-case', 'digest'],
    ['doc-timestamp-zero', 'timestamp'],
    ['doc-null-certificate', 'certificate'],
    ['doc-cabundle-not-array', 'cabundle'],
    ['pcr-value-47-bytes', 'pcrs'],
    ['doc-user-data-map', 'user_data'],
    ['doc-nonce-1025', 'nonce'],
    ['time-document-6-min-ahead', 'timestamp'],
    ['recipient-key-exponent-1', 'public_key'],
  ])('%s changes %s alone and is signed by the leaf', (fault, field) => {
    const { payload, signature, fields } = readDocument(issueWith(fault).document)
    expect(changedFields(fields)).toEqual([field])
    expect([...fields.keys()]).toEqual([...goodRead.fields.keys()])
    expect(holds(payload, signature, good.certificates.at(-1))).toBe(true)
  })
})

describe('a fault after signing', () => {
  it.each([
    ['tamper-pcr0-value', ['pcrs']],
    ['tamper-timestamp-plus-one', ['timestamp']],
    ['tamper-public-key-swapped', ['public_key']],
    ['tamper-nonce-added', ['nonce']],
    ['cose-payload-bit-flip', ['module_id']],
    ['tamper-map-made-definite', []],
    ['splice-leaf-of-other-enclave', ['certificate']],
  ])('%s changes %j and leaves the signature of the good document', (fault, changed) => {
    const { payload, signature, fields } = readDocument(issueWith(fault).document)
    expect(changedFields(fields)).toEqual(changed)
    expect(payload).not.toEqual(goodRead.payload)
    expect(signature).toEqual(goodRead.signature)
  })
})

describe('a fault in a certificate', () => {
  it.each([
    ['chain-regional-expired', 1],
    ['chain-zonal-self-signed', 2],
    ['chain-intermediate-ca-false', 2],
    ['chain-instance-no-key-usage', 3],
    ['cert-key-usage-empty', 3],
    ['chain-leaf-is-ca', 4],
    ['cert-leaf-sha256', 4],
    ['chain-leaf-signed-by-zonal', 4],
  ])('%s changes the certificate of level %i alone, and the document is signed', (fault, level) => {
    const { document, certificates } = issueWith(fault)
    const { payload, signature } = readDocument(document)
    expect(differences(certificates)).toEqual([level])
    expect(holds(payload, signature, good.certificates.at(-1))).toBe(true)
  })

  it.each([
    'chain-regional-expired',
    'chain-intermediate-ca-false',
    'chain-leaf-is-ca',
    'chain-leaf-not-yet-valid',
  ])('%s is signed by its issuer as it is', (fault) => {
    const chain = issueWith(fault).certificates.map((der) => new X509Certificate(der))
    chain.forEach((certificate, level) => {
      const issuer = chain[Math.max(0, level - 1)]
      expect(issuer && certificate.verify(issuer.publicKey)).toBe(true)
    })
  })

  it('cert-instance-p521-key changes the instance certificate and signs the leaf again', () => {
    const { certificates } = issueWith('cert-instance-p521-key')
    expect(differences(certificates)).toEqual([3, 4])
    const [instance, leaf] = certificates.slice(3).map((der) => new X509Certificate(der))
    expect(instance && leaf?.verify(instance.publicKey)).toBe(true)
  })
})

describe('a fault of the verifier alone', () => {
  const untouched = FAULTS.filter(({ alter }) => Object.keys(alter).length === 0)

  it('is one of six', () => {
    expect(untouched.map(({ id }) => id).sort()).toEqual([
      'chain-lab-root-without-lab-mode',
      'chain-no-anchors',
      'time-fixed-clock-before-leaf',
      'time-genuine-document-a-year-later',
      'time-older-than-max-age',
      'time-one-second-after-leaf',
    ])
  })

  it.for(untouched)('$id issues the good document and says how to verify it', ({ id, verifyWith }) => {
    expect(issueWith(id).document).toEqual(good.document)
    expect(verifyWith).toBeDefined()
  })
})
