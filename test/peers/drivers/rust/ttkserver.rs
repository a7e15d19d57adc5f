mod protocol;

use rustls_pki_types::UnixTime;
use std::time::Duration;
use ttk_server::verifier::nitro::verify;
use ttk_server::verifier::{Policy, TrustStore};

// A document's chain is held against the document's own timestamp; the time given bounds that timestamp from above.
fn main() {
    let mut trust = TrustStore::builtin();
    let policy = Policy { allow_mock: false, allow_debug: true };
    let trust = std::cell::RefCell::new(&mut trust);
    protocol::serve(move |question| {
        let mut trust = trust.borrow_mut();
        trust.aws_nitro_root = question.root.clone();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(question.seconds));
        verify(&question.document, now, &trust, policy).map(|_| ())
    });
}
