/** A verifier of attestation documents that others publish, and how it is put to work here. */
export interface Peer {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly registry: 'npm' | 'PyPI' | 'crates.io' | 'this project'
  /** Whether callers say which root is trusted, or one is built in. A built-in one is replaced in a copy, see `repin.ts`. */
  readonly root: 'argument' | 'built in'
  /**
   * What certificates are held against: a time that callers give, that of the document, or the machine's. A verifier
   * that reads the machine's through something a caller can replace counts as one that is told.
   */
  readonly clock: 'argument' | 'document' | 'machine'
  /** Installs it where it is not there yet; or says why it cannot be had. */
  readonly install: (lab: Lab) => Promise<Installed | Missing>
}

/** The authority that documents of the simulator hang on here. */
export interface Lab {
  readonly rootCertificate: Uint8Array
  /** Path of a file with that certificate in DER; its public key is the user data of all documents. */
  readonly certificateFile: string
  /** Whether programs that are not there yet are compiled, which takes minutes. */
  readonly mayCompile: boolean
}

/** How the driver of an installed peer is started, by the root that it is to trust. */
export interface Installed {
  readonly command: Readonly<Record<TrustedRoot, Command>>
}

export type TrustedRoot = 'aws' | 'lab'

/** A program with arguments and additional variables. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Why a peer is not there. */
export interface Missing {
  readonly missing: string
}
