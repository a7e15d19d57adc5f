import type { CertificatePlan } from './certificate-plan.ts'
import { encodeCertificate, planCertificate } from './certificate-plan.ts'
import type { Derive } from './derive.ts'
import { createDerive, deriveSerial } from './derive.ts'
import { SimulatorError } from './errors.ts'
import { authorityConstraints, keyUsage, subjectKeyIdentifier } from './extension.ts'
import { authorityName, derName } from './name.ts'
import { requireText } from './require-type.ts'
import { createSigningKey } from './signing-key.ts'

/**
 * A lab's certificate authority: the root, and the seed from which everything below it follows. Whoever has it, or its
 * seed, can issue whatever the root is trusted for.
 */
export interface LabPki {
  /** What stands in names where AWS writes its partition, such as `lab`. */
  readonly partition: string
  /** DER of the self-signed root. It depends on the seed and the label alone, not on the time. */
  readonly rootCertificate: Uint8Array
  /** The root before it was encoded, with its key; for the issuer. */
  readonly root: CertificatePlan
  /** Whatever else follows from the seed; for the issuer. */
  readonly derive: Derive
}

/** What a lab is made from. */
export interface LabPkiOptions {
  /** Any text that is not empty. The same text gives the same lab on every machine. */
  readonly seed: string
  /** What stands in names where AWS writes its partition: 1 to 32 small letters, digits and hyphens; `lab` unless given. */
  readonly partition?: string
}

/** The window of the root: as long as that of AWS's commercial root, 30 years and an hour. */
const ROOT_NOT_BEFORE = new Date('2019-01-01T00:00:00Z')
const ROOT_NOT_AFTER = new Date('2049-01-01T01:00:00Z')

/**
 * Makes a lab's certificate authority from a text; nothing but the text and the label goes into it. The root is valid
 * from 2019-01-01 to 2049-01-01 and has the shape of AWS's: P-384, ECDSA with SHA-384, a CA without a path length.
 * Throws `SimulatorError`: `SIMULATOR_SEED_EMPTY`, and `SIMULATOR_LABEL_INVALID` for a label that is not a word of
 * small letters, digits and hyphens. Throws `TypeError` for what is no text.
 */
export function createLabPki({ seed, partition = 'lab' }: LabPkiOptions): LabPki {
  requireText('seed', seed)
  requireText('partition', partition)
  if (seed === '')
    throw new SimulatorError('SIMULATOR_SEED_EMPTY', 'the seed of a lab is a text that is not empty')
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(partition)) {
    throw new SimulatorError('SIMULATOR_LABEL_INVALID', 'the partition label is a word of small letters')
  }
  const derive = createDerive(seed)
  const commonName = `${partition}.nitro-enclaves`
  const key = createSigningKey(derive(56, 'key', 'root', commonName))
  const name = derName(authorityName(commonName))
  const root = planCertificate({
    key,
    issuerKey: key,
    serial: deriveSerial(derive, 16, commonName),
    issuer: name,
    subject: name,
    notBefore: ROOT_NOT_BEFORE,
    notAfter: ROOT_NOT_AFTER,
    extensions: [
      authorityConstraints(),
      subjectKeyIdentifier(key),
      keyUsage(true, 'digitalSignature', 'keyCertSign', 'cRLSign'),
    ],
  })
  return { partition, rootCertificate: encodeCertificate(root), root, derive }
}
