import type { IssueRequest } from '../issue-request.ts'
import { resolveRequest } from '../issue-request.ts'
import type { LabPki } from '../lab-pki.ts'

/** The same request made by the instance itself instead of an enclave; measurements are those of an instance. */
export function asNitroTpm(request: IssueRequest, pki: LabPki): IssueRequest {
  if (request.kind === 'nitrotpm') return request
  const { at, region, instanceId, publicKey, nonce, userData, profile } = request
  return resolveRequest(pki, {
    kind: 'nitrotpm',
    at,
    region,
    instanceId,
    publicKey,
    nonce,
    userData,
    profile,
  })
}
