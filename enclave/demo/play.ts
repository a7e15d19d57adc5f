import { randomBytes } from 'node:crypto'
import { createAttestedKey } from './demo-keys.ts'
import { enclaveClient, plainClient } from './enclave-program.ts'
import type { LabProcess } from './lab-process.ts'
import { startLabProcess } from './lab-process.ts'
import { provokeRefusal } from './refused.ts'
import { RELEASES } from './released.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const WIDTH = 100

/** Breaks a reason over several lines, each indented as far as the first. */
function wrap(text: string, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + word.length >= WIDTH) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return [...lines, line].join(`\n${indent}`)
}

/** Flips one bit of the measurement inside a document. */
function flipOneBitOf(measurement: string): (document: Uint8Array) => Uint8Array {
  return (document) => {
    const copy = Buffer.from(document)
    const at = copy.indexOf(Buffer.from(measurement, 'hex'))
    copy[at] = (copy[at] ?? 0) ^ 1
    return copy
  }
}

async function play(lab: LabProcess): Promise<void> {
  const image = randomBytes(48).toString('hex')
  const [parent, enclave] = [plainClient(lab), enclaveClient(lab, { pcr0: image })]
  say(`\nA key whose policy releases to PCR0 = ${image.slice(0, 16)}… only:`)
  const symmetricKey = await createAttestedKey(parent, image, 'SYMMETRIC_DEFAULT')
  const agreementKey = await createAttestedKey(parent, image, 'ECC_NIST_P256')
  say(`  ${symmetricKey}\n\nAn enclave with that PCR0 attests, and is given:`)
  for (const { operation, play: release } of RELEASES) {
    say(
      `  released  ${operation.padEnd(20)}  ${await release({ symmetricKey, agreementKey, enclave, parent })}`,
    )
  }

  const fourHoursAgo = new Date(Date.now() - 4 * 3_600_000).toISOString()
  const refusals = [
    { who: 'another PCR0', client: enclaveClient(lab, { pcr0: randomBytes(48).toString('hex') }) },
    { who: 'one bit flipped', client: enclaveClient(lab, { pcr0: image, spoil: flipOneBitOf(image) }) },
    { who: 'an expired document', client: enclaveClient(lab, { pcr0: image, at: fourHoursAgo }) },
    { who: 'no Recipient at all', client: parent },
  ]
  say('\nThe same key pair, asked for in other ways:')
  for (const { who, client } of refusals) {
    const { error, reason } = await provokeRefusal(lab, client, symmetricKey)
    say(`  refused   ${who.padEnd(20)}  ${error}\n            ${wrap(reason, ' '.repeat(12))}`)
  }
}

say('attested-kms: one attested call, end to end')
const lab = await startLabProcess()
try {
  say(`A service in lab mode, as a process of its own: ${lab.kmsUrl}`)
  await play(lab)
  say('\nFive released to the attested enclave, four refused. Nothing left the service in plaintext.')
} finally {
  await lab.stop()
}
