import { spawnSync } from 'node:child_process'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { DataKeyPair, DataKeyPairSpec, RsaSpec } from '../../src/keys/data-key-pair.ts'
import { createKeyPairStock, generationLanes } from '../../src/keys/key-pair-stock.ts'
import type { KeyPairStockOptions } from '../../src/keys/key-pair-stock.ts'

interface Generation {
  readonly spec: DataKeyPairSpec
  finish(): DataKeyPair
  fail(error: Error): void
}

/** A stock whose generations end when the test says so. */
function makeStock(options: Partial<KeyPairStockOptions> = {}) {
  const running: Generation[] = []
  const started: DataKeyPairSpec[] = []
  const generate = (spec: DataKeyPairSpec): Promise<DataKeyPair> => {
    const { promise, resolve, reject } = Promise.withResolvers<DataKeyPair>()
    started.push(spec)
    const number = started.length
    const end = (): void => void running.splice(running.indexOf(generation), 1)
    const generation: Generation = {
      spec,
      finish() {
        end()
        const pair = { privateKey: new Secret(Uint8Array.of(number)), publicKey: Uint8Array.of(number) }
        resolve(pair)
        return pair
      },
      fail(error) {
        end()
        reject(error)
      },
    }
    running.push(generation)
    return promise
  }
  const targets: ReadonlyMap<RsaSpec, number> = new Map()
  const stock = createKeyPairStock({ targets, lanes: 1, waitingLimit: 10, generate, ...options })
  return { stock, running, started }
}

type Made = ReturnType<typeof makeStock>

/** Lets promises settle and timers of no delay fire. */
async function settle(): Promise<void> {
  await turn()
  await pause(2)
  await turn()
}

/** Ends one generation after the other until none is begun any more. */
async function finishAll({ running }: Made): Promise<void> {
  await settle()
  for (let generation = running[0]; generation; generation = running[0]) {
    generation.finish()
    await settle()
  }
}

const target = (entries: Partial<Record<RsaSpec, number>>): ReadonlyMap<RsaSpec, number> =>
  // The keys of the argument are of the type that the map is of.
  new Map(Object.entries(entries) as [RsaSpec, number][])

describe('createKeyPairStock', () => {
  it('makes nothing before it is asked to', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 2 }) })
    await settle()
    expect(made.started).toEqual([])
  })

  it('fills to its targets, the emptiest first, and no further', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 4, RSA_3072: 2, RSA_4096: 0 }) })
    made.stock.start()
    await finishAll(made)
    expect(made.started.toSorted()).toEqual([...Array(4).fill('RSA_2048'), ...Array(2).fill('RSA_3072')])
    expect(made.started.slice(0, 3)).toEqual(['RSA_2048', 'RSA_3072', 'RSA_2048'])
  })

  it('hands out at once what is ready, each pair once, and makes another in its place', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 3 }) })
    made.stock.start()
    await finishAll(made)
    const taken = [await made.stock.take('RSA_2048'), await made.stock.take('RSA_2048')]
    await finishAll(made)
    for (let more = 0; more < 3; more++) taken.push(await made.stock.take('RSA_2048'))
    expect(taken.map((pair) => pair.publicKey[0])).toEqual([1, 2, 3, 4, 5])
  })

  it.each([1, 2, 3])(
    'never makes more than %d at a time, over all sizes, for stock and for requests',
    async (lanes) => {
      const made = makeStock({ lanes, targets: target({ RSA_2048: 3, RSA_3072: 3 }) })
      made.stock.start()
      const taking = (['RSA_2048', 'RSA_4096', 'RSA_3072', 'RSA_4096'] as const).map((spec) =>
        made.stock.take(spec),
      )
      let most = 0
      for (let rest = 0; rest < 30; rest++) {
        most = Math.max(most, made.running.length)
        made.running[0]?.finish()
        await settle()
      }
      expect(most).toBe(lanes)
      expect(new Set((await Promise.all(taking)).map((pair) => pair.publicKey[0])).size).toBe(4)
    },
  )

  it('serves requests before the stock, in their order', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 5 }) })
    made.stock.start()
    const taking = [made.stock.take('RSA_4096'), made.stock.take('RSA_3072'), made.stock.take('RSA_4096')]
    for (let rest = 0; rest < 4; rest++) {
      made.running[0]?.finish()
      await turn()
    }
    expect(made.started.slice(0, 4)).toEqual(['RSA_2048', 'RSA_4096', 'RSA_3072', 'RSA_4096'])
    expect((await Promise.all(taking)).map((pair) => pair.publicKey[0])).toEqual([2, 3, 4])
  })

  it('gives a request the pair of its size that is being made, whoever it was begun for', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 1 }) })
    made.stock.start()
    const taking = made.stock.take('RSA_2048')
    expect(made.started).toEqual(['RSA_2048'])
    const pair = made.running[0]?.finish()
    expect(await taking).toBe(pair)
  })

  it('makes pairs on demand without being started', async () => {
    const made = makeStock()
    const taking = made.stock.take('RSA_2048')
    made.running[0]?.finish()
    expect(await taking).toMatchObject({ publicKey: Uint8Array.of(1) })
  })

  it('makes other kinds at once, outside of the lanes', async () => {
    const made = makeStock()
    const slow = made.stock.take('RSA_4096')
    const quick = made.stock.take('ECC_NIST_P256')
    expect(made.running.map(({ spec }) => spec)).toEqual(['RSA_4096', 'ECC_NIST_P256'])
    const pair = made.running[1]?.finish()
    expect(await quick).toBe(pair)
    made.running[0]?.finish()
    await slow
  })

  it('KEY_PAIRS_BUSY: one request more than may wait', async () => {
    const made = makeStock({ waitingLimit: 2 })
    const taking = [made.stock.take('RSA_2048'), made.stock.take('RSA_2048')]
    await expect(made.stock.take('RSA_2048')).rejects.toMatchObject({ code: 'KEY_PAIRS_BUSY' })
    await finishAll(made)
    await Promise.all(taking)
  })

  it('passes a failure on to one request, and serves the next', async () => {
    const made = makeStock()
    const [first, second] = [made.stock.take('RSA_2048'), made.stock.take('RSA_2048')]
    made.running[0]?.fail(new Error('out of memory'))
    await expect(first).rejects.toThrow('out of memory')
    made.running[0]?.finish()
    expect(await second).toMatchObject({ publicKey: Uint8Array.of(2) })
  })

  it('rests after a failure of its own until it is asked for a pair', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 2 }) })
    made.stock.start()
    made.running[0]?.fail(new Error('out of memory'))
    await settle()
    expect(made.started).toHaveLength(1)
    const taking = made.stock.take('RSA_2048')
    await finishAll(made)
    await taking
    expect(made.started).toHaveLength(4)
  })

  it('ends on close: KEY_PAIRS_CLOSED for those who wait or come, what is in stock or comes in wiped', async () => {
    const made = makeStock({ targets: target({ RSA_2048: 2 }) })
    made.stock.start()
    const inStock = made.running[0]?.finish()
    await settle()
    const waiting = made.stock.take('RSA_4096')
    made.stock.close()
    await expect(waiting).rejects.toMatchObject({ code: 'KEY_PAIRS_CLOSED' })
    await expect(made.stock.take('RSA_2048')).rejects.toMatchObject({ code: 'KEY_PAIRS_CLOSED' })
    const late = made.running[0]?.finish()
    await settle()
    expect([inStock, late].map((pair) => pair?.privateKey.reveal()[0])).toEqual([0, 0])
    made.stock.start()
    await settle()
    expect(made.started).toHaveLength(2)
  })

  it('does not keep a process alive', () => {
    const source = new URL('../../src/keys/', import.meta.url).href
    const script = `
      import { createKeyPairStock } from '${source}key-pair-stock.ts'
      import { generateDataKeyPair } from '${source}data-key-pair.ts'
      let begun = 0
      const generate = (spec) => { begun++; return generateDataKeyPair(spec, undefined) }
      createKeyPairStock({ targets: new Map([['RSA_2048', 1000]]), lanes: 1, waitingLimit: 1, generate }).start()
      process.on('exit', () => process.stdout.write(String(begun)))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(Number(stdout)).toBeGreaterThanOrEqual(1)
    expect(Number(stdout)).toBeLessThan(5)
  })
})

describe('generationLanes', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [64, 3],
  ])('%d cores: %d', (cores, lanes) => {
    expect(generationLanes(cores)).toBe(lanes)
  })
})
