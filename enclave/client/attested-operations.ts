/** An operation of KMS that takes `Recipient`. */
export interface AttestedOperation {
  /** The member of the answer that `CiphertextForRecipient` stands for. */
  readonly plaintextMember: 'Plaintext' | 'PrivateKeyPlaintext' | 'SharedSecret'
}

/** By the name of the command's class; AWS KMS API Reference, RecipientInfo. */
export const ATTESTED_COMMANDS: ReadonlyMap<string, AttestedOperation> = new Map([
  ['DecryptCommand', { plaintextMember: 'Plaintext' }],
  ['GenerateDataKeyCommand', { plaintextMember: 'Plaintext' }],
  ['GenerateDataKeyPairCommand', { plaintextMember: 'PrivateKeyPlaintext' }],
  ['GenerateRandomCommand', { plaintextMember: 'Plaintext' }],
  ['DeriveSharedSecretCommand', { plaintextMember: 'SharedSecret' }],
])
