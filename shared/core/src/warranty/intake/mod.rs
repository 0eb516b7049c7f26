//! Warranty dates as they are handed to us: one row for each asset, source and coverage.
//!
//! A row is refused alone and with its reason; the others are taken. Never does I/O, never asks for a time zone: the date
//! follows from the value itself, so it is the same for every tenant.

mod reading;
mod rows;

pub use reading::{ReadAs, Reading, Unreadable, read_end};
pub use rows::{Fault, Intake, MAX_ROWS, Refused, TooMany, WarrantyRow, take_in};

#[cfg(test)]
mod tests;
