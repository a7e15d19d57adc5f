/** What goes into an attestation document at the enclave's wish; the limits are those of the Nitro Secure Module. */
export interface AttestationRequest {
  /** DER SubjectPublicKeyInfo of the recipient key, 1 to 1024 bytes. */
  readonly publicKey: Uint8Array
  /** At most 512 bytes each. */
  readonly userData?: Uint8Array | null
  readonly nonce?: Uint8Array | null
}

/** Where attestation documents come from: the Nitro Secure Module, a NitroTPM, or a lab that stands in for them. */
export interface Attester {
  /** A fresh document (COSE_Sign1 bytes). Rejects where none is to be had. */
  attest(request: AttestationRequest): Promise<Uint8Array>
}
