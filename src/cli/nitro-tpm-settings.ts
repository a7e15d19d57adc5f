import type { IssueOptions } from '../simulator/issue-document.ts'
import type { LabPki } from '../simulator/lab-pki.ts'
import { PROFILES } from '../simulator/profile.ts'
import { UsageError } from './command.ts'
import { labFromFlags, moduleFromFlags } from './issue-flags.ts'

/** What stands in for the TPM and the instance around it. */
export interface TpmSettings {
  readonly pki: LabPki
  readonly module: Omit<IssueOptions, 'kind' | 'at'>
}

/** A setting that no document can be made with. */
class TpmSettingError extends Error {
  override readonly name = 'TpmSettingError'
}

/**
 * Reads what the real tool has no flag for from the environment: the variables are those that set the flags of
 * `attestation issue`, and `ATTESTED_KMS_PCR` may hold several measurements with commas or white space between. Throws
 * `TpmSettingError`, and `SimulatorError` as `createLabPki` does.
 */
export function readTpmSettings(env: Readonly<Record<string, string | undefined>>): TpmSettings {
  const { ATTESTED_KMS_SEED: seed, ATTESTED_KMS_LAB_ROOT: labRoot } = env
  if ((seed === undefined) === (labRoot === undefined)) {
    throw new TpmSettingError(
      'set one of ATTESTED_KMS_SEED (the text of serve --lab-seed) and ATTESTED_KMS_LAB_ROOT (the data directory of a lab service)',
    )
  }
  try {
    return {
      pki: labFromFlags({ ...(seed !== undefined && { seed }), ...(labRoot !== undefined && { labRoot }) }),
      module: moduleFromFlags({
        pcr: (env['ATTESTED_KMS_PCR'] ?? '').split(/[\s,]+/).filter((pcr) => pcr !== ''),
        ...given('region', env['ATTESTED_KMS_REGION']),
        ...given('instanceId', env['ATTESTED_KMS_INSTANCE_ID']),
        ...given('fault', env['ATTESTED_KMS_FAULT']),
        ...given('profile', readProfile(env['ATTESTED_KMS_PROFILE'])),
      }),
    }
  } catch (cause) {
    // On this command line there is nothing wrong, so it is no wrong use of the tool.
    if (cause instanceof UsageError)
      throw new TpmSettingError(`in the environment: ${cause.message}`, { cause })
    throw cause
  }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [N in Name]: Value })
}

function readProfile(text: string | undefined): (typeof PROFILES)[number] | undefined {
  if (text === undefined) return undefined
  const profile = PROFILES.find((known) => known === text)
  if (profile === undefined)
    throw new TpmSettingError(`ATTESTED_KMS_PROFILE takes one of ${PROFILES.join(', ')}`)
  return profile
}
