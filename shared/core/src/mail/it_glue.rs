//! The facts of the mail that a refused key of IT Glue is told by.

use serde::{Deserialize, Serialize};

use super::{Mail, MailKind, Outbox, mail_id};
use crate::itglue::{KeyFault, Reading};

/// IT Glue refused the API key; it is not tried again before it is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItGlueKeyRefused {
    /// What is wrong with it.
    pub fault: KeyFault,
    /// When it was refused.
    pub at_ms: u64,
}

impl ItGlueKeyRefused {
    /// The intent of telling it, once for each version of the key; none if the reading shows no fault of it.
    #[must_use]
    pub fn intent(reading: &Reading, key_version: &str, now_ms: u64) -> Option<Outbox> {
        let mail = Self { fault: reading.key_fault?, at_ms: now_ms };
        let id = mail_id(key_version, MailKind::ItGlueKeyRefused);
        Some(Outbox::intent(id, Mail::ItGlueKeyRefused(mail), now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::ItGlueKeyRefused;
    use crate::itglue::{KeyFault, Reading};

    #[test]
    fn a_key_is_told_of_once_and_faults_of_the_moment_never() {
        let reading = |key_fault| Reading { key_fault, error: Some("…".to_owned()), ..Reading::default() };
        let refused = reading(Some(KeyFault::Refused));
        let first = ItGlueKeyRefused::intent(&refused, "v1", 7).unwrap();
        let again = ItGlueKeyRefused::intent(&refused, "v1", 9).unwrap();
        let other = ItGlueKeyRefused::intent(&refused, "v2", 9).unwrap();
        assert_eq!((first.id == again.id, first.id == other.id), (true, false));
        assert_eq!(ItGlueKeyRefused::intent(&reading(None), "v1", 7), None);
    }
}
