//! What a login attempt showed, named: a closed list of causes with what is wrong and what to do about it, and the pause
//! that must follow a refusal.
//!
//! Never makes an attempt. Used by the probe behind «Test Settings» and by the saving of settings.

mod hold_off;
mod texts;

pub use hold_off::{Attempt, Held, HoldOff, LONGEST_ATTEMPT_MS};

use crate::entity::Entity;

/// What was observed of an attempt that did not end in a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// No zone knows the user name; the password was not sent.
    NoZone,
    /// 401.
    Unauthorized,
    /// The tracking identifier was refused by name.
    BadIntegrationCode,
    /// 403, or a refusal that speaks of permissions.
    Forbidden {
        /// Autotask's words, or the bare status.
        said: String,
    },
    /// Any other refusal.
    Refused {
        /// HTTP status.
        status: u16,
        /// Autotask's words, or the bare status.
        said: String,
    },
    /// The hourly limit of the database is used up.
    HourlyLimit {
        /// Milliseconds until it is worth another try.
        wait_ms: u64,
    },
    /// No usable answer.
    NoAnswer {
        /// How it failed.
        failure: Failure,
        /// The password was on its way: Autotask may have judged it.
        was_sent: bool,
    },
    /// The zone's address is one that credentials must not be sent to.
    AddressRefused,
}

/// Why there was no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection: name, route or port.
    NoConnection,
    /// Connected, but no trusted TLS.
    NoTls,
    /// Nothing came in time.
    TimedOut,
    /// The connection ended within the answer.
    BrokeOff,
    /// An error page, a maintenance page, an answer of another shape.
    Unusable,
}

/// The named causes; programs branch on [`Cause::code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No zone knows the user name.
    UnknownUser,
    /// Wrong password, or a locked or inactive user, or (some zones) a missing tracking identifier: the answer is the same.
    LoginRefused,
    /// The tracking identifier is missing or another vendor's.
    TrackingIdentifier,
    /// Autotask or something in front of it lets us not in, for example by address.
    AccessForbidden,
    /// The hourly limit is used up.
    HourlyLimit {
        /// Milliseconds until it is worth another try.
        wait_ms: u64,
    },
    /// The login works, but a right that is needed is missing.
    RightMissing {
        /// On what.
        entity: Entity,
    },
    /// Autotask does not answer, or not usably.
    AutotaskDown,
    /// Autotask cannot be reached from here.
    Network,
    /// Whoever answered could not prove to be Autotask.
    Tls,
    /// The zone lies at an address that we must not send credentials to.
    AddressRefused,
}

/// What an attempt means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The login works.
    Accepted,
    /// It was refused, or may have been: it counts towards Autotask's lock.
    Refused,
    /// Nobody judged the password.
    NotJudged,
}

impl Observed {
    /// The cause; none when the answer proves that the login was accepted all the same.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::NoZone => Some(Cause::UnknownUser),
            Self::Unauthorized => Some(Cause::LoginRefused),
            Self::BadIntegrationCode => Some(Cause::TrackingIdentifier),
            // A missing right is only told to somebody who was let in.
            Self::Forbidden { said } if has_word(said, &["permission"]) => None,
            Self::Forbidden { .. } => Some(Cause::AccessForbidden),
            Self::Refused { said, .. } => Some(cause_of_refusal(said)),
            Self::HourlyLimit { wait_ms } => Some(Cause::HourlyLimit { wait_ms: *wait_ms }),
            Self::NoAnswer { failure: Failure::NoConnection, .. } => Some(Cause::Network),
            Self::NoAnswer { failure: Failure::NoTls, .. } => Some(Cause::Tls),
            Self::NoAnswer { .. } => Some(Cause::AutotaskDown),
            Self::AddressRefused => Some(Cause::AddressRefused),
        }
    }

    /// What the attempt means for the next one; in doubt it counts as refused.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Forbidden { .. } if self.cause().is_none() => Outcome::Accepted,
            Self::Unauthorized
            | Self::BadIntegrationCode
            | Self::Forbidden { .. }
            | Self::Refused { .. }
            | Self::NoAnswer { failure: Failure::TimedOut | Failure::BrokeOff, was_sent: true } => {
                Outcome::Refused
            }
            Self::NoZone | Self::HourlyLimit { .. } | Self::NoAnswer { .. } | Self::AddressRefused => {
                Outcome::NotJudged
            }
        }
    }
}

impl Cause {
    /// Whether Autotask judged the credentials themselves; otherwise they may be good all the same.
    #[must_use]
    pub fn is_verdict(&self) -> bool {
        matches!(self, Self::UnknownUser | Self::LoginRefused | Self::TrackingIdentifier)
    }
}

/// Older zones say in words what newer ones answer with an empty 401.
fn cause_of_refusal(said: &str) -> Cause {
    if has_word(said, &["ip address", "not allowed", "access denied"]) {
        Cause::AccessForbidden
    } else if has_word(said, &["user name", "username", "password", "locked", "inactive", "credential"]) {
        Cause::LoginRefused
    } else {
        Cause::AutotaskDown
    }
}

fn has_word(said: &str, words: &[&str]) -> bool {
    let said = said.to_ascii_lowercase();
    words.iter().any(|word| said.contains(word))
}

/// Largest difference between Autotask's clock and ours that needs no word, in seconds.
pub const MAX_SKEW_S: u64 = 120;

/// Whether a difference of the clocks is worth a warning.
#[must_use]
pub fn is_skew_large(skew_s: i64) -> bool {
    skew_s.unsigned_abs() > MAX_SKEW_S
}

#[cfg(test)]
mod tests {
    use super::{Cause, Failure, Observed, Outcome, is_skew_large};

    #[test]
    fn each_observation_has_its_cause_and_its_consequence() {
        let check = |observed: Observed, cause, outcome| {
            assert_eq!((observed.cause(), observed.outcome()), (cause, outcome), "{observed:?}");
        };
        let forbidden = |said: &str| Observed::Forbidden { said: said.to_owned() };
        let refused = |said: &str| Observed::Refused { status: 500, said: said.to_owned() };
        let silent = |failure, was_sent| Observed::NoAnswer { failure, was_sent };
        check(Observed::NoZone, Some(Cause::UnknownUser), Outcome::NotJudged);
        check(Observed::Unauthorized, Some(Cause::LoginRefused), Outcome::Refused);
        check(Observed::BadIntegrationCode, Some(Cause::TrackingIdentifier), Outcome::Refused);
        check(forbidden("status 403"), Some(Cause::AccessForbidden), Outcome::Refused);
        let no_right = "The logged in Resource does not have the adequate permissions";
        check(forbidden(no_right), None, Outcome::Accepted);
        let inactive = "The user name does not exist or is inactive.";
        check(refused(inactive), Some(Cause::LoginRefused), Outcome::Refused);
        check(refused("The user account has been locked"), Some(Cause::LoginRefused), Outcome::Refused);
        check(refused("Your IP address is blocked"), Some(Cause::AccessForbidden), Outcome::Refused);
        check(refused("status 404"), Some(Cause::AutotaskDown), Outcome::Refused);
        let limit = Cause::HourlyLimit { wait_ms: 9 };
        check(Observed::HourlyLimit { wait_ms: 9 }, Some(limit), Outcome::NotJudged);
        check(silent(Failure::NoConnection, true), Some(Cause::Network), Outcome::NotJudged);
        check(silent(Failure::NoTls, true), Some(Cause::Tls), Outcome::NotJudged);
        check(silent(Failure::TimedOut, true), Some(Cause::AutotaskDown), Outcome::Refused);
        check(silent(Failure::TimedOut, false), Some(Cause::AutotaskDown), Outcome::NotJudged);
        check(silent(Failure::BrokeOff, true), Some(Cause::AutotaskDown), Outcome::Refused);
        check(silent(Failure::Unusable, true), Some(Cause::AutotaskDown), Outcome::NotJudged);
        check(Observed::AddressRefused, Some(Cause::AddressRefused), Outcome::NotJudged);
    }

    #[test]
    fn small_differences_of_the_clocks_need_no_word() {
        let check = |skew_s, want| assert_eq!(is_skew_large(skew_s), want, "{skew_s}");
        check(0, false);
        check(120, false);
        check(-120, false);
        check(121, true);
        check(-121, true);
        check(i64::MIN, true);
    }
}
