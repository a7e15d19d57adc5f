import { cborInteger } from '../cbor-writer.ts'
import type { Alterations } from '../alterations.ts'
import { setField } from './alter-fields.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'

const HOUR = 3600
const YEAR = 365 * 24 * HOUR

/** A timestamp some seconds after the time the document was asked for; the certificates stay. */
const timestampAfterIssue = (seconds: number): Alterations => ({
  content: setField('timestamp', ({ request }) => cborInteger(request.at.getTime() + seconds * 1000)),
})

/** What is wrong with the time of a document or of the verifier. */
export const TIME_FAULTS: readonly Fault[] = [
  ...refusedWith('DOCUMENT_FROM_FUTURE', [
    [
      'time-document-6-min-ahead',
      'the timestamp lies 361 seconds ahead',
      timestampAfterIssue(362),
      { clock: { secondsAfterIssue: 1 } },
    ],
  ]),
  ...refusedWith('DOCUMENT_OUTSIDE_LEAF_VALIDITY', [
    [
      'time-document-before-leaf',
      'the timestamp lies an hour before the leaf begins',
      timestampAfterIssue(-HOUR - 3),
    ],
    [
      'time-timestamp-in-seconds',
      'the timestamp counts seconds instead of milliseconds',
      {
        content: setField('timestamp', ({ request }) => cborInteger(Math.floor(request.at.getTime() / 1000))),
      },
    ],
  ]),
  ...refusedWith('DOCUMENT_TOO_OLD', [
    [
      'time-older-than-max-age',
      'a good document a second older than allowed',
      {},
      { clock: { secondsAfterIssue: 601 }, maxAgeSeconds: 600 },
    ],
  ]),
  ...refusedWith('CHAIN_EXPIRED', [
    [
      'time-one-second-after-leaf',
      'a good document, looked at a second after its leaf has ended',
      {},
      { clock: { secondsAfterIssue: 3 * HOUR + 1 } },
    ],
    [
      'time-genuine-document-a-year-later',
      'a good document, looked at a year later',
      {},
      { clock: { secondsAfterIssue: YEAR } },
    ],
    [
      'time-document-clock-after-leaf',
      'the timestamp lies four hours ahead, and the verifier takes it for the present time',
      timestampAfterIssue(4 * HOUR),
      { clock: 'document' },
    ],
  ]),
  ...refusedWith('CHAIN_NOT_YET_VALID', [
    [
      'time-fixed-clock-before-leaf',
      'a good document, looked at an hour before it was made',
      {},
      { clock: { secondsAfterIssue: -HOUR } },
    ],
    [
      'time-document-clock-before-leaf',
      'the timestamp lies an hour before the leaf begins, and the verifier takes it for the present time',
      timestampAfterIssue(-HOUR - 3),
      { clock: 'document' },
    ],
  ]),
]
