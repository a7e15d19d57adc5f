import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabPki } from '../../src/simulator/lab-pki.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { cacheFolder } from './cache.ts'
import type { Lab } from './peer.ts'

/** Characters of AWS's root in base64; a root of the same length can take its place in a compiled program. */
const AWS_ROOT_BASE64_LENGTH = 712

/** A lab whose root is as long as AWS's. Signatures differ in length by a byte or two, so some seeds have to be tried. */
export function createPeerLab(): LabPki {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const pki = createLabPki({ seed: `peers ${attempt}` })
    const { length } = Buffer.from(pki.rootCertificate).toString('base64')
    if (length === AWS_ROOT_BASE64_LENGTH) return pki
  }
  throw new Error('no seed gives a root as long as that of AWS')
}

/** What installers need of the lab. */
export function describeLab({ rootCertificate }: LabPki, mayCompile = true): Lab {
  const certificateFile = join(cacheFolder(), 'certificate.der')
  writeFileSync(certificateFile, rootCertificate)
  return { rootCertificate, certificateFile, mayCompile }
}

/** The public key of the lab's root, as DER of a SubjectPublicKeyInfo. */
export function rootPublicKey({ rootCertificate }: LabPki): Uint8Array {
  return new X509Certificate(rootCertificate).publicKey.export({ type: 'spki', format: 'der' })
}
