import { describe, expect, it } from 'vitest'
import { makeBaseRequest } from './base-request.ts'
import { Driver } from './driver.ts'
import { createPeerLab } from './lab.ts'
import type { Command } from './peer.ts'
import { OWN } from './peers.ts'
import { goodQuestion } from './question.ts'

const pki = createPeerLab()
const question = { ...goodQuestion({ pki, base: makeBaseRequest(pki) }), root: pki.rootCertificate }
const node = (script: string): Command => ({ program: process.execPath, args: ['-e', script] })

async function ownCommand(): Promise<Command> {
  const lab = { rootCertificate: pki.rootCertificate, certificateFile: '', mayCompile: false }
  const installed = await OWN.install(lab)
  if ('missing' in installed) throw new Error(installed.missing)
  return installed.command.lab
}

describe('the driver of our own verifier', () => {
  it('accepts a good document and refuses what is none with its code, one after another', async () => {
    using driver = new Driver(await ownCommand())
    expect(await driver.ask(question)).toMatchObject({ verdict: 'accepted' })
    expect(await driver.ask({ ...question, document: Uint8Array.of(0xf6) })).toMatchObject({
      verdict: 'refused',
      message: 'COSE_STRUCTURE_INVALID',
    })
    expect(await driver.ask(question)).toMatchObject({ verdict: 'accepted' })
  })
})

describe('a driver', () => {
  it('counts as crashed when its process ends, and is started again for the next question', async () => {
    using driver = new Driver(node('process.stdin.once("data", () => process.exit(7))'))
    const crashed = { verdict: 'crashed', message: 'its process ended with 7' }
    expect(await driver.ask(question)).toMatchObject(crashed)
    expect(await driver.ask(question)).toMatchObject(crashed)
  })

  it('counts as crashed when its program is not there', async () => {
    using driver = new Driver({ program: '/no/such/program', args: [] })
    expect(await driver.ask(question)).toMatchObject({ verdict: 'crashed' })
  })

  it('may print other lines before its answer', async () => {
    using driver = new Driver(
      node('process.stdin.once("data", () => console.log("a warning\\n= refused 2500 because"))'),
    )
    expect(await driver.ask(question)).toEqual({ verdict: 'refused', microseconds: 2.5, message: 'because' })
  })
})
