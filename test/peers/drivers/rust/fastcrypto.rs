mod protocol;

use fastcrypto::nitro_attestation::{parse_nitro_attestation, verify_nitro_attestation};

fn main() {
    protocol::serve(|question| {
        let (signature, message, document) =
            parse_nitro_attestation(&question.document, true, true, true).map_err(|e| e.to_string())?;
        verify_nitro_attestation(&signature, &message, &document, question.seconds * 1000).map_err(|e| e.to_string())
    });
}
