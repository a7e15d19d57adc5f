import { changeKey } from './change-key.ts'
import { KmsError } from './errors.ts'
import { integer, withDefault } from './fields.ts'
import { keyId } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000

/** The waiting period in days (AWS KMS API Reference, ScheduleKeyDeletion); the model allows 1 to 365. */
const WINDOW_DAYS = { min: 7, max: 30, ifAbsent: 30 } as const

/** Starts the waiting period of a key, at the end of which key, material and aliases are destroyed. */
export const ScheduleKeyDeletion = defineOperation({
  name: 'ScheduleKeyDeletion',
  permission: 'kms:ScheduleKeyDeletion',
  input: {
    KeyId: keyId,
    PendingWindowInDays: withDefault(integer({ min: 1, max: 365 }), WINDOW_DAYS.ifAbsent),
  },
  errors: KEY_MANAGEMENT_ERRORS,
  conditionKeys: ({ PendingWindowInDays }) => ({
    'kms:ScheduleKeyDeletionPendingWindowInDays': `${PendingWindowInDays}`,
  }),
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  check({ PendingWindowInDays }) {
    if (PendingWindowInDays >= WINDOW_DAYS.min && PendingWindowInDays <= WINDOW_DAYS.max) return
    const text = `PendingWindowInDays must be between ${WINDOW_DAYS.min} and ${WINDOW_DAYS.max} (inclusive).`
    throw new KmsError('ValidationException', text)
  },
  async handle({ PendingWindowInDays }, scene) {
    const now = scene.services.clock.now().getTime()
    const deletionDate = new Date(now + PendingWindowInDays * DAY_MILLISECONDS)
    const record = await changeKey('ScheduleKeyDeletion', scene, (current) => ({
      ...current,
      keyState: 'PendingDeletion',
      deletionDate,
    }))
    return {
      KeyId: scene.key.arn,
      DeletionDate: deletionDate,
      KeyState: record.keyState,
      PendingWindowInDays,
    }
  },
})
