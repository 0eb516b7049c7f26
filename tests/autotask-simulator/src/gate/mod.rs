//! The three gates before every call: who calls, how many at once, how many in the hour.

mod hourly;
mod logins;
mod threads;

pub(crate) use hourly::Hourly;
pub(crate) use logins::{Credentials, Logins, Verdict};
pub(crate) use threads::ThreadGate;
