//! The engine and the outbox on a real database, in one program: each one more is linked with all of AWS's clients.

#![expect(clippy::unwrap_used, reason = "a test's world that cannot be built fails the test")]

mod fence;
mod listing;
mod outbox;
mod postbox;
mod sweep;
mod world;
