import { GenerateDataKeyPairCommand } from './aws-sdk.ts'
import type { KMSClient } from './aws-sdk.ts'
import type { LabProcess } from './lab-process.ts'

/** How a call was refused. */
export interface Refusal {
  /** The name of the exception that the caller saw. */
  readonly error: string
  /** Why, as only the operator is told. */
  readonly reason: string
}

/**
 * Asks for a key pair that must not be released, and fulfils with the refusal and the reason that the admin listener
 * gives. Rejects if the call is answered.
 */
export async function provokeRefusal(lab: LabProcess, client: KMSClient, keyArn: string): Promise<Refusal> {
  const command = new GenerateDataKeyPairCommand({ KeyId: keyArn, KeyPairSpec: 'RSA_2048' })
  const error: unknown = await client.send(command).then(
    () => new Error('a key pair was released that must not be'),
    (thrown: unknown) => thrown,
  )
  const requestId = requestIdOf(error)
  if (!(error instanceof Error) || requestId === undefined) throw error
  return { error: error.name, reason: await reasonOf(lab, requestId) }
}

/** What the SDK keeps of an answer beside its error. */
function requestIdOf(error: unknown): string | undefined {
  const metadata = (error as { $metadata?: { requestId?: string } }).$metadata
  return metadata?.requestId
}

async function reasonOf({ adminUrl, adminToken }: LabProcess, requestId: string): Promise<string> {
  const answer = await fetch(`${adminUrl}/decisions/${requestId}`, {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  // The shape of decision records; see the schema of outputs.
  const record = (await answer.json()) as {
    readonly attestation: { readonly code: string | null; readonly message: string | null } | null
    readonly decisions: readonly { readonly reasons: readonly string[] }[]
  }
  if (record.attestation?.code) return `${record.attestation.code}: ${record.attestation.message ?? ''}`
  return record.decisions.at(-1)?.reasons[0] ?? 'no reason was kept'
}
