//! The life of one row: from planned to verified, moved or failed, whatever happens on the way.
//!
//! The same machine writes a date and takes it back: an undo is the change turned round. Before each PATCH the intention
//! is journalled, so whoever finds an intention without an end knows that a PATCH may be under way, and settles it by
//! reading. A PATCH is repeated only when it is proven that the one before took no effect: Autotask's time for a request
//! is over, the old date is still there, and the record's stamp has not moved since.
//!
//! What nobody can exclude, because Autotask has no conditional write: somebody edits the date between our reading and our
//! PATCH. Readings are therefore used for [`READING_LASTS_MS`] only.
//!
//! Pure: the caller reads, journals and sends; instants are arguments, milliseconds since 1970.

mod answer;
mod phase;
mod step;

pub use answer::{Halt, Undo, answered, may_send, not_sent, undo};
pub use phase::{Attempt, Change, Failure, Phase};
pub use step::{
    Found, LAG_MS, READING_LASTS_MS, SEND_WITHIN_MS, SETTLES_AFTER_MS, Seen, Step, UNREADABLE_LASTS_MS, next,
};

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
