import { ALLOW_EVERYTHING } from './allow-everything.ts'
import type { AccessKey } from './principal.ts'
import { toUser } from './user.ts'

/** The account of lab mode. */
export const LAB_ACCOUNT_ID = '111122223333'

/** The access key of lab mode. It is public, which is why lab mode is kept to loopback addresses. */
export const LAB_ACCESS_KEY: AccessKey = {
  accessKeyId: 'AKIALAB0000000000000',
  secretAccessKey: 'lab-secret-access-key-for-tests-only-0000',
  principal: toUser({ accountId: LAB_ACCOUNT_ID, name: 'lab' }, [ALLOW_EVERYTHING]),
}
