import { join } from 'node:path'
import { copyWithRoot, installNpmPackage } from './npm-package.ts'
import type { Command, Installed, Lab, Missing, Peer } from './peer.ts'
import { copyModuleWithRoot, installPythonPackage } from './python-package.ts'
import { buildRustProgram } from './rust-program.ts'

const DRIVERS = new URL('./drivers/', import.meta.url).pathname
const OWN_DRIVER = new URL('./drivers/own.ts', import.meta.url).pathname
const NATIVE_DRIVER = new URL('./drivers/evervault-native.ts', import.meta.url).pathname
const WASM_DRIVER = new URL('./drivers/evervault-wasm.ts', import.meta.url).pathname

/** Our own verifier, behind the same protocol as the others. */
export const OWN: Peer = {
  name: 'attested-kms',
  version: 'this checkout',
  licence: 'Apache-2.0',
  registry: 'this project',
  root: 'argument',
  clock: 'argument',
  install: async () => same({ program: process.execPath, args: [OWN_DRIVER] }),
}

/** The same with its cache, as a service has it. */
export const OWN_WITH_CACHE: Peer = {
  ...OWN,
  name: 'attested-kms with its cache',
  install: async () => same({ program: process.execPath, args: [OWN_DRIVER, 'cache'] }),
}

/** Verifiers of others that the registries have, in the versions that were newest when this was written. */
export const PEERS: readonly Peer[] = [
  {
    name: '@evervault/attestation-bindings',
    version: '1.0.0',
    licence: 'MIT',
    registry: 'npm',
    root: 'built in',
    clock: 'machine',
    install: installEvervaultNative,
  },
  {
    name: '@evervault/wasm-attestation-bindings',
    version: '0.3.1',
    licence: 'not stated',
    registry: 'npm',
    root: 'built in',
    clock: 'argument',
    install: installEvervaultWasm,
  },
  {
    name: 'evervault-attestation-bindings',
    version: '0.5.0',
    licence: 'not stated',
    registry: 'PyPI',
    root: 'built in',
    clock: 'machine',
    install: installEvervaultPython,
  },
  pythonPeer('epsilon-attestation-verifier', { version: '1.1.0', licence: 'MIT', driver: 'epsilon.py' }),
  pythonPeer('pycape', { version: '3.1.1', licence: 'Apache-2.0', driver: 'pycape_client.py' }),
  rustPeer('nitro_attest', { version: '0.2.0', licence: 'MIT', root: 'built in', extra: ['time = "0.3"'] }),
  rustPeer('nsm-nitro-enclave-utils', {
    version: '0.1.3',
    licence: 'MPL-2.0',
    features: '"verify"',
  }),
  rustPeer('fastcrypto', { version: '0.1.11', licence: 'Apache-2.0', root: 'built in' }),
  rustPeer('ic_tee_nitro_attestation', {
    version: '0.8.0',
    licence: 'MIT OR Apache-2.0',
    root: 'built in',
    clock: 'document',
  }),
  rustPeer('TTKServer', {
    version: '0.22.6',
    licence: 'MIT',
    clock: 'document',
    features: '',
    extra: ['rustls-pki-types = "1"'],
  }),
  rustPeer('tee-attestation-verifier', { version: '0.1.4', licence: 'MIT' }),
  rustPeer('remote-attestation-verifier', { version: '0.1.2', licence: 'MIT' }),
  rustPeer('aws-nitro-enclaves-attestation', {
    version: '0.1.0',
    licence: 'Apache-2.0',
    // What it depends on does not compile with a newer one.
    extra: ['serde = "=1.0.150"'],
  }),
]

interface RustPeer extends Pick<Peer, 'version' | 'licence'>, Partial<Pick<Peer, 'root' | 'clock'>> {
  /** Features, quoted and separated by commas, in the place of the default ones. */
  readonly features?: string
  /** Further dependencies of the driver. */
  readonly extra?: readonly string[]
}

function rustPeer(name: string, { version, licence, features, extra = [], ...rest }: RustPeer): Peer {
  const { root = 'argument', clock = 'argument' } = rest
  const wanted = features === undefined ? '' : `, default-features = false, features = [${features}]`
  const dependencies = [`${name} = { version = "=${version}"${wanted} }`, ...extra]
  const driver = name.toLowerCase().replaceAll('-', '_')
  const install = (lab: Lab) => buildRustProgram({ driver, dependencies, root }, lab)
  return { name, version, licence, registry: 'crates.io', root, clock, install }
}

interface PythonPeer extends Pick<Peer, 'version' | 'licence'> {
  readonly driver: string
}

function pythonPeer(name: string, { version, licence, driver }: PythonPeer): Peer {
  const install = async (): Promise<Installed | Missing> => {
    const installed = await installPythonPackage(name, version)
    return installed ? same({ program: installed.python, args: [join(DRIVERS, driver)] }) : NO_PYTHON_PACKAGE
  }
  return { name, version, licence, registry: 'PyPI', root: 'argument', clock: 'argument', install }
}

async function installEvervaultNative({ rootCertificate, certificateFile }: Lab) {
  const packages = await installNpmPackage('@evervault/attestation-bindings', '1.0.0')
  if (packages === null) return NO_NPM_PACKAGE
  const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`
  const scope = join(packages, '@evervault', `attestation-bindings-${platform}`)
  const addon = join(scope, `evervault-attestation-bindings.${platform}.node`)
  return withCopy(addon, rootCertificate, (file) => ({
    program: process.execPath,
    args: [NATIVE_DRIVER, file, certificateFile],
  }))
}

async function installEvervaultWasm({ rootCertificate }: Lab) {
  const packages = await installNpmPackage('@evervault/wasm-attestation-bindings', '0.3.1')
  if (packages === null) return NO_NPM_PACKAGE
  const folder = join(packages, '@evervault', 'wasm-attestation-bindings')
  return withCopy(join(folder, 'index_bg.wasm'), rootCertificate, (file) => ({
    program: process.execPath,
    args: [WASM_DRIVER, join(folder, 'index.js'), file],
  }))
}

async function installEvervaultPython({ rootCertificate, certificateFile }: Lab) {
  const installed = await installPythonPackage('evervault-attestation-bindings', '0.5.0')
  if (!installed) return NO_PYTHON_PACKAGE
  const lab = copyModuleWithRoot(installed, 'evervault_attestation_bindings', rootCertificate)
  if (lab === null) return ROOT_NOT_FOUND
  const command = { program: installed.python, args: [join(DRIVERS, 'evervault_client.py'), certificateFile] }
  return { command: { aws: command, lab: { ...command, env: { PYTHONPATH: lab } } } }
}

function withCopy(file: string, root: Uint8Array, command: (file: string) => Command): Installed | Missing {
  const copy = copyWithRoot(file, root)
  return copy === null ? ROOT_NOT_FOUND : { command: { aws: command(file), lab: command(copy) } }
}

function same(command: Command): Installed {
  return { command: { aws: command, lab: command } }
}

const NO_NPM_PACKAGE: Missing = { missing: 'it could not be had from an npm registry' }
const NO_PYTHON_PACKAGE: Missing = { missing: 'no Python 3 with venv, or no Python package index' }
const ROOT_NOT_FOUND: Missing = { missing: 'the root was not found in the installed file' }
