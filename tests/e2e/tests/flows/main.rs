//! The flows of `lci sync` and `lci serve`: the real binary, a simulated Autotask over loopback, exports judged by the
//! oracle.
//!
//! One program with a module for each rule book, so that the harness is linked once.

mod abuse;
mod authorization;
mod canary;
mod counting;
mod credentials;
mod faults;
mod garbled;
mod idempotency;
mod initial;
mod judge;
mod kills;
mod limits;
mod moving;
mod nightly;
mod oddities;
mod rights;
mod secrets;
mod serve_kills;
mod slices;
mod story;
mod usage;
mod zones;
