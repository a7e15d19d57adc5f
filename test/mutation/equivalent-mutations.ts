/** Mutations that change no verdict on any document, by name, with the reason why they cannot. */
export const EQUIVALENT_MUTATIONS: readonly { readonly why: string; readonly ids: readonly string[] }[] = [
  {
    why: 'The text of the message differs, and nothing else.',
    ids: [
      'anchor-checks.ts findAnchor: bundle[0] => bundle[1] (2)',
      'anchor-checks.ts findAnchor: bundle[0] => bundle[(-1)] (2)',
    ],
  },
  {
    why: 'A head that is cut off is found by the next line, or the next but one, under the same code: more bytes are needed than are left.',
    ids: [
      'cbor-head.ts readHead: if (first === undefined)  => if (false) ',
      'cbor-head.ts readHead: if (contentStart > bytes.length)  => if (false) ',
    ],
  },
  {
    why: 'The number of an item without length is not looked at.',
    ids: [
      'cbor-head.ts readIndefiniteHead: argument: 0 => argument: 1',
      'cbor-head.ts readIndefiniteHead: argument: 0 => argument: (-1)',
    ],
  },
  {
    why: '0 and -1 are alike below everything that they are compared with.',
    ids: ['cbor-head.ts leastBytes: 0 => (-1)', 'cbor-head.ts leastArgument: 0 => (-1)'],
  },
  {
    why: 'A short cut past the decoder, which gives the same value, or one that is refused in the same way.',
    ids: [
      'cbor.ts readScalar: if (major === CBOR_MAJOR.bytes)  => if (false) ',
      'cbor.ts readScalar: if (major === CBOR_MAJOR.array || major === CBOR_MAJOR.map)  => if (false) ',
      'cbor.ts readScalar: major === CBOR_MAJOR.array || major === CBOR_MAJOR.map => major === CBOR_MAJOR.array',
      'cbor.ts readScalar: major === CBOR_MAJOR.array || major === CBOR_MAJOR.map => major === CBOR_MAJOR.map',
      'cbor.ts readScalar: if (major === CBOR_MAJOR.unsigned && end - start === 1)  => if (false) ',
      'cbor.ts readScalar: end - start === 1 => end - start === 0',
    ],
  },
  {
    why: 'The walk lets keys and values through in pairs only; this is said for the type checker.',
    ids: [
      'cbor.ts readPairs: index < items.length => index <= items.length',
      'cbor.ts readPairs: if (key && value)  => if (true) ',
      'cbor.ts readPairs: key && value => key',
      'cbor.ts readPairs: key && value => value',
      'cose-sign1.ts parseCoseSign1: unprotectedHeader.items.length > 0 => unprotectedHeader.items.length > 1',
    ],
  },
  {
    why: 'That there are four elements follows from their types; these operands are for the type checker.',
    ids: [
      'cose-sign1.ts readElements: !isArray || types !== COSE_TYPES || !protectedHeader || !unprotectedHeader || !payload || !signature => !isArray || types !== COSE_TYPES || !protectedHeader || !unprotectedHeader || !payload',
      'cose-sign1.ts readElements: !isArray || types !== COSE_TYPES || !protectedHeader || !unprotectedHeader || !payload => !isArray || types !== COSE_TYPES || !protectedHeader || !unprotectedHeader',
      'cose-sign1.ts readElements: !isArray || types !== COSE_TYPES || !protectedHeader || !unprotectedHeader => !isArray || types !== COSE_TYPES || !protectedHeader',
      'cose-sign1.ts readElements: !isArray || types !== COSE_TYPES || !protectedHeader => !isArray || types !== COSE_TYPES',
    ],
  },
  {
    why: 'Mandatory fields are there by then, and others are asked for only where they are.',
    ids: [
      'document-fields.ts readFields: item && readPairs(item) => readPairs(item)',
      'document-fields.ts asBytes: item && readScalar(payload, item) => readScalar(payload, item)',
      'document-fields.ts asText: item && readScalar(payload, item) => readScalar(payload, item)',
      'document-fields.ts asUnsigned: item && readScalar(payload, item) => readScalar(payload, item)',
    ],
  },
  {
    why: 'No document brings about another error than the expected one; this keeps the errors of programs apart: test/attestation/examine.test.ts.',
    ids: [
      'certificate-extensions.ts messageOf: if (error instanceof SyntaxError)  => if (true) ',
      'certificate.ts parseCertificate: if (!(cause instanceof SyntaxError))  => if (false) ',
      'input.ts takeInput: if (!(bytes instanceof Uint8Array))  => if (false) ',
      'verify.ts examineAttestation: if (!(error instanceof AttestationError))  => if (false) ',
      'verify.ts examineAttestation: if (!(error instanceof AttestationError))  => if (true) ',
      'verify.ts examineAttestation: !(error instanceof AttestationError) => error instanceof AttestationError',
    ],
  },
  {
    why: 'Decides which checks are listed, not how they end: test/attestation/examine.test.ts.',
    ids: [
      'verify.ts examineAttestation: options.demandRecipientKey === true => options.demandRecipientKey !== true',
    ],
  },
  {
    why: 'Decides when a document is read, not what is found: the order of turns.',
    ids: ['verify.ts runChecks: await turns.take() => ;'],
  },
  {
    why: 'In DER a number of several octets is at least 128, and more than any bundle has certificates, either way.',
    ids: [
      'certificate-extensions.ts toPathLength: total * 256 => total * 257',
      'certificate-extensions.ts toPathLength: total * 256 => total * 255',
    ],
  },
  {
    why: 'OpenSSL makes no key of a point of another length, which counts as none.',
    ids: [
      'certificate-key.ts isUncompressed: unusedBits === 0 && form === 0x04 && length === 2 + 2 * P384_FIELD_BYTES => unusedBits === 0 && form === 0x04',
    ],
  },
  {
    why: 'OpenSSL refuses the same signatures, under the same code; what is looked at here does not depend on its version.',
    ids: [
      'certificate.ts readCertificate: signatureBits[0] === 0 && isDerSignature(signature) => signatureBits[0] === 0',
      'ecdsa-signature.ts isScalar: length > 0 && length < P384_N.length => length > 0',
      'ecdsa-signature.ts isScalar: length < P384_N.length => length <= P384_N.length',
      'ecdsa-signature.ts isDerSignature: if (element.tag !== DER_SEQUENCE)  => if (false) ',
      'ecdsa-signature.ts isDerSignature: fields.end() => ;',
      'ecdsa-signature.ts isDerSignature: isShort(r) && isShort(s) && isSignatureInRange(r, s) => isShort(r) && isShort(s)',
      'ecdsa-signature.ts isDerSignature: isShort(r) && isShort(s) && isSignatureInRange(r, s) => isSignatureInRange(r, s)',
      'ecdsa-signature.ts isDerSignature: isShort(r) && isShort(s) => isShort(r)',
      'ecdsa-signature.ts isDerSignature: isShort(r) && isShort(s) => isShort(s)',
      'ecdsa-signature.ts isShort: (content[0] ?? 0) < 0x80 && content.length <= P384_FIELD_BYTES + 1 => (content[0] ?? 0) < 0x80',
      'ecdsa-signature.ts isShort: (content[0] ?? 0) < 0x80 && content.length <= P384_FIELD_BYTES + 1 => content.length <= P384_FIELD_BYTES + 1',
      'ecdsa-signature.ts isShort: (content[0] ?? 0) < 0x80 => (content[0] ?? 0) <= 0x80',
      'ecdsa-signature.ts isShort: content[0] => content[(-1)]',
      'ecdsa-signature.ts isShort: (content[0] ?? 0) < 0x80 => (content[0] ?? 0) < 129',
      'ecdsa-signature.ts isShort: P384_FIELD_BYTES + 1 => P384_FIELD_BYTES + 2',
    ],
  },
  {
    why: 'Without its field a certificate is of version 1, and every version but 3 is refused.',
    ids: ['certificate.ts readVersion: 1 => 2', 'certificate.ts readVersion: 1 => 0'],
  },
  {
    why: 'There is no second element without a first.',
    ids: ['certificate.ts pair: !first || !second => !second'],
  },
  {
    why: 'No rule stands at the end of the table of tags.',
    ids: [
      'der-primitives.ts RULES: length: 256 => length: 257',
      'der-primitives.ts RULES: length: 256 => length: 255',
    ],
  },
  {
    why: 'Where bits are missing that are said to be unused, the last octet is their number, whose lower bits are not all zero.',
    ids: [
      'der-primitives.ts isBitString: if (end - contentStart === 1)  => if (false) ',
      'der-primitives.ts isBitString: end - contentStart === 1 => end - contentStart === 0',
    ],
  },
  {
    why: 'Decides how much of a text is looked at here and how much by Node; what is ASCII is UTF-8.',
    ids: [
      'der-primitives.ts isUtf8String: at < end && (bytes[at] ?? 0) < 0x80 => (bytes[at] ?? 0) < 0x80',
      'der-primitives.ts isUtf8String: at < end => at <= end',
      'der-primitives.ts isUtf8String: (bytes[at] ?? 0) < 0x80 => (bytes[at] ?? 0) < 127',
      'der-primitives.ts isUtf8String: at === end || isUtf8(bytes.subarray(at, end)) => isUtf8(bytes.subarray(at, end))',
    ],
  },
  {
    why: 'For constructed elements there is no rule, and fewer than two elements are in order.',
    ids: [
      'der.ts readElement: if (!isConstructed)  => if (true) ',
      'der.ts readElement: tag === DER_SET && children.length > 1 => tag === DER_SET',
      'der.ts readElement: children.length > 1 => children.length >= 1',
      'der.ts readElement: children.length > 1 => children.length > 0',
    ],
  },
  {
    why: 'A length of so many octets is not minimal, or reaches beyond every certificate and key.',
    ids: [
      'der.ts takeLength: if (count === 0 || count > 4)  => if (false) ',
      'der.ts takeLength: count === 0 || count > 4 => count === 0',
      'der.ts takeLength: count === 0 || count > 4 => count > 4',
      'der.ts takeLength: count === 0 => count === (-1)',
      'der.ts takeLength: count > 4 => count >= 4',
      'der.ts takeLength: count > 4 => count > 5',
      'der.ts takeLength: count > 4 => count > 3',
    ],
  },
  {
    why: 'What is read beyond an element makes it end beyond its surroundings, which is refused in the same way.',
    ids: [
      'der.ts takeOctet: walk.position < limit ? walk.bytes[walk.position] : undefined => true ? walk.bytes[walk.position] : undefined',
      'der.ts takeOctet: walk.position < limit => walk.position <= limit',
      'der.ts takeOctet: if (value === undefined)  => if (false) ',
    ],
  },
  {
    why: 'Names are taken out of certificates as SEQUENCEs.',
    ids: [
      'distinguished-name.ts isName: element.tag === DER_SEQUENCE && element.children.every(isRelativeName) => element.children.every(isRelativeName)',
    ],
  },
  {
    why: 'Where OpenSSL reports an error it does not say that the signature holds.',
    ids: ['p384-verify.ts holdsP384: error === null && holds => holds'],
  },
  {
    why: 'Both are null, or neither.',
    ids: [
      'recipient-key.ts readRecipientKey: rsa === null || publicKey === null => rsa === null',
      'recipient-key.ts readRecipientKey: rsa === null || publicKey === null => publicKey === null',
    ],
  },
  {
    why: '65536 and 2^64 are even, and refused for that.',
    ids: [
      'recipient-key.ts checkExponent: exponent < 65_537n => exponent < 65536n',
      'recipient-key.ts checkExponent: exponent >= 2n ** 64n => exponent > 2n ** 64n',
    ],
  },
  {
    why: 'The strict reading of a key and the comparison with a fresh encoding refuse the same keys, under the same code; either would do.',
    ids: [
      'recipient-key.ts readSpki: if (!equalBytes(fresh, spki))  => if (false) ',
      'recipient-key.ts readRsaNumbers: if (element.tag !== DER_SEQUENCE)  => if (false) ',
      'recipient-key.ts readRsaNumbers: algorithm.end() => ; (2)',
      'recipient-key.ts readRsaPublicKey: if (element.tag !== DER_SEQUENCE)  => if (false) ',
      'recipient-key.ts readRsaPublicKey: fields.end() => ;',
      'recipient-key.ts toPositive: if ((content[0] ?? 0) >= 0x80)  => if (false) ',
      'recipient-key.ts toPositive: (content[0] ?? 0) >= 0x80 => (content[0] ?? 0) > 0x80',
      'recipient-key.ts toPositive: content[0] => content[(-1)]',
      'recipient-key.ts toPositive: (content[0] ?? 0) >= 0x80 => (content[0] ?? 0) >= 129',
    ],
  },
  {
    why: 'Every certificate below the root has one above it.',
    ids: [
      'signature-checks.ts checkSignatures: issuer ? holdsCertificate(certificate, issuer, cache) : Promise.resolve(false) => true ? holdsCertificate(certificate, issuer, cache) : Promise.resolve(false)',
    ],
  },
  {
    why: 'Saves the time of a verification whose outcome is known: test/attestation/verification-cache.test.ts.',
    ids: [
      'signature-checks.ts holdsCertificate: if (cache?.hasSignature(certificate, issuer))  => if (false) ',
      "signature-checks.ts holdsDocument: isKnown || holdsP384({ key: leaf.publicKey, data, signature, encoding: 'ieee-p1363' }) => holdsP384({ key: leaf.publicKey, data, signature, encoding: 'ieee-p1363' })",
    ],
  },
  {
    why: '752 is no prime, and what a composite number divides one of its primes divides too.',
    ids: [
      'small-primes.ts LIMIT: LIMIT = 752 => LIMIT = 753',
      'small-primes.ts primesBelow: candidate < limit => candidate <= limit',
      'small-primes.ts primesBelow: if (primes.every((prime) => candidate % prime !== 0))  => if (true) ',
      'small-primes.ts primesBelow: candidate % prime !== 0 => candidate % prime !== (-1)',
    ],
  },
  {
    why: 'Without a maximum age the comparison is with NaN, and false.',
    ids: [
      'time-checks.ts checkDocumentTime: maxAgeSeconds !== undefined && age > maxAgeSeconds * 1000 => age > maxAgeSeconds * 1000',
    ],
  },
  {
    why: 'A time of another length has another number of digits, or a Z among them.',
    ids: [
      'validity.ts LONGEST_TIME: LONGEST_TIME = 15 => LONGEST_TIME = 16',
      'validity.ts readDigits: end - start > LONGEST_TIME || bytes[end - 1] !== ZULU || (end - start) % 2 === 0 => end - start > LONGEST_TIME || bytes[end - 1] !== ZULU',
      'validity.ts readDigits: end - start > LONGEST_TIME || bytes[end - 1] !== ZULU => bytes[end - 1] !== ZULU',
      'validity.ts readDigits: (end - start) % 2 === 0 => (end - start) % 2 === (-1)',
      'validity.ts readDigits: end - 1 => end - 2 (2)',
    ],
  },
  {
    why: 'A day beyond its month changes the month, an hour beyond 23 the day, a minute beyond 59 the hour: each is found by one of the others.',
    ids: [
      'validity.ts toDate: date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour => date.getUTCMonth() === month - 1 && date.getUTCDate() === day',
      'validity.ts toDate: date.getUTCMonth() === month - 1 && date.getUTCDate() === day => date.getUTCMonth() === month - 1',
      'validity.ts toDate: isReal && minute < 60 => isReal',
      'validity.ts toDate: minute < 60 => minute <= 60',
      'validity.ts toDate: minute < 60 => minute < 61',
    ],
  },
]
