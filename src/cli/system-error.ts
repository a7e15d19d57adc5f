/** What the C library calls the errors of files that have another name in Node (`strerror`). */
const STRERROR: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EPIPE: 'Broken pipe',
}

/** An error of the operating system as Rust programs print it, `No such file or directory (os error 2)`; else `undefined`. */
export function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const text = Object.hasOwn(STRERROR, code) ? STRERROR[code] : undefined
  return `${text ?? error.message} (os error ${Math.abs(error.errno)})`
}
