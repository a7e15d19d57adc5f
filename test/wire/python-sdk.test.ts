import { spawn } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestEnclave } from '../support/an-enclave.ts'
import { anEnclave, publicKeyOf } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'
import { pythonProgram, WITHOUT_PYTHON } from '../support/python.ts'

type Answer = Readonly<Record<string, string>>

describe.skipIf(WITHOUT_PYTHON !== '')(`unmodified Python clients${WITHOUT_PYTHON}`, () => {
  let service: TestService
  let enclave: TestEnclave
  let folder: string
  beforeAll(async () => {
    service = await startLabService()
    enclave = await anEnclave(service)
    folder = mkdtempSync(join(tmpdir(), 'attested-kms-python-'))
    writeFileSync(join(folder, 'document.bin'), enclave.document)
    const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(join(folder, 'peer.der'), peer.publicKey.export({ format: 'der', type: 'spki' }))
  })
  afterAll(async () => {
    await service.end()
    rmSync(folder, { recursive: true })
  })

  async function run(program: string, ...args: readonly string[]): Promise<string> {
    const child = spawn(pythonProgram(program), args, {
      cwd: folder,
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: LAB_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LAB_CREDENTIALS.secretAccessKey,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ENDPOINT_URL_KMS: service.kmsUrl,
        AWS_CONFIG_FILE: join(folder, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      },
    })
    const output: Buffer[] = []
    const diagnostics: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => diagnostics.push(chunk))
    const [status] = await once(child, 'close')
    expect(status, Buffer.concat(diagnostics).toString()).toBe(0)
    return Buffer.concat(output).toString()
  }

  /** The secret member of each operation, which must be gone where an envelope is. */
  const SECRETS = {
    Decrypt: 'Plaintext',
    GenerateDataKey: 'Plaintext',
    GenerateDataKeyPair: 'PrivateKeyPlaintext',
    GenerateRandom: 'Plaintext',
    DeriveSharedSecret: 'SharedSecret',
  } as const

  it('boto3 makes the five operations, with and without Recipient', async () => {
    const script = new URL('boto3_calls.py', import.meta.url).pathname
    const output = await run('python', script, service.kmsUrl, 'document.bin', 'peer.der')
    const answers = JSON.parse(output) as Record<keyof typeof SECRETS, { plain: Answer; attested: Answer }>
    for (const [operation, secret] of Object.entries(SECRETS)) {
      const { plain, attested } = answers[operation as keyof typeof SECRETS]
      expect(Object.keys(plain)).toContain(secret)
      expect(Object.keys(plain)).not.toContain('CiphertextForRecipient')
      expect(Object.keys(attested)).not.toContain(secret)
      const opened = enclave.open(attested['CiphertextForRecipient'] ?? '')
      expect(opened.length).toBeGreaterThan(0)
      // What does not depend on fresh randomness is the same in both.
      if (operation === 'Decrypt' || operation === 'DeriveSharedSecret') {
        expect(opened.toString('base64')).toBe(plain[secret])
      }
    }
    const pair = answers.GenerateDataKeyPair.attested
    const opened = enclave.open(pair['CiphertextForRecipient'] ?? '')
    const privateKey = createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' })
    expect(publicKeyOf(privateKey).toString('base64')).toBe(pair['PublicKey'])
  })

  // A dozen Python processes one after another, each of which takes seconds to start on a busy machine.
  it(
    'the AWS CLI, version 1, gets an envelope that the enclave opens, and plaintext without Recipient',
    {
      timeout: 240_000,
    },
    async () => {
      const aws = async (...args: readonly string[]): Promise<Answer> => {
        const output = await run('aws', 'kms', ...args, '--output', 'json')
        return JSON.parse(output) as Answer
      }
      const created = await aws('create-key', '--query', 'KeyMetadata')
      const keyId = created['KeyId'] ?? ''
      const recipient = 'KeyEncryptionAlgorithm=RSAES_OAEP_SHA_256,AttestationDocument@=fileb://document.bin'
      const pair = ['generate-data-key-pair', '--key-id', keyId, '--key-pair-spec', 'RSA_2048']
      const plain = await aws(...pair)
      const attested = await aws(...pair, '--recipient', recipient)
      expect(attested['PrivateKeyPlaintext']).toBeUndefined()
      const opened = enclave.open(attested['CiphertextForRecipient'] ?? '')
      const privateKey = createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' })
      expect(publicKeyOf(privateKey).toString('base64')).toBe(attested['PublicKey'])
      expect(Buffer.from(plain['PrivateKeyPlaintext'] ?? '', 'base64').length).toBeGreaterThan(1200)

      writeFileSync(
        join(folder, 'blob.bin'),
        Buffer.from(attested['PrivateKeyCiphertextBlob'] ?? '', 'base64'),
      )
      const decrypted = await aws(
        'decrypt',
        '--ciphertext-blob',
        'fileb://blob.bin',
        '--recipient',
        recipient,
      )
      expect(enclave.open(decrypted['CiphertextForRecipient'] ?? '').equals(opened)).toBe(true)
      const others = [
        ['generate-data-key', '--key-id', keyId, '--key-spec', 'AES_128'],
        ['generate-random', '--number-of-bytes', '16'],
      ]
      for (const call of others) {
        const answer = await aws(...call, '--recipient', recipient)
        expect(answer['Plaintext']).toBeUndefined()
        expect(enclave.open(answer['CiphertextForRecipient'] ?? '')).toHaveLength(16)
        expect(Buffer.from((await aws(...call))['Plaintext'] ?? '', 'base64')).toHaveLength(16)
      }
      const agreement = await aws(
        'create-key',
        '--key-spec',
        'ECC_NIST_P256',
        '--key-usage',
        'KEY_AGREEMENT',
        '--query',
        'KeyMetadata',
      )
      const derive = [
        'derive-shared-secret',
        '--key-id',
        agreement['KeyId'] ?? '',
        '--key-agreement-algorithm',
        'ECDH',
      ]
      const shared = await aws(...derive, '--public-key', 'fileb://peer.der')
      const sealed = await aws(...derive, '--public-key', 'fileb://peer.der', '--recipient', recipient)
      expect(enclave.open(sealed['CiphertextForRecipient'] ?? '').toString('base64')).toBe(
        shared['SharedSecret'],
      )
    },
  )
})
