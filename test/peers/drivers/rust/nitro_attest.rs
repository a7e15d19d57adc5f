mod protocol;

use nitro_attest::UnparsedAttestationDoc;
use time::OffsetDateTime;

fn main() {
    protocol::serve(|question| {
        let now = OffsetDateTime::from_unix_timestamp(question.seconds as i64).map_err(|e| e.to_string())?;
        let document: UnparsedAttestationDoc = question.document.as_slice().into();
        document.parse_and_verify(now).map(|_| ()).map_err(|e| format!("{e:?}"))
    });
}
