import { OPERATIONS } from '../operations/index.ts'
import { runOperation } from '../operations/run.ts'
import type { Services } from '../operations/services.ts'
import type { BoundOperation } from './dispatch.ts'

/** Every operation of the service by its name, each bound to what it works with. */
export function bindOperations(services: Services): ReadonlyMap<string, BoundOperation> {
  return new Map(
    [...OPERATIONS].map(([name, operation]) => [name, (call) => runOperation(services, operation, call)]),
  )
}
