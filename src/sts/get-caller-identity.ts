import type { StsAction } from './call.ts'

/** Tells callers who they are; no policy has a say in it (AWS STS API Reference, GetCallerIdentity). */
export const GetCallerIdentity: StsAction = {
  name: 'GetCallerIdentity',
  handle({ call }) {
    const { arn, userId, accountId } = call.caller.principal
    return { Arn: arn, UserId: userId, Account: accountId }
  },
}
