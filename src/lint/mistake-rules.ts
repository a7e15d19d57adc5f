import type { Rule } from './rule.ts'

/** What cannot work, does nothing, or is doubtful. */
export const MISTAKE_RULES = [
  {
    id: 'not-principal-in-deny',
    severity: 'warning',
    title: 'NotPrincipal excepts principals from the attestation that is asked for.',
    help: 'A Deny with NotPrincipal leaves the listed principals alone whatever they attest, and denies others in ways that are hard to foresee: the account and each session have to be listed too. AWS advises against it. Deny everybody, and except nobody.',
  },
  {
    id: 'document-never-carried',
    severity: 'warning',
    title: 'The operation never carries a document, so the condition decides nothing.',
    help: 'Only Decrypt, DeriveSharedSecret, GenerateDataKey, GenerateDataKeyPair and GenerateRandom take a Recipient. For all others the measurements are absent: an allow never applies, a deny with a negated operator always does.',
  },
  {
    id: 'unknown-attestation-key',
    severity: 'error',
    title: 'There is no such condition key.',
    help: 'The keys are kms:RecipientAttestation:ImageSha384, kms:RecipientAttestation:PCR0 to PCR31 for enclaves, and kms:RecipientAttestation:NitroTPMPCR0 to NitroTPMPCR23. Any other is absent from every request: positive operators never hold on it, negated ones always do.',
  },
  {
    id: 'wrong-operator',
    severity: 'error',
    title: 'The operator is not for measurements.',
    help: 'Measurements are texts of hexadecimal digits: use StringEqualsIgnoreCase, or StringNotEqualsIgnoreCase in a Deny.',
  },
  {
    id: 'upper-case-measurement',
    severity: 'error',
    title: 'Upper-case digits never match.',
    help: 'Measurements come in lower-case hexadecimal digits, and StringEquals and StringLike compare with case. Use StringEqualsIgnoreCase, or lower-case digits.',
  },
  {
    id: 'measurement-length',
    severity: 'error',
    title: 'A measurement has 96 hexadecimal digits.',
    help: 'All registers hold SHA-384 values: 48 bytes, 96 hexadecimal digits. A value of another length never matches.',
  },
  {
    id: 'measurement-not-hex',
    severity: 'error',
    title: 'A measurement is written in hexadecimal digits.',
    help: 'The values are bare hexadecimal digits: no base64, no prefix such as 0x or sha384:, no white space, and no wildcards but under StringLike.',
  },
  {
    id: 'kinds-conflict',
    severity: 'error',
    title: 'Nothing is an enclave and a NitroTPM at once.',
    help: 'The document of an enclave has no NitroTPM registers and the other way round, so a statement that asks for both never applies. Write one statement for each kind.',
  },
  {
    id: 'measurement-contradiction',
    severity: 'error',
    title: 'The conditions on one register exclude one another.',
    help: 'ImageSha384 is the value of PCR0. Conditions of one statement must all hold, so different values for the same register never do.',
  },
  {
    id: 'cross-kind-register',
    severity: 'warning',
    title: 'The register means something only in a document of the other kind.',
    help: 'Nothing is measured into PCR5, PCR6, PCR7 and PCR9 to PCR15 of an enclave: they are zero. The registers of a NitroTPM are asked for as NitroTPMPCR<n>, and its documents never have the keys of an enclave.',
  },
  {
    id: 'set-operator',
    severity: 'note',
    title: 'A measurement has one value and needs no set operator.',
    help: 'ForAnyValue and ForAllValues are for keys with several values. On a measurement they only change what happens where it is absent.',
  },
  {
    id: 'open-to-all-accounts',
    severity: 'warning',
    title: 'Everybody with the measured image gets in, of whatever account.',
    help: 'With Principal * the measurement is the only gate, and whoever can get the image can start it in an account of his own. Name the role of the parent instance, or ask for kms:CallerAccount or aws:PrincipalOrgID besides.',
  },
  {
    id: 'no-effect-statement',
    severity: 'warning',
    title: 'The statement has no effect.',
    help: 'AWS KMS keeps a statement without Action or Resource, and it does nothing.',
  },
  {
    id: 'no-effect-action',
    severity: 'note',
    title: 'The action has no effect in this policy.',
    help: 'Key policies decide about operations on their key. RetireGrant is decided by grants, and CreateKey, GenerateRandom, the lists of the account and custom key stores by identity policies.',
  },
  {
    id: 'unknown-action',
    severity: 'warning',
    title: 'No operation of AWS KMS has this name.',
    help: 'A misspelt action allows nothing, and denies nothing.',
  },
  {
    id: 'no-effect-resource',
    severity: 'warning',
    title: 'The resource is not this key.',
    help: 'A key policy is about the key it is attached to. Use "Resource": "*"; a statement that names another key does nothing.',
  },
  {
    id: 'variables-in-old-version',
    severity: 'note',
    title: 'Policy variables are plain text in this version.',
    help: 'Without "Version": "2012-10-17" the characters ${…} stand for themselves.',
  },
  {
    id: 'overly-permissive-condition',
    severity: 'error',
    title: 'AWS refuses ForAllValues on this key.',
    help: 'kms:EncryptionContext:<key> and aws:RequestTag/<key> have one value, and ForAllValues also holds for requests without it. AWS KMS refuses such a policy with OverlyPermissiveCondition.',
  },
  {
    id: 'unreadable-policy',
    severity: 'error',
    title: 'The policy cannot be read.',
    help: 'AWS refuses such a policy when it is put. A service that meets it nevertheless must allow nothing.',
  },
  {
    id: 'no-attestation',
    severity: 'note',
    title: 'Nothing in the policy asks for attestation.',
    help: 'A verified document changes nothing by itself: only conditions on kms:RecipientAttestation keys do.',
  },
  {
    id: 'search-cut-short',
    severity: 'warning',
    title: 'The policy is too large for every call to be tried.',
    help: 'The search for calls that get through is bounded. What was found is proved, but there may be more.',
  },
] as const satisfies readonly Rule[]
