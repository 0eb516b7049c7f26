//! Which assets are shown, and as what.
//!
//! Three mappings decide, in this order: company, type, status ([`rules`] holds the table). They are applied when records are
//! read and rewrite none. An admin's choices are kept per area in a [`book`], version by version; what a save would show
//! or hide is counted beforehand from facets ([`effect`]). A machine proposes ([`targets`], [`companies`]) and never
//! overwrites what somebody chose.

pub mod area;
pub mod book;
pub mod companies;
pub mod effect;
pub mod links;
pub mod rules;
pub mod statuses;
pub mod targets;

pub use area::Area;
pub use book::{Book, Change, Chosen, Conflict, Diff, Options, Save, conflicts, folded};
pub use companies::Activation;
pub use effect::{Cube, Effect};
pub use links::Link;
pub use rules::{Hidden, Rules, Shown};
pub use statuses::Flag;
pub use targets::{IGNORE, Target};
