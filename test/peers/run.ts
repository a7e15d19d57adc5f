import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { makeBaseRequest } from './base-request.ts'
import { compare } from './compare.ts'
import { createPeerLab } from './lab.ts'
import { judgePackagedDocuments } from './packaged-documents.ts'
import { OWN, PEERS } from './peers.ts'
import type { Row } from './report.ts'
import { report } from './report.ts'

// Asks the verifiers of others, each in the version named in `peers.ts`, about all documents of the hostile catalogue
// and all genuine ones that are at hand, and prints where they agree with ours and where they do not. Status 1: a good
// document is refused and nobody has written down why, or ours is wrong.

const USAGE = `usage: node test/peers/run.ts [--only NAME]... [--json FILE]
  --only NAME   one verifier; repeatable
  --json FILE   writes every verdict
`

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

async function run(): Promise<boolean> {
  const pki = createPeerLab()
  const bench = { pki, base: makeBaseRequest(pki) }
  const rows: Row[] = []
  for (const peer of [OWN, ...PEERS]) {
    if (flags.only.length > 0 && !flags.only.includes(peer.name)) continue
    process.stderr.write(`peers: ${peer.name}\n`)
    rows.push({ peer, result: await compare(peer, bench) })
  }
  const { text, isFine } = report(rows, await judgePackagedDocuments())
  process.stdout.write(`${text}\n`)
  if (flags.json !== undefined) {
    const verdicts = rows.map(({ peer, result }) => ({ name: peer.name, version: peer.version, result }))
    writeFileSync(flags.json, `${JSON.stringify(verdicts, null, 2)}\n`)
  }
  return isFine
}

if (flags.help) process.stderr.write(USAGE)
else if (!(await run())) process.exitCode = 1
