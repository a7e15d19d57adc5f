import { AsnConvert } from '@peculiar/asn1-schema'
import { BasicConstraints, Certificate, KeyUsage, KeyUsageFlags } from '@peculiar/asn1-x509'
import { encode } from 'cborg'
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import type { ReadDocument } from './read-document.ts'
import { Fault, readDocument } from './read-document.ts'

/*
 * A second verifier, with nothing of the first one: cborg reads the document, OpenSSL and @peculiar/asn1-x509 read the
 * certificates, OpenSSL checks the signatures. It is more lenient about encodings, so it takes whatever the first one may
 * take, and refuses whatever must not be taken.
 */

/** An independent reading of a document that an independent verifier takes. */
export interface Judgement {
  readonly document: ReadDocument
  /** SHA-256 of the certificates, root first. */
  readonly sha256: readonly string[]
  /** The window in which all of them are valid, milliseconds since 1970. */
  readonly window: readonly [from: number, until: number]
}

const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'
const ECDSA_SHA384 = '1.2.840.10045.4.3.3'

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Fault(what)
}

/** Judges an input. Throws `Fault` for one that must be refused. */
export function judge(input: Uint8Array, options: VerifyOptions): Judgement {
  const document = readDocument(input)
  const sha256 = document.certificates.map((der) => createHash('sha256').update(der).digest('hex'))
  demand(
    options.anchors.some((anchor) => anchor.sha256 === sha256[0]),
    'the root is trusted',
  )
  demand(new Set(sha256).size === sha256.length, 'no certificate comes twice')
  const chain = document.certificates.map(readCertificate)
  const skew = 1000 * (options.futureSkewSeconds ?? 300)
  const time = timeOf(document, options)
  chain.forEach((certificate, index) => {
    judgeCertificate(certificate, { isLeaf: index === chain.length - 1, below: chain.length - 2 - index })
    demand(certificate.from <= Math.floor(time / 1000) * 1000 + skew, 'the certificate has begun')
    demand(certificate.until >= Math.floor(time / 1000) * 1000, 'the certificate is not over')
    const issuer = chain[index - 1]
    if (issuer) judgeLink(certificate, issuer)
  })
  judgeDocument(document, { chain, time, skew, maxAge: options.maxAgeSeconds })
  if (options.demandRecipientKey === true) judgeRecipient(document.publicKey)
  const from = Math.max(...chain.map((one) => one.from))
  return { document, sha256, window: [from, Math.min(...chain.map((one) => one.until))] }
}

function timeOf({ timestamp }: ReadDocument, options: VerifyOptions): number {
  const unsafe = options[unsafeEvaluationTime]
  if (unsafe === 'document') return timestamp
  return (unsafe ?? options.clock.now()).getTime()
}

interface ReadCertificate {
  readonly x509: X509Certificate
  readonly asn1: Certificate
  readonly from: number
  readonly until: number
}

function readCertificate(der: Uint8Array): ReadCertificate {
  try {
    const x509 = new X509Certificate(der)
    const asn1 = AsnConvert.parse(der, Certificate)
    return { x509, asn1, from: x509.validFromDate.getTime(), until: x509.validToDate.getTime() }
  } catch (cause) {
    throw new Fault('a certificate can be read', { cause })
  }
}

const hexOf = (value: unknown): string => Buffer.from(AsnConvert.serialize(value)).toString('hex')

function judgeCertificate(
  { x509, asn1, from, until }: ReadCertificate,
  place: { isLeaf: boolean; below: number },
): void {
  const { tbsCertificate, signatureAlgorithm } = asn1
  demand(tbsCertificate.version === 2, 'the version is 3')
  demand(hexOf(tbsCertificate.signature) === hexOf(signatureAlgorithm), 'there is one algorithm')
  demand(
    signatureAlgorithm.algorithm === ECDSA_SHA384 && !signatureAlgorithm.parameters,
    'the algorithm is ECDSA with SHA-384',
  )
  demand(x509.publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1', 'the key is on P-384')
  demand(from <= until, 'the window is not reversed')
  const extensions = tbsCertificate.extensions ?? []
  demand(
    new Set(extensions.map(({ extnID }) => extnID)).size === extensions.length,
    'no extension comes twice',
  )
  const known = new Set([BASIC_CONSTRAINTS, KEY_USAGE])
  demand(
    extensions.every(({ critical, extnID }) => !critical || known.has(extnID)),
    'critical extensions are known',
  )
  const valueOf = (id: string): ArrayBuffer | undefined =>
    extensions.find(({ extnID }) => extnID === id)?.extnValue.buffer
  const constraints = valueOf(BASIC_CONSTRAINTS)
  const { cA, pathLenConstraint } = constraints
    ? AsnConvert.parse(constraints, BasicConstraints)
    : { cA: false }
  const usageValue = valueOf(KEY_USAGE)
  const usage = usageValue ? AsnConvert.parse(usageValue, KeyUsage).toNumber() : 0
  if (place.isLeaf) {
    demand(!cA && pathLenConstraint === undefined, 'the leaf is no CA')
    demand((usage & KeyUsageFlags.digitalSignature) !== 0, 'the leaf may sign')
  } else {
    demand(cA, 'the bundle is made of CAs')
    demand((usage & KeyUsageFlags.keyCertSign) !== 0, 'CAs may sign')
    demand(
      pathLenConstraint === undefined || BigInt(pathLenConstraint) >= place.below,
      'path lengths are kept',
    )
  }
}

function judgeLink(certificate: ReadCertificate, issuer: ReadCertificate): void {
  const [own, above] = [certificate.asn1.tbsCertificate.issuer, issuer.asn1.tbsCertificate.subject]
  demand(hexOf(own) === hexOf(above), 'the issuer is the subject above')
  demand(certificate.x509.verify(issuer.x509.publicKey), 'the signature of a certificate holds')
}

interface DocumentSource {
  readonly chain: readonly ReadCertificate[]
  readonly time: number
  readonly skew: number
  readonly maxAge: number | undefined
}

function judgeDocument(document: ReadDocument, { chain, time, skew, maxAge }: DocumentSource): void {
  const { protectedHeader, payload, signature, timestamp } = document
  const leaf = chain.at(-1)
  demand(leaf !== undefined, 'there is a leaf')
  const structure = encode(['Signature1', protectedHeader, new Uint8Array(), payload])
  const key = { key: leaf.x509.publicKey, dsaEncoding: 'ieee-p1363' } as const
  demand(verify('sha384', structure, key, signature), 'the signature of the document holds')
  demand(timestamp <= time + skew, 'the document is not from the future')
  const second = Math.floor(timestamp / 1000) * 1000
  demand(second >= leaf.from - skew && second <= leaf.until + skew, 'the document is as old as its leaf')
  demand(maxAge === undefined || time - timestamp <= maxAge * 1000, 'the document is young enough')
}

function judgeRecipient(spki: Uint8Array | null): void {
  demand(spki !== null && spki.length > 0, 'there is a recipient key')
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
    demand(
      key.asymmetricKeyType === 'rsa' && [2048, 3072, 4096].includes(modulusLength),
      'the recipient key is RSA',
    )
    demand(
      publicExponent >= 65_537n && publicExponent < 2n ** 64n && publicExponent % 2n === 1n,
      'the exponent is safe',
    )
    const n = BigInt(`0x${Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`)
    for (let divisor = 2n; divisor < 752n; divisor++)
      demand(n % divisor !== 0n, 'the modulus has no small factor')
    demand(key.export({ format: 'der', type: 'spki' }).equals(spki), 'the key has one encoding')
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('the recipient key can be read', { cause })
  }
}
