mod protocol;

use aws_nitro_enclaves_attestation::NitroAdDoc;

fn main() {
    protocol::serve(|question| {
        NitroAdDoc::from_bytes(&question.document, &question.root, question.seconds)
            .map(|_| ())
            .map_err(|e| format!("{e:?}"))
    });
}
