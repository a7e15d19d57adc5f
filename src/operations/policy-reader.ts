import type { Policy, UnreadablePolicy } from '../policy/document.ts'
import { readStoredPolicy } from '../policy/document.ts'
import type { PolicyKind } from '../policy/statement.ts'
import { unsuppliedConditionKey } from './supplied-condition-keys.ts'

/** Reads stored policies, each text once while it is remembered. */
export interface PolicyReader {
  /** A policy that cannot be read, or that asks for a condition key never supplied here, allows nothing. */
  read(text: string, kind: PolicyKind): Policy | UnreadablePolicy
}

/** Makes a reader that remembers the `limit` policies of each kind used last; a policy has 32 KB at most. */
export function createPolicyReader(limit = 256): PolicyReader {
  type Remembered = Map<string, Policy | UnreadablePolicy>
  const byKind: Readonly<Record<PolicyKind, Remembered>> = { key: new Map(), identity: new Map() }
  return {
    read(text, kind) {
      const known = byKind[kind]
      const policy = known.get(text) ?? readPolicy(text, kind)
      // Deleted and set anew, so that the order of the map is the order of use.
      known.delete(text)
      known.set(text, policy)
      for (const oldest of known.keys()) {
        if (known.size <= limit) break
        known.delete(oldest)
      }
      return policy
    },
  }
}

function readPolicy(text: string, kind: PolicyKind): Policy | UnreadablePolicy {
  const policy = readStoredPolicy(text, kind)
  const unsupplied = 'statements' in policy ? unsuppliedConditionKey(policy) : undefined
  return unsupplied === undefined ? policy : { unreadable: unsupplied }
}
