import type {
  AlterationContext,
  Alterations,
  ContentAlterations,
  CoseParts,
  SigningInput,
} from './alterations.ts'
import { cborArray, cborBytes, cborMap, cborText } from './cbor-writer.ts'
import type { CertificatePlan } from './certificate-plan.ts'
import { encodeCertificate } from './certificate-plan.ts'
import type { ChainPlan } from './chain-plan.ts'
import { planChain } from './chain-plan.ts'
import type { CertificateBundle, DocumentContent } from './document-content.ts'
import { documentContent, encodePayload, pcrEntries } from './document-content.ts'
import type { IssueRequest } from './issue-request.ts'
import type { LabPki } from './lab-pki.ts'

/** Where certificates come from: made anew for every document, or kept by an issuer that lives longer. */
export interface CertificateSource {
  readonly plan: (pki: LabPki, request: IssueRequest) => ChainPlan
  readonly encode: (plan: CertificatePlan) => Uint8Array
}

/** Certificates made for one document. */
export const FRESH_CERTIFICATES: CertificateSource = { plan: planChain, encode: encodeCertificate }

/** A document and what it was made of. */
export interface BuiltDocument {
  readonly document: Uint8Array
  readonly request: IssueRequest
  readonly bundle: CertificateBundle
  /** r ‖ s. */
  readonly signature: Uint8Array
}

/** Makes a document: plans and signs the chain, encodes the payload, signs it, and puts the parts together. */
export function buildDocument(
  pki: LabPki,
  asked: IssueRequest,
  options: { readonly alterations?: Alterations; readonly certificates?: CertificateSource } = {},
): BuiltDocument {
  const { alterations = {}, certificates = FRESH_CERTIFICATES } = options
  const request = alterations.request ? alterations.request(asked, pki) : asked
  const context = chainContext(pki, request, { alterations, certificates })
  const bundle = signBundle(context, alterations, certificates)
  const plain = documentContent(request, bundle, alteredPcrs(context, alterations))
  const signed = alterContent(plain, alterations, context)
  const signature = signDocument(signed, alterations, context)
  const sent = alterations.afterSigning ? alterContent(plain, alterations.afterSigning, context) : signed
  const assembled = (alterations.assemble ?? assembleArray)({ ...sent, signature })
  const document = alterations.document ? alterations.document(assembled) : assembled
  return { document, request, bundle, signature }
}

/** The four items of a COSE_Sign1, each encoded: protected and unprotected header, payload, signature. */
export function coseItems(parts: CoseParts): readonly Uint8Array[] {
  return [cborBytes(parts.protectedHeader), cborMap([]), cborBytes(parts.payload), cborBytes(parts.signature)]
}

/** The array of the four, untagged (RFC 9052 §4.2), as AWS sends it. */
function assembleArray(parts: CoseParts): Uint8Array {
  return cborArray(coseItems(parts))
}

/** `Sig_structure` of a COSE_Sign1 with the external data given, empty in Nitro documents (RFC 9052 §4.4). */
export function signatureStructure(
  protectedHeader: Uint8Array,
  payload: Uint8Array,
  externalData: Uint8Array = new Uint8Array(),
): Uint8Array {
  return cborArray([
    cborText('Signature1'),
    cborBytes(protectedHeader),
    cborBytes(externalData),
    cborBytes(payload),
  ])
}

interface Making {
  readonly alterations: Alterations
  readonly certificates: CertificateSource
}

function chainContext(
  pki: LabPki,
  request: IssueRequest,
  { alterations, certificates }: Making,
): AlterationContext {
  const context = { pki, request, chain: certificates.plan(pki, request) }
  return alterations.chain ? { ...context, chain: alterations.chain(context.chain, context) } : context
}

function signBundle(
  context: AlterationContext,
  alterations: Alterations,
  { encode }: CertificateSource,
): CertificateBundle {
  const { root, regional, zonal, instance, leaf } = context.chain
  const bundle = { cabundle: [root, regional, zonal, instance].map(encode), certificate: encode(leaf) }
  return alterations.bundle ? alterations.bundle(bundle, context) : bundle
}

function alteredPcrs(context: AlterationContext, { pcrs }: Alterations): ReturnType<typeof pcrEntries> {
  const entries = pcrEntries(context.request)
  return pcrs ? pcrs(entries, context) : entries
}

function alterContent(
  plain: DocumentContent,
  alterations: ContentAlterations,
  context: AlterationContext,
): Omit<SigningInput, 'signatureStructure'> {
  const content = alterations.content ? alterations.content(plain, context) : plain
  const payload = encodePayload(content)
  return {
    protectedHeader: content.protectedHeader,
    payload: alterations.payload ? alterations.payload(payload, context) : payload,
  }
}

function signDocument(
  content: Omit<SigningInput, 'signatureStructure'>,
  alterations: Alterations,
  context: AlterationContext,
): Uint8Array {
  const structure = signatureStructure(content.protectedHeader, content.payload)
  const signature = alterations.sign
    ? alterations.sign({ ...content, signatureStructure: structure }, context)
    : context.chain.leaf.key.sign(structure)
  return alterations.signature ? alterations.signature(signature, context) : signature
}
