import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

describe('the demo', () => {
  it('ends with status 0, having shown five releases and four refusals with their reasons', () => {
    const script = new URL('../../enclave/demo/play.ts', import.meta.url).pathname
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    expect(stdout.match(/^ {2}released {2}\w+/gm)).toEqual(
      ['GenerateDataKeyPair', 'Decrypt', 'GenerateDataKey', 'DeriveSharedSecret', 'GenerateRandom'].map(
        (operation) => `  released  ${operation}`,
      ),
    )
    expect(stdout.match(/^ {2}refused .*AccessDeniedException$/gm)).toHaveLength(4)
    expect(stdout).toContain('COSE_SIGNATURE_INVALID')
    expect(stdout).toContain('CHAIN_EXPIRED')
    expect(stdout.match(/StringEqualsIgnoreCase kms:RecipientAttestation:PCR0 expects/g)).toHaveLength(2)
  })
})
