import type { RunningService } from '../compose/service.ts'
import type { Config } from '../config/config.ts'

/** What an operator is told at start, for standard error: where the service listens, and how to make a first call. */
export function describeService(service: RunningService, config: Config): string {
  const { kmsUrl, adminUrl, nsmUrl, administratorFile } = service
  const addresses = [
    `attested-kms: KMS   ${kmsUrl}`,
    `attested-kms: admin ${adminUrl} (token in ${config.dataDirectory}/admin-token)`,
    ...(nsmUrl === null ? [] : [`attested-kms: NSM   ${nsmUrl} (a simulated enclave)`]),
  ]
  if (!config.lab) {
    const made =
      administratorFile === null
        ? []
        : [`attested-kms: the administrator's access key is in ${administratorFile}`]
    return [...describeMarks(service.unsafe), ...addresses, ...made].join('\n')
  }
  const banner = `attested-kms: LAB MODE (${service.unsafe.join(', ')}): whoever reaches this service can use it. Never for real secrets.`
  return [banner, ...addresses, '', firstCall(kmsUrl, config)].join('\n')
}

/** In production mode the one thing to be said is that an operator named the root of a lab. */
function describeMarks(unsafe: readonly string[]): readonly string[] {
  if (unsafe.length === 0) return []
  return [
    `attested-kms: WARNING (${unsafe.join(', ')}): --attestation-root names the root of a lab. Whoever knows its seed can make any document.`,
  ]
}

/** A complete attested call: lines to paste into another terminal, in the folder where the service was started. */
function firstCall(kmsUrl: string, { dataDirectory, lab }: Config): string {
  const root =
    (lab?.seed ?? null) === null ? `--lab-root ${quote(dataDirectory)}` : `--seed ${quote(lab?.seed ?? '')}`
  return `Lab credentials (account 111122223333, user lab):
  export AWS_ACCESS_KEY_ID=AKIALAB0000000000000
  export AWS_SECRET_ACCESS_KEY=lab-secret-access-key-for-tests-only-0000
  export AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL_KMS=${kmsUrl}

A complete attested call, to paste into another terminal in this folder:

  # 1. As the enclave: a key pair, and a document about it, issued now.
  npm run -s cli -- attestation issue ${root} --key-pair recipient.pem --out document.bin

  # 2. As its caller, with the AWS CLI. Version 1:
  KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)
  aws kms generate-data-key-pair --key-id $KEY --key-pair-spec RSA_2048 \\
    --recipient KeyEncryptionAlgorithm=RSAES_OAEP_SHA_256,AttestationDocument@=fileb://document.bin \\
    --query CiphertextForRecipient --output text > answer.b64
  #    Version 2 takes the document as base64: AttestationDocument=$(base64 < document.bin | tr -d '\\n')

  #    Or with curl:
  kms() { curl -s --aws-sigv4 aws:amz:us-east-1:kms --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
    -H 'content-type: application/x-amz-json-1.1' -H "x-amz-target: TrentService.$1" -d "$2" ${kmsUrl}/; }
  KEY=$(kms CreateKey '{}' | sed -n 's/.*"KeyId":"\\([^"]*\\)".*/\\1/p')
  kms GenerateDataKeyPair '{"KeyId":"'$KEY'","KeyPairSpec":"RSA_2048","Recipient":{"KeyEncryptionAlgorithm":"RSAES_OAEP_SHA_256","AttestationDocument":"'$(base64 < document.bin | tr -d '\\n')'"}}' \\
    | sed -n 's/.*"CiphertextForRecipient":"\\([^"]*\\)".*/\\1/p' > answer.b64

  # 3. As the enclave again: only its key opens the answer, a private key as PKCS#8.
  npm run -s cli -- recipient open answer.b64 --key recipient.pem > private-key.der
`
}

/** Quotes a word for a POSIX shell where it needs it. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
