import type { Tag } from '../store/key-store.ts'
import { KmsError } from './errors.ts'
import type { TagMembers } from './members.ts'

/** How many tags a key may have (AWS KMS Developer Guide, Resource quotas). */
const TAG_LIMIT = 50

/** Checks the tags of a request against each other and the reserved prefix. Throws `TagException`. */
export function toTags(members: readonly TagMembers[]): readonly Tag[] {
  const keys = members.map(({ TagKey }) => TagKey)
  if (keys.length > TAG_LIMIT) throw new KmsError('TagException', 'Too many tags')
  if (new Set(keys).size < keys.length) throw new KmsError('TagException', 'Duplicate tag keys')
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw new KmsError('TagException', 'Tags beginning with aws: are reserved')
  }
  return members.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }))
}
