mod protocol;

use remote_attestation_verifier::{parse_document, parse_payload, verify};

fn main() {
    protocol::serve(|question| {
        let document = parse_document(&question.document).map_err(|e| e.to_string())?;
        let payload = parse_payload(&document.payload).map_err(|e| e.to_string())?;
        let nonce = payload.nonce.clone();
        let measurements = payload.pcrs.clone();
        verify(document, payload, nonce, measurements, Some(question.root.clone()), question.seconds)
            .map_err(|e| e.to_string())
    });
}
