import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { serve } from './protocol.ts'

// @evervault/attestation-bindings: a native addon with its root inside, under the machine's clock. It demands that the
// document's user data is the public key of a certificate. Arguments: the addon's file and that of the certificate.

const [addon = '', certificateFile = ''] = process.argv.slice(2)

interface Bindings {
  attestEnclave(certificate: Buffer, measurements: readonly object[], document: Buffer): boolean
}

// The addon has no types of its own here; its one function is described above.
const bindings = createRequire(import.meta.url)(addon) as Bindings
const certificate = readFileSync(certificateFile)

await serve(({ document }) =>
  bindings.attestEnclave(certificate, [], Buffer.from(document)) ? null : 'false',
)
