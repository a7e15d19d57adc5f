mod protocol;

use ic_tee_nitro_attestation::parse_and_verify;

// It has no clock: certificates are held against the document's own timestamp.
fn main() {
    protocol::serve(|question| parse_and_verify(&question.document).map(|_| ()));
}
