import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const FULL = '/dev/full'

describe.skipIf(!existsSync(FULL))(
  `standard error that takes nothing (skipped where there is no ${FULL})`,
  () => {
    it('does not end the program: what it does, and its status, stay the same', () => {
      const main = new URL('../../src/main.ts', import.meta.url).pathname
      const { status } = spawnSync('sh', [
        '-c',
        `"$0" "$1" no-such-command 2>${FULL}`,
        process.execPath,
        main,
      ])
      expect(status).toBe(2)
    })
  },
)
