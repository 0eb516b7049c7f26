//! Warranty dates that we hold, and writing them back to Autotask.
//!
//! Reading order: [`known`] (a date and its source), [`intake`] (how dates are handed to us).
//! Pure like all of core: today's date and every instant are arguments; no tenant's time zone is asked anywhere.

pub mod intake;
pub mod known;

pub use known::{Coverage, End, Known, Source, SourceKind};
