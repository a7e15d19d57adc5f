import { readFileSync } from 'node:fs'
import { succeeds } from '../support/python.ts'

/** What to put in front of a command so that it runs on as many cores as wanted; or why that cannot be done. */
export function pinnedTo(
  cores: number,
): { readonly program: string; readonly args: readonly string[] } | { readonly missing: string } {
  const allowed = allowedCores()
  if (allowed === null || !succeeds('taskset', ['--version'])) return { missing: 'no taskset on this system' }
  if (allowed.length < cores) return { missing: `this process may use ${allowed.length} core(s) only` }
  return { program: 'taskset', args: ['-c', allowed.slice(0, cores).join(',')] }
}

/** Numbers of the cores that this process may use; null where the system does not tell. */
function allowedCores(): readonly number[] | null {
  let status: string
  try {
    status = readFileSync('/proc/self/status', 'utf8')
  } catch {
    return null
  }
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status)?.[1] ?? ''
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
