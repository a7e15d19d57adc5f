import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { CodedError } from './base-error.ts'

/** What can be wrong with a file that holds a secret. */
export type SecretFileErrorCode = 'SECRET_FILE_EXPOSED' | 'SECRET_FILE_UNREADABLE' | 'SECRET_FILE_UNWRITABLE'

/** A secret file that must not be used. The message names the path, never the content. */
export class SecretFileError extends CodedError<SecretFileErrorCode> {
  override readonly name = 'SecretFileError'
}

/**
 * Reads a file whose content is a secret. Answers `undefined` if there is none.
 * Throws `SecretFileError`: `SECRET_FILE_EXPOSED` if others than its owner may read or write it,
 * `SECRET_FILE_UNREADABLE` if it cannot be read.
 */
export function readSecretFile(path: string): Uint8Array | undefined {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw unreadable(path, error)
  }
  try {
    // Asked of the open file, so that it cannot be exchanged between the question and the reading.
    if ((fstatSync(descriptor).mode & 0o077) !== 0) {
      throw new SecretFileError('SECRET_FILE_EXPOSED', `${path} is open to others; chmod 600 it`)
    }
    return new Uint8Array(readFileSync(descriptor))
  } catch (error) {
    throw error instanceof SecretFileError ? error : unreadable(path, error)
  } finally {
    closeSync(descriptor)
  }
}

function unreadable(path: string, cause: unknown): SecretFileError {
  return new SecretFileError('SECRET_FILE_UNREADABLE', `${path} cannot be read`, { cause })
}

/**
 * Reads a secret file, or makes it with mode 0600 from what `make` answers. Where two processes make it at once, both
 * answer the content of the one that came first. Throws as `readSecretFile`, and `SECRET_FILE_UNWRITABLE`.
 */
export function openSecretFile(
  path: string,
  make: () => Uint8Array,
): { readonly content: Uint8Array; readonly made: boolean } {
  const present = readSecretFile(path)
  if (present) return { content: present, made: false }
  const content = make()
  if (writeNew(path, content)) return { content, made: true }
  const first = readSecretFile(path)
  if (first) return { content: first, made: false }
  throw unwritable(path)
}

/** Writes a secret file anew, mode 0600, in place of any other. Throws `SecretFileError` `SECRET_FILE_UNWRITABLE`. */
export function replaceSecretFile(path: string, content: Uint8Array): void {
  const draft = draftOf(path)
  try {
    writeSynced(draft, content)
    renameSync(draft, path)
    syncDirectory(dirname(path))
  } catch (error) {
    rmSync(draft, { force: true })
    throw unwritable(path, error)
  }
}

function unwritable(path: string, cause?: unknown): SecretFileError {
  return new SecretFileError('SECRET_FILE_UNWRITABLE', `${path} cannot be made`, { cause })
}

function draftOf(path: string): string {
  return `${path}.${process.pid}.new`
}

/** Writes a file that is whole or absent, whatever happens meanwhile. Answers false if there is one already. */
function writeNew(path: string, content: Uint8Array): boolean {
  const draft = draftOf(path)
  try {
    writeSynced(draft, content)
    linkSync(draft, path)
    syncDirectory(dirname(path))
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw unwritable(path, error)
  } finally {
    rmSync(draft, { force: true })
  }
}

function writeSynced(path: string, content: Uint8Array): void {
  const descriptor = openSync(path, 'w', 0o600)
  try {
    writeSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A new name is durable once its directory is. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
