import { describe, expect, it } from 'vitest'
import { readSourceTree } from '../support/source-tree.ts'
import { encodeAnswer } from '../../src/operations/answer-body.ts'
import { Secret } from '../../src/core/secret.ts'
import { systemRandom } from '../../src/core/random.ts'
import { defineOperation } from '../../src/operations/operation.ts'
import { createRelease } from '../../src/operations/release.ts'
import { NO_RECIPIENT } from '../../src/operations/recipient-verdict.ts'
import { ACCOUNT } from '../../src/operations/subject.ts'

const files = readSourceTree(new URL('../..', import.meta.url).pathname, ['src/operations'])

describe('the single door for plaintext', () => {
  it('is the one place of the room that reveals a secret', () => {
    expect(files.filter(({ text }) => /\breveal\b/.test(text)).map(({ path }) => path)).toEqual([
      'src/operations/release.ts',
    ])
  })

  it('is the one place that makes envelopes', () => {
    expect(files.filter(({ text }) => /\bsealForRecipient\b/.test(text)).map(({ path }) => path)).toEqual([
      'src/operations/release.ts',
    ])
  })

  it('gives the bytes in the open where the request has no recipient, with what belongs there', () => {
    const release = createRelease(NO_RECIPIENT, systemRandom)
    expect(release('Plaintext', new Secret(Uint8Array.of(1, 2)), { KeyMaterialId: 'a' })).toEqual({
      Plaintext: Uint8Array.of(1, 2),
      KeyMaterialId: 'a',
    })
  })

  it('a secret in an answer does not compile, and cannot be encoded', () => {
    const secret = new Secret(Uint8Array.of(1))
    const operation = defineOperation({
      name: 'Forgetful',
      permission: 'kms:Forgetful',
      input: {},
      errors: [],
      find: async () => ACCOUNT,
      // @ts-expect-error a handler that forgets to release does not compile
      handle: async () => ({ Plaintext: secret }),
    })
    expect(operation.name).toBe('Forgetful')
    // @ts-expect-error nor does the answer, whatever member it hides in
    expect(JSON.stringify(encodeAnswer({ Deep: [{ Plaintext: secret }] }))).not.toContain('1')
  })
})

describe('answers', () => {
  it('have blobs in base64, times in seconds, and nothing that is undefined', () => {
    const body = {
      Blob: Uint8Array.of(255, 0),
      Time: new Date('2026-01-02T03:04:05.678Z'),
      Absent: undefined,
      List: [{ Inner: Uint8Array.of(1), Absent: undefined }, 'text', false, 0],
    }
    expect(encodeAnswer(body)).toEqual({
      Blob: '/wA=',
      Time: 1767323045.678,
      List: [{ Inner: 'AQ==' }, 'text', false, 0],
    })
  })
})
