import type { IssueRequest } from '../issue-request.ts'
import { resolveRequest } from '../issue-request.ts'
import type { LabPki } from '../lab-pki.ts'
import type { DocumentKind } from '../module-id.ts'

/** The same request made by the instance itself instead of an enclave; measurements are those of an instance. */
export function asNitroTpm(request: IssueRequest, pki: LabPki): IssueRequest {
  return asKind('nitrotpm', request, pki)
}

/** The same request made by an enclave instead of the instance itself; measurements are those of an enclave. */
export function asEnclave(request: IssueRequest, pki: LabPki): IssueRequest {
  return asKind('nitro-enclave', request, pki)
}

function asKind(kind: DocumentKind, request: IssueRequest, pki: LabPki): IssueRequest {
  if (request.kind === kind) return request
  const { at, region, instanceId, publicKey, nonce, userData, profile } = request
  return resolveRequest(pki, { kind, at, region, instanceId, publicKey, nonce, userData, profile })
}
