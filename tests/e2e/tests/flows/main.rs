//! The flows of `lci sync`: the real binary, a simulated Autotask over loopback, exports judged by the oracle.
//!
//! One program with a module for each rule book, so that the harness is linked once.

mod counting;
mod credentials;
mod faults;
mod garbled;
mod initial;
mod judge;
mod kills;
mod limits;
mod moving;
mod nightly;
mod oddities;
mod rights;
mod secrets;
mod slices;
mod usage;
mod zones;
