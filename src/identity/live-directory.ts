import type { IdentityDirectory } from './principal.ts'

/** A directory whose content can be exchanged as a whole, between two of its answers. */
export interface LiveDirectory extends IdentityDirectory {
  /** Answers from `next` from now on. Callers who were found before stay who they were. */
  replaceWith(next: IdentityDirectory): void
}

/** Makes a directory that answers from `first` until it is told otherwise. */
export function createLiveDirectory(first: IdentityDirectory): LiveDirectory {
  let current = first
  return {
    findAccessKey: (accessKeyId) => current.findAccessKey(accessKeyId),
    findRole: (arn) => current.findRole(arn),
    principalExists: (arn) => current.principalExists(arn),
    replaceWith(next) {
      current = next
    },
  }
}
