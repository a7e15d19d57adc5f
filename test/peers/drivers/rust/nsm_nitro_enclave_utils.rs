mod protocol;

use nsm_nitro_enclave_utils::api::nsm::AttestationDoc;
use nsm_nitro_enclave_utils::time::Time;
use nsm_nitro_enclave_utils::verify::AttestationDocVerifierExt;

fn main() {
    protocol::serve(|question| {
        let milliseconds = question.seconds * 1000;
        let time = Time::new(Box::new(move || milliseconds));
        AttestationDoc::from_cose(&question.document, &question.root, time)
            .map(|_| ())
            .map_err(|e| format!("{e:?}"))
    });
}
