//! The function from event to answer, against the simulated Autotask, an embedded DynamoDB and a stub of Secrets
//! Manager.

#![expect(clippy::unwrap_used, reason = "a test's answer that is not there fails the test")]

mod causes;
mod hold_off;
mod requests;
mod rights;
mod world;
