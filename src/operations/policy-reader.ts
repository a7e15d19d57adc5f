import type { Policy, UnreadablePolicy } from '../policy/document.ts'
import { readStoredPolicy } from '../policy/document.ts'
import type { PolicyKind } from '../policy/statement.ts'
import { asksForAliases, unsuppliedConditionKey } from './unsupplied-condition-key.ts'

/** Reads stored policies, each text once while it is remembered. */
export interface PolicyReader {
  /** A policy that cannot be read, or that asks for a condition key of AWS that is never supplied here, allows nothing. */
  read(text: string, kind: PolicyKind): Policy | UnreadablePolicy
  /** Whether an identity policy has conditions on the aliases of the key, which take a look into the store. */
  asksForAliases(text: string): boolean
}

interface Entry {
  readonly policy: Policy | UnreadablePolicy
  readonly asksForAliases: boolean
}

/** Makes a reader that remembers the `limit` policies of each kind used last; a policy has 32 KB at most. */
export function createPolicyReader(limit = 256): PolicyReader {
  type Remembered = Map<string, Entry>
  const byKind: Readonly<Record<PolicyKind, Remembered>> = {
    key: new Map(),
    identity: new Map(),
    trust: new Map(),
  }

  function find(text: string, kind: PolicyKind): Entry {
    const known = byKind[kind]
    const entry = known.get(text) ?? readEntry(text, kind)
    // Deleted and set anew, so that the order of the map is the order of use.
    known.delete(text)
    known.set(text, entry)
    for (const oldest of known.keys()) {
      if (known.size <= limit) break
      known.delete(oldest)
    }
    return entry
  }

  return {
    read: (text, kind) => find(text, kind).policy,
    asksForAliases: (text) => find(text, 'identity').asksForAliases,
  }
}

function readEntry(text: string, kind: PolicyKind): Entry {
  const policy = readStoredPolicy(text, kind)
  if (!('statements' in policy)) return { policy, asksForAliases: false }
  const unsupplied = unsuppliedConditionKey(policy)
  if (unsupplied !== undefined) return { policy: { unreadable: unsupplied }, asksForAliases: false }
  return { policy, asksForAliases: asksForAliases(policy) }
}
