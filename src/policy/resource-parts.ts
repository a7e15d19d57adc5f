/** A resource as patterns are compared with it: the parts of its ARN, or the one part `*` where there is no resource. */
export type ResourceParts = readonly string[]

/** How many parts an ARN has (AWS General Reference, Amazon Resource Names). */
export const ARN_PARTS = 6

/** Splits an ARN into its six parts; colons behind the fifth belong to the last part. */
export function splitResource(resource: string): ResourceParts {
  const parts = resource.split(':')
  if (parts.length <= ARN_PARTS) return parts
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')]
}
