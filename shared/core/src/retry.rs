//! What an answer of Autotask means and what to do about it.
//!
//! Status alone decides nothing: a 500 with an `errors` list is a validation answer and permanent, a 500 without one is
//! an outage; the two limits (threads, requests per hour) arrive as 429 or as 500 with a telling text.

/// What came back from one call, reduced to what decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body said it was JSON.
    pub is_json: bool,
    /// `Retry-After`, in milliseconds from now, if there was one.
    pub retry_after_ms: Option<u64>,
    /// Texts of the `errors` list; empty when there is none.
    pub errors: Vec<String>,
}

/// The meaning of an answer or of a failure to get one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Use the body.
    Success,
    /// More calls in flight on this endpoint than Autotask allows.
    ThreadLimit,
    /// The hourly limit of the whole database is used up.
    HourlyLimit {
        /// What the server asks for, if it says so.
        retry_after_ms: Option<u64>,
    },
    /// 429 without a word on which limit.
    UnclearLimit {
        /// What the server asks for, if it says so.
        retry_after_ms: Option<u64>,
    },
    /// The login was refused, or the zone is the wrong one.
    Unauthorized,
    /// The tracking identifier (integration code) was refused.
    BadIntegrationCode,
    /// The user lacks a right.
    Forbidden,
    /// No such route or parent.
    NotFound,
    /// The request itself was refused; asking again changes nothing.
    Refused,
    /// An outage, a broken line, a maintenance page: ask again later.
    Transient,
}

/// Reads the meaning of an answer.
///
/// # Source
/// Autotask's REST help pages on errors, security and thresholds, and the answers that public clients report.
#[must_use]
pub fn meaning(answer: &Answer) -> Meaning {
    match answer.status {
        200..=299 if answer.is_json && answer.errors.is_empty() => Meaning::Success,
        200..=299 if answer.errors.is_empty() => Meaning::Transient,
        401 => Meaning::Unauthorized,
        403 => Meaning::Forbidden,
        404 => Meaning::NotFound,
        408 | 502..=504 => Meaning::Transient,
        429 => limit_of(answer).unwrap_or(Meaning::UnclearLimit { retry_after_ms: answer.retry_after_ms }),
        500..=599 if answer.errors.is_empty() => Meaning::Transient,
        _ => limit_of(answer).unwrap_or_else(|| refusal_of(answer)),
    }
}

fn limit_of(answer: &Answer) -> Option<Meaning> {
    let says = |word: &str| answer.errors.iter().any(|text| text.to_ascii_lowercase().contains(word));
    if says("thread") || says("itgenatr005") {
        Some(Meaning::ThreadLimit)
    } else if says("threshold") || says("per hour") || says("hourly") || says("rate limit") {
        Some(Meaning::HourlyLimit { retry_after_ms: answer.retry_after_ms })
    } else {
        None
    }
}

fn refusal_of(answer: &Answer) -> Meaning {
    let says = |word: &str| answer.errors.iter().any(|text| text.to_ascii_lowercase().contains(word));
    if says("integrationcode") || says("integration code") {
        Meaning::BadIntegrationCode
    } else if says("adequate permission") || says("not have permission") {
        Meaning::Forbidden
    } else if says("lock") && (says("deadlock") || says("table lock")) {
        Meaning::Transient
    } else {
        Meaning::Refused
    }
}

/// The field that Autotask does not know, from its refusal text «Unable to find X in the Y Entity».
#[must_use]
pub fn unknown_field(errors: &[String]) -> Option<&str> {
    errors
        .iter()
        .find_map(|text| text.split_once("Unable to find ")?.1.split_once(" in the ").map(|(field, _)| field))
}

/// Longest pause between two tries of one call.
const MAX_BACKOFF_MS: u64 = 30_000;
/// Tries of one read before the run gives up for now.
pub const MAX_ATTEMPTS: u32 = 6;

/// Pause before the next try of a read after a transient failure; none when it is time to give up.
///
/// # Shape
/// `attempt` counts the tries made, from 1. `jitter` is a random number in `0.0..1.0` that the caller drew: full jitter,
/// never below a quarter of the step, so that a dead service is not hammered.
#[must_use]
pub fn backoff_ms(attempt: u32, base_ms: u64, jitter: f64) -> Option<u64> {
    if attempt >= MAX_ATTEMPTS {
        return None;
    }
    let step = base_ms.saturating_mul(1 << attempt.min(16).saturating_sub(1)).min(MAX_BACKOFF_MS);
    let quarter = step / 4;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "step is at most 30,000"
    )]
    let spread = ((step - quarter) as f64 * jitter.clamp(0.0, 1.0)) as u64;
    Some(quarter + spread)
}

/// Pause before the next probe of an exhausted hourly limit, when the server does not say.
///
/// 15 s, 30 s, 60 s ... up to 5 minutes: at most about 15 probes in an hour.
#[must_use]
pub fn hourly_probe_ms(n_probes: u32) -> u64 {
    15_000_u64.saturating_mul(1 << n_probes.min(8)).min(300_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Answer, MAX_ATTEMPTS, Meaning, backoff_ms, hourly_probe_ms, meaning, unknown_field};

    fn answer(status: u16, is_json: bool, errors: &[&str]) -> Answer {
        let errors = errors.iter().map(|&text| text.to_owned()).collect();
        Answer { status, is_json, retry_after_ms: None, errors }
    }

    #[test]
    fn status_and_body_decide_together() {
        let check = |status, is_json, errors: &[&str], want| {
            assert_eq!(meaning(&answer(status, is_json, errors)), want)
        };
        let hourly = Meaning::HourlyLimit { retry_after_ms: None };
        check(200, true, &[], Meaning::Success);
        check(200, false, &[], Meaning::Transient);
        check(
            200,
            true,
            &["The Autotask API thread threshold of 3 threads has been exceeded."],
            Meaning::ThreadLimit,
        );
        check(401, false, &[], Meaning::Unauthorized);
        check(403, true, &[], Meaning::Forbidden);
        check(404, false, &[], Meaning::NotFound);
        check(405, true, &[], Meaning::Refused);
        check(429, false, &[], Meaning::UnclearLimit { retry_after_ms: None });
        check(429, true, &["thread limit"], Meaning::ThreadLimit);
        check(429, true, &["The request threshold has been reached."], hourly.clone());
        check(500, true, &["You have exceeded the request threshold"], hourly);
        check(500, true, &["Itgenatr005"], Meaning::ThreadLimit);
        check(500, true, &["Unable to find x in the Account Entity"], Meaning::Refused);
        check(
            500,
            true,
            &["The logged in Resource does not have the adequate permissions"],
            Meaning::Forbidden,
        );
        check(500, true, &["IntegrationCode is invalid"], Meaning::BadIntegrationCode);
        check(500, false, &[], Meaning::Transient);
        check(500, true, &[], Meaning::Transient);
        check(502, false, &[], Meaning::Transient);
        check(503, true, &["maintenance"], Meaning::Transient);
        check(302, false, &[], Meaning::Refused);
    }

    #[test]
    fn the_unknown_field_is_named() {
        let errors = ["Unable to find lastModifiedDateTime in the Contract Entity".to_owned()];
        assert_eq!(unknown_field(&errors), Some("lastModifiedDateTime"));
        assert_eq!(unknown_field(&["nothing".to_owned()]), None);
    }

    #[test]
    fn probes_of_the_hourly_limit_grow_rare() {
        let in_an_hour = (0..)
            .scan(0, |at, n| {
                *at += hourly_probe_ms(n);
                Some(*at)
            })
            .take_while(|&at| at <= 3_600_000);
        assert!(in_an_hour.count() <= 16);
    }

    proptest! {
        #[test]
        fn backoff_is_bounded_and_ends(attempt in 0_u32..20, base_ms in 1_u64..5_000, jitter in 0.0_f64..1.0) {
            match backoff_ms(attempt, base_ms, jitter) {
                Some(ms) => prop_assert!(attempt < MAX_ATTEMPTS && ms <= 30_000),
                None => prop_assert!(attempt >= MAX_ATTEMPTS),
            }
        }
    }
}
