//! Names of intents: the same event gives the same name, so what is told twice is stored once.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// Longest value of a tag that SES takes, and so the longest mail id.
const MAX_LEN: usize = 256;
/// Longest event that is spelled out in an id; longer ones are told by their hash.
const MAX_EVENT_LEN: usize = 128;

/// What kind of news a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// The first load is through.
    InitialComplete,
    /// The first load broke off.
    InitialFailed,
    /// Nights failed repeatedly.
    NightlyFailing,
    /// Autotask refused the login.
    CredentialsRefused,
    /// It works again.
    Healed,
    /// The brake holds deletions back.
    Held,
    /// Switched off after too many failed nights.
    Disabled,
    /// A night found something that waits for a decision.
    Digest,
    /// A write-back stopped and needs a person.
    WriteBackStopped,
    /// IT Glue refused the API key.
    ItGlueKeyRefused,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::InitialComplete,
        Self::InitialFailed,
        Self::NightlyFailing,
        Self::CredentialsRefused,
        Self::Healed,
        Self::Held,
        Self::Disabled,
        Self::Digest,
        Self::WriteBackStopped,
        Self::ItGlueKeyRefused,
    ];

    /// Its name in ids and logs; without an underscore, which separates it from the event.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InitialComplete => "initial-complete",
            Self::InitialFailed => "initial-failed",
            Self::NightlyFailing => "nightly-failing",
            Self::CredentialsRefused => "credentials-refused",
            Self::Healed => "healed",
            Self::Held => "held",
            Self::Disabled => "disabled",
            Self::Digest => "digest",
            Self::WriteBackStopped => "write-back-stopped",
            Self::ItGlueKeyRefused => "it-glue-key-refused",
        }
    }
}

/// Name of one intent: 1 to 256 characters of `A-Z`, `a-z`, `0-9`, `_` and `-`, fit for keys and SES's tags.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailId(String);

/// A text that is no mail id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mail id is not 1 to 256 characters of A-Z, a-z, 0-9, _ and -")]
pub struct BadMailId;

impl MailId {
    /// Parses a mail id.
    ///
    /// # Errors
    /// [`BadMailId`] for any other character or length.
    pub fn parse(text: &str) -> Result<Self, BadMailId> {
        let is_fit = (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(is_fit);
        if is_fit { Ok(Self(text.to_owned())) } else { Err(BadMailId) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MailId {
    type Error = BadMailId;

    fn try_from(text: String) -> Result<Self, BadMailId> {
        Self::parse(&text)
    }
}

impl From<MailId> for String {
    fn from(id: MailId) -> Self {
        id.0
    }
}

impl std::fmt::Display for MailId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The name of the mail that tells an event of a tenant.
///
/// The event is a run's id, or more where a run can meet the same news twice: a login refused again after the settings
/// changed is `<run>-<version of the settings>`.
///
/// # Shape
/// `<kind>_<event>`; an event that is too long or has other characters is told by its hash.
#[must_use]
pub fn mail_id(event: &str, kind: MailKind) -> MailId {
    let is_short = (1..=MAX_EVENT_LEN).contains(&event.len());
    let is_plain = is_short && !event.starts_with('_') && event.bytes().all(is_fit);
    let name = kind.name();
    MailId(if is_plain {
        format!("{name}_{event}")
    } else {
        // Two underscores: no plain event begins with one, so the two forms cannot meet.
        format!("{name}__{:032x}", xxh3_128(event.as_bytes()))
    })
}

fn is_fit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{MailId, MailKind, mail_id};

    #[test]
    fn one_event_has_one_id_of_each_kind() {
        let ids: BTreeSet<MailId> = MailKind::ALL.map(|kind| mail_id("0001-a", kind)).into();
        assert_eq!(ids.len(), MailKind::ALL.len());
        assert_eq!(mail_id("0001-a", MailKind::Held), mail_id("0001-a", MailKind::Held));
        assert_eq!(mail_id("0001-a", MailKind::Held).as_str(), "held_0001-a");
    }

    #[test]
    fn other_texts_are_no_ids() {
        for bad in ["", "a b", "a#b", "ä", "a\n", &"x".repeat(257)] {
            assert!(MailId::parse(bad).is_err(), "{bad:?}");
            assert!(serde_json::from_value::<MailId>(bad.into()).is_err(), "{bad:?}");
        }
        assert!(MailId::parse(&"x".repeat(256)).is_ok());
    }

    proptest! {
        #[test]
        fn every_event_gives_a_usable_id_of_its_own(a in "[a_#é -]{0,140}", b in "[a_#é -]{0,140}") {
            for event in [&a, &b] {
                let id = mail_id(event, MailKind::Healed);
                prop_assert_eq!(MailId::parse(id.as_str()), Ok(id));
            }
            let is_same = mail_id(&a, MailKind::Healed) == mail_id(&b, MailKind::Healed);
            prop_assert_eq!(is_same, a == b);
        }
    }
}
