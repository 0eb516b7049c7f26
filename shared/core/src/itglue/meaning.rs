//! What an answer of IT Glue means and what to do about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::retry::Answer;

/// Why a key is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ItGlueKeyFault")]
pub enum KeyFault {
    /// It is wrong, revoked, was not used for 90 days, or is of another region.
    #[error(
        "IT Glue refused the API key: check the key and the region; keys that were not used for 90 days are revoked \
         (IT Glue: Account > Settings > API Keys)"
    )]
    Refused,
    /// It is good, and may not read organizations.
    #[error("the IT Glue API key may not read organizations: give it more rights, or make another key")]
    NoRights,
    /// It is good, and the account accepts other addresses only.
    #[error(
        "IT Glue accepts this API key from other addresses only: add ours to the account's allowed addresses"
    )]
    Address,
}

/// The meaning of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Use the body.
    Success,
    /// Stop: only a human with another key helps.
    Key(KeyFault),
    /// Too many requests within 5 minutes: wait.
    Limited {
        /// What the server asks for, if it says so.
        retry_after_ms: Option<u64>,
    },
    /// The request itself was refused; asking again changes nothing.
    Refused,
    /// An outage, a broken line, a maintenance page: ask again later.
    Transient,
}

/// Reads the meaning of an answer; its `errors` are those of [`parse_errors`](super::parse_errors).
///
/// # Source
/// The vendor's developer page (an incorrect key gives 403, rights 401, too many requests 429) and what users report:
/// `{"message":"Forbidden"}` for a key of another region, «Unauthorized resource access» for a missing right. Other
/// clients expect 401 for a wrong key, so both mean it.
#[must_use]
pub fn meaning(answer: &Answer) -> Meaning {
    match answer.status {
        200..=299 if answer.is_json && answer.errors.is_empty() => Meaning::Success,
        200..=299 => Meaning::Transient,
        // A page of a proxy in between says nothing about the key.
        401 | 403 if !answer.is_json => Meaning::Transient,
        401 | 403 => Meaning::Key(key_fault(&answer.errors)),
        429 => Meaning::Limited { retry_after_ms: answer.retry_after_ms },
        408 | 500..=599 => Meaning::Transient,
        _ => Meaning::Refused,
    }
}

fn key_fault(errors: &[String]) -> KeyFault {
    let says = |word: &str| errors.iter().any(|text| text.to_ascii_lowercase().contains(word));
    if says("ip address") || says("allowed address") || says("whitelist") || says("allowlist") {
        KeyFault::Address
    } else if says("resource access") || says("permission") {
        KeyFault::NoRights
    } else {
        KeyFault::Refused
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyFault, Meaning, meaning};
    use crate::retry::Answer;

    fn check(status: u16, is_json: bool, errors: &[&str], want: Meaning) {
        let errors: Vec<String> = errors.iter().map(|&text| text.to_owned()).collect();
        let answer = Answer { status, is_json, retry_after_ms: Some(7), errors };
        assert_eq!(meaning(&answer), want, "{answer:?}");
    }

    #[test]
    fn status_and_body_decide_together() {
        check(200, true, &[], Meaning::Success);
        check(200, false, &[], Meaning::Transient);
        check(200, true, &["odd"], Meaning::Transient);
        check(302, false, &[], Meaning::Refused);
        check(400, true, &["Bad Request"], Meaning::Refused);
        check(404, true, &["Not Found"], Meaning::Refused);
        check(422, true, &["Unprocessable"], Meaning::Refused);
        check(429, true, &[], Meaning::Limited { retry_after_ms: Some(7) });
        check(429, false, &[], Meaning::Limited { retry_after_ms: Some(7) });
        for status in [408, 500, 502, 503, 504] {
            check(status, true, &["x"], Meaning::Transient);
            check(status, false, &[], Meaning::Transient);
        }
    }

    #[test]
    fn refused_keys_stop_and_say_why() {
        let key = Meaning::Key;
        check(403, true, &["Forbidden"], key(KeyFault::Refused));
        check(401, true, &["Unauthorized: Invalid API key"], key(KeyFault::Refused));
        check(401, true, &[], key(KeyFault::Refused));
        check(401, true, &["Unauthorized: Unauthorized resource access"], key(KeyFault::NoRights));
        check(403, true, &["Forbidden: Your IP address is not allowed"], key(KeyFault::Address));
        check(403, false, &[], Meaning::Transient);
    }

    #[test]
    fn every_fault_says_what_to_do() {
        for fault in [KeyFault::Refused, KeyFault::NoRights, KeyFault::Address] {
            assert!(fault.to_string().contains(':'), "{fault}");
        }
    }
}
