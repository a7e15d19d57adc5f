import type { IdentityPolicy } from './principal.ts'

/** The identity policy of the lab user and the bootstrap administrator. */
export const ALLOW_EVERYTHING: IdentityPolicy = {
  name: 'allow-everything',
  document: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'AllowEverything', Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
}
