import { toHex } from '../../core/bytes.ts'
import { CBOR_NULL, cborBytes, cborText } from '../cbor-writer.ts'
import { pcrEntry, setPcr } from './alter-fields.ts'
import { asNitroTpm } from './alter-request.ts'
import type { Fault } from './fault.ts'
import { refusedWith } from './fault.ts'

const VALUE = new Uint8Array(48).fill(0x5a)

const bytes = (length: number): Uint8Array => cborBytes(new Uint8Array(length).fill(0x5a))

/** What is wrong with the measurements; all of it is signed. */
export const PCR_FAULTS: readonly Fault[] = [
  ...refusedWith('DOCUMENT_PCR_COUNT_INVALID', [
    ['pcr-empty-map', 'no measurement at all', { pcrs: () => [] }],
    [
      'pcr-33-entries',
      'measurements 0 to 32',
      { pcrs: () => Array.from({ length: 33 }, (_, index) => pcrEntry(index, VALUE)) },
    ],
  ]),
  ...refusedWith('DOCUMENT_PCR_INDEX_INVALID', [
    [
      'pcr-index-32',
      'a further entry with index 32',
      { pcrs: (entries) => [...entries, pcrEntry(32, VALUE)] },
    ],
    [
      'pcr-index-negative',
      'a further entry with index -1',
      { pcrs: (entries) => [...entries, pcrEntry(-1, VALUE)] },
    ],
    [
      'pcr-index-text',
      'index 0 is a text',
      {
        pcrs: ([first, ...rest]) => [
          { key: cborText('0'), value: first?.value ?? cborBytes(VALUE) },
          ...rest,
        ],
      },
    ],
    [
      'pcr-index-text-and-int',
      'the text 0 as an index beside the integer 0',
      { pcrs: (entries) => [...entries, { key: cborText('0'), value: cborBytes(VALUE) }] },
    ],
  ]),
  ...refusedWith('DOCUMENT_PCR_VALUE_INVALID', [
    ['pcr-value-32-bytes', 'PCR0 has 32 bytes', { pcrs: setPcr(bytes(32)) }],
    ['pcr-value-64-bytes', 'PCR0 has 64 bytes', { pcrs: setPcr(bytes(64)) }],
    ['pcr-value-47-bytes', 'PCR0 has 47 bytes', { pcrs: setPcr(bytes(47)) }],
    ['pcr-value-empty', 'PCR0 has no bytes', { pcrs: setPcr(bytes(0)) }],
    ['pcr-value-hex-text', 'PCR0 is a text of hexadecimal digits', { pcrs: setPcr(cborText(toHex(VALUE))) }],
    ['pcr-value-null', 'PCR0 is null', { pcrs: setPcr(CBOR_NULL) }],
    [
      'tpm-pcr-value-20-bytes',
      'a NitroTPM document whose PCR4 has 20 bytes, as of a SHA-1 bank',
      { request: asNitroTpm, pcrs: setPcr(bytes(20), 4) },
    ],
  ]),
]
