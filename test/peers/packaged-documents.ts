import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AttestationError } from '../../src/attestation/errors.ts'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { systemClock } from '../../src/core/clock.ts'
import { PEERS } from './peers.ts'

/** What our verifier says of a document that another's package brings as test data. */
export interface OwnVerdict {
  readonly peer: string
  readonly file: string
  /** The code of the refusal; null for accepted. */
  readonly code: string | null
  /** What the package says of it, in our codes. */
  readonly expected: string | null
}

interface PackagedDocument {
  readonly peer: string
  readonly file: string
  readonly encoding: 'raw' | 'hex' | 'base64'
  /** Where the document stands in a source file: the text after this name, in quotation marks. */
  readonly constant?: string
  readonly expected: string | null
}

const DOCUMENTS: readonly PackagedDocument[] = [
  {
    peer: 'nitro_attest',
    file: 'tests/fixtures/attestation.cose',
    encoding: 'raw',
    expected: null,
  },
  ...['attestation.hex', 'attestation2.hex'].map((name) => ({
    peer: 'ic_tee_nitro_attestation',
    file: `src/test/${name}`,
    encoding: 'hex' as const,
    expected: null,
  })),
  ...['FIXED_VALID_ATTESTATION', 'VALID_PCR16_ATTESTATION'].map((constant) => ({
    peer: 'fastcrypto',
    file: 'src/tests/nitro_attestation_tests.rs',
    encoding: 'hex' as const,
    constant,
    expected: null,
  })),
  ...['tee-attestation-verifier', 'remote-attestation-verifier'].flatMap((peer) => {
    const common = { peer, encoding: 'base64' as const }
    return [
      { ...common, file: 'fixtures/example_attestation', expected: null },
      { ...common, file: 'fixtures/invalid_attestation', expected: 'COSE_SIGNATURE_INVALID' },
    ]
  }),
  {
    peer: 'aws-nitro-enclaves-attestation',
    file: 'tests/data/nitro_ad_debug.bin',
    encoding: 'raw',
    expected: null,
  },
]

/** Our verdicts on what the installed packages bring, each at its own time under AWS's root. */
export async function judgePackagedDocuments(): Promise<readonly OwnVerdict[]> {
  const verdicts: OwnVerdict[] = []
  for (const { peer, file, encoding, constant, expected } of DOCUMENTS) {
    const folder = sourceFolder(peer)
    if (folder === null) continue
    const bytes = readFileSync(join(folder, file))
    const text = constant === undefined ? bytes.toString('latin1') : readConstant(bytes, constant)
    const document = encoding === 'raw' ? bytes : Buffer.from(text.trim(), encoding)
    verdicts.push({ peer, file: constant ?? file, code: await codeOf(document), expected })
  }
  return verdicts
}

/** Where cargo has put the source of a crate; null where it is not installed. */
function sourceFolder(crate: string): string | null {
  const version = PEERS.find(({ name }) => name === crate)?.version ?? ''
  const registry = join(process.env['CARGO_HOME'] ?? join(homedir(), '.cargo'), 'registry', 'src')
  if (!existsSync(registry)) return null
  const folders = readdirSync(registry).map((index) => join(registry, index, `${crate}-${version}`))
  return folders.find((folder) => existsSync(folder)) ?? null
}

function readConstant(source: Uint8Array, name: string): string {
  const [, text] = new RegExp(`${name}[^"]*"([0-9a-f]+)"`).exec(Buffer.from(source).toString('latin1')) ?? []
  if (text === undefined) throw new Error(`${name} is not in the source`)
  return text
}

async function codeOf(document: Uint8Array): Promise<string | null> {
  try {
    const clock = { clock: systemClock, [unsafeEvaluationTime]: 'document' as const }
    await verifyAttestation(document, { anchors: [AWS_NITRO_ROOT], ...clock })
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}
