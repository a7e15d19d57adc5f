/** Counters of a service, in the text format of Prometheus (version 0.0.4). */
export interface Metrics {
  /** Counts an answered request. Both labels come from lists of our own, so their number is bounded. */
  countRequest(operation: string, code: string): void
  /** Counts a verdict on an attestation document: `ACCEPTED` or the code of the check that failed. */
  countVerdict(code: string): void
  /** The whole text. */
  render(): string
}

/** Makes counters at zero. `inFlight` answers how many calls are under way. */
export function createMetrics(inFlight: () => number): Metrics {
  const requests = new Map<string, number>()
  const verdicts = new Map<string, number>()
  return {
    countRequest: (operation, code) => increment(requests, `operation="${operation}",code="${code}"`),
    countVerdict: (code) => increment(verdicts, `code="${code}"`),
    render: () =>
      [
        '# HELP attested_kms_requests_total Requests answered, by operation and result.',
        '# TYPE attested_kms_requests_total counter',
        ...samples('attested_kms_requests_total', requests),
        '# HELP attested_kms_requests_in_flight Calls being worked on.',
        '# TYPE attested_kms_requests_in_flight gauge',
        `attested_kms_requests_in_flight ${inFlight()}`,
        '# HELP attested_kms_attestation_verdicts_total Attestation documents examined, by verdict.',
        '# TYPE attested_kms_attestation_verdicts_total counter',
        ...samples('attested_kms_attestation_verdicts_total', verdicts),
        '',
      ].join('\n'),
  }
}

function increment(counts: Map<string, number>, labels: string): void {
  counts.set(labels, (counts.get(labels) ?? 0) + 1)
}

function samples(name: string, counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].map(([labels, count]) => `${name}{${labels}} ${count}`).sort()
}
