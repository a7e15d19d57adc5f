import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/address.ts'

/** What weakens a service, in the words that `/health`, every answer and every log line carry; empty in production. */
export function unsafeMarks({ lab, listen }: Pick<Config, 'lab' | 'listen'>): readonly string[] {
  if (!lab) return []
  const clock = lab.unsafeAttestationClock
  return [
    'lab-root',
    ...(lab.unsafeAllowUnsigned ? ['allow-unsigned'] : []),
    ...(clock === null
      ? []
      : [clock === 'document' ? 'attestation-clock-document' : 'attestation-clock-fixed']),
    ...(isLoopback(listen) ? [] : ['exposed']),
  ]
}
