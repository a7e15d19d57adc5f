const LIMIT = 752

/** The primes below 752, which SP 800-89 §5.3.3 (c) asks to look for as factors of an RSA modulus. */
export const SMALL_PRIMES: readonly bigint[] = primesBelow(LIMIT).map(BigInt)

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 2; candidate < limit; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
