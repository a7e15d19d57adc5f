import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/address.ts'

/**
 * What weakens a service, in the words that `/health`, every answer and every log line carry; empty in production mode,
 * unless an operator trusts the root of a lab there.
 */
export function unsafeMarks(
  { lab, listen }: Pick<Config, 'lab' | 'listen'>,
  trustsLabRoot: boolean,
): readonly string[] {
  const clock = lab?.unsafeAttestationClock ?? null
  return [
    ...(trustsLabRoot ? ['lab-root'] : []),
    ...(lab?.unsafeAllowUnsigned ? ['allow-unsigned'] : []),
    ...(clock === null
      ? []
      : [clock === 'document' ? 'attestation-clock-document' : 'attestation-clock-fixed']),
    ...(lab && !isLoopback(listen) ? ['exposed'] : []),
  ]
}
