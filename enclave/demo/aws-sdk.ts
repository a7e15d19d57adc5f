// The one file of the demo that names the AWS SDK for JavaScript. What is relied on: its KMS client sends these commands
// unchanged but for what a plug-in on its middleware stack adds, and errors carry `$metadata.requestId`.
export {
  CreateKeyCommand,
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
export type { KeySpec } from '@aws-sdk/client-kms'
