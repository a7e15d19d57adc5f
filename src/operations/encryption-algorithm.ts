import type { KeyRecord } from '../store/key-store.ts'
import { KmsError } from './errors.ts'

/**
 * Checks that a key of usage ENCRYPT_DECRYPT can be used with an algorithm; every such key is symmetric here.
 * Throws `InvalidKeyUsageException`.
 */
export function requireAlgorithm(algorithm: string, { keySpec }: KeyRecord): void {
  if (algorithm === 'SYMMETRIC_DEFAULT' && keySpec === 'SYMMETRIC_DEFAULT') return
  const text = `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`
  throw new KmsError('InvalidKeyUsageException', text)
}
