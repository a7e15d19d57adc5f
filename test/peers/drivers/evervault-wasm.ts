import { readFileSync } from 'node:fs'
import { serve } from './protocol.ts'

// @evervault/wasm-attestation-bindings: WebAssembly with its root inside, under the clock of `Date.now`. Arguments: the
// package's script and the file of its WebAssembly module.

const [script = '', module = ''] = process.argv.slice(2)

interface Bindings {
  initSync(options: { readonly module: Uint8Array }): unknown
  validateAttestationDocPcrs(document: string, measurements: readonly object[]): boolean
}

// The package's own types describe more than is used here.
const bindings = (await import(script)) as Bindings
bindings.initSync({ module: readFileSync(module) })

await serve(({ seconds, document }) => {
  Date.now = () => seconds * 1000
  return bindings.validateAttestationDocPcrs(Buffer.from(document).toString('base64'), []) ? null : 'false'
})
