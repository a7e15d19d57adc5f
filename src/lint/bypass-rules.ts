import type { Rule } from './rule.ts'

/** Ways round attestation; their findings show calls that get through. */
export const BYPASS_RULES = [
  {
    id: 'unattested-secret-operation',
    severity: 'error',
    title: 'A statement brings out a secret without asking for attestation.',
    help: 'The policy asks for measurements elsewhere, but this statement allows Decrypt, DeriveSharedSecret, GenerateDataKey, GenerateDataKeyPair or ReEncryptFrom without them, so that whoever it names needs no attestation document. Ask for the measurements here too, or deny everybody who comes without.',
  },
  {
    id: 'account-delegation',
    severity: 'error',
    title: 'Identity policies of the account let anybody in beside a conditional allow.',
    help: 'A statement that names an account leaves what it covers to the identity policies of that account, and lets in its root user. Where that covers the operations that another statement gates, an identity policy is all that is needed. Delegate with NotAction, or deny everybody who comes without a document.',
  },
  {
    id: 'grant-past-condition',
    severity: 'error',
    title: 'A grant gets past the conditional allow.',
    help: 'Grants know nothing of attestation: whoever may call CreateGrant can let himself or others call the gated operations without a document. Take CreateGrant away, limit it by kms:GrantOperations, or put the condition into a Deny, which grants do not override.',
  },
  {
    id: 'policy-change-open',
    severity: 'error',
    title: 'The party that must attest may put another key policy.',
    help: 'A principal that gets secrets on condition only, and may call PutKeyPolicy without, can take the condition away first. Leave PutKeyPolicy to principals that do not use the key.',
  },
  {
    id: 'replica-open',
    severity: 'error',
    title: 'The party that must attest may replicate the key under a policy of its own.',
    help: 'ReplicateKey takes a key policy for the replica, which has the same key material. A principal that gets secrets on condition only must not have it.',
  },
  {
    id: 'negated-in-allow',
    severity: 'error',
    title: 'A negated operator in an allow holds where there is no document.',
    help: 'StringNotEquals, StringNotLike and their like hold for a key that is absent. In an allow they let in callers without a document, and every document without that register. Name what may, under StringEqualsIgnoreCase; what must not belongs into a Deny.',
  },
  {
    id: 'if-exists-in-allow',
    severity: 'error',
    title: 'An …IfExists operator in an allow holds where there is no document.',
    help: 'IfExists means: if the key is absent, the condition holds. On a measurement that is the opposite of what is wanted. Leave IfExists away.',
  },
  {
    id: 'for-all-values-in-allow',
    severity: 'error',
    title: 'ForAllValues in an allow holds where there is no document.',
    help: 'ForAllValues is true of no values at all, so callers without a document get in. Measurements have one value: use the operator alone.',
  },
  {
    id: 'null-wrong-way',
    severity: 'error',
    title: 'A Null check asks for the opposite of attestation.',
    help: 'Null with true asks that the key is absent, that is for callers without a document; with false, that it is there. In a Deny it is the other way round.',
  },
  {
    id: 'any-document-satisfies',
    severity: 'error',
    title: 'The documents of everybody else satisfy the condition.',
    help: 'Anybody with an AWS account can start an enclave or an instance and get a genuine document for it. A condition must name a measurement that only the trusted image has.',
  },
  {
    id: 'debug-measurements',
    severity: 'error',
    title: 'The policy takes zeros for a measurement.',
    help: 'An enclave in debug mode attests with PCR0, PCR1 and PCR2 all zero, whatever its image is, and the parent instance reads its console. Never list zeros.',
  },
  {
    id: 'wildcard-measurement',
    severity: 'warning',
    title: 'A wildcard stands in for a measurement.',
    help: 'Images can be made until a measurement fits a short pattern, one try in sixteen for each digit. Name whole measurements under StringEqualsIgnoreCase.',
  },
  {
    id: 'weak-measurement',
    severity: 'note',
    title: 'The measurements asked for do not pin the image.',
    help: 'PCR3 is the role of the parent instance, PCR4 its id, PCR8 the signer, PCR1 the kernel, and PCR16 to PCR31 are what the program itself put there. Alone they let other images in. Ask for ImageSha384 or PCR0; of a NitroTPM, for PCR4 or PCR11.',
  },
  {
    id: 'deny-needs-all',
    severity: 'error',
    title: 'A deny with several measurements lets in whoever has one of them.',
    help: 'Conditions of one statement must all hold. A Deny that lists two measurements under StringNotEquals denies only documents that have both wrong. Write one Deny for each.',
  },
  {
    id: 'deny-positive-operator',
    severity: 'error',
    title: 'A deny with a positive operator keeps out the listed documents and nobody else.',
    help: 'StringEquals in a Deny denies callers that have the measurement. To keep out all others, negate: StringNotEqualsIgnoreCase, which also holds where there is no document.',
  },
  {
    id: 'deny-skips-absent-document',
    severity: 'error',
    title: 'A deny does not apply to callers without a document.',
    help: 'ForAnyValue is false of no values, and a Null check beside it can except the very callers who bring nothing. StringNotEqualsIgnoreCase alone holds where the key is absent.',
  },
  {
    id: 'deny-blocks-administration',
    severity: 'warning',
    title: 'A deny keeps everybody from administering the key for ever.',
    help: 'PutKeyPolicy never carries a document, so a Deny that asks for one denies it to everybody, and no policy can ever replace this one. Deny the operations that bring out secrets only.',
  },
] as const satisfies readonly Rule[]
