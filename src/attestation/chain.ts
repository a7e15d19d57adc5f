import type { Certificate } from './certificate.ts'

/** A certificate of a document, and where it stands there, such as `cabundle[0]` or `certificate`. */
export interface ChainMember<Read extends Certificate = Certificate> {
  readonly place: string
  readonly certificate: Read
}

/** The certificates of a document. */
export interface Chain<Read extends Certificate = Certificate> {
  /** Whoever issues: root first. */
  readonly bundle: readonly ChainMember<Read>[]
  /** Whoever signs documents. */
  readonly leaf: ChainMember<Read>
}

/** All certificates from root to leaf. */
export function toPath<Read extends Certificate>({
  bundle,
  leaf,
}: Chain<Read>): readonly ChainMember<Read>[] {
  return [...bundle, leaf]
}

/** The first certificate for which something holds. */
export function findMember<Read extends Certificate>(
  path: readonly ChainMember<Read>[],
  holds: (certificate: Read) => boolean,
): ChainMember<Read> | undefined {
  return path.find(({ certificate }) => holds(certificate))
}
