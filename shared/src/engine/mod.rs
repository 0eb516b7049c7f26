//! The sync engine: one slice of a run, shared by first loads and nights.
//!
//! Reading order: `slice` (begin, entities side by side), `ending`, `entities` and `task` (one entity), `walk` (all rows, three lanes),
//! `delta` (what changed), `reconcile` (counts, deletions, brake), `rows` (a page and its commit), `finish` (completion).
//! Decides nothing by itself: ranges, plans, searches, the brake and the states of a run come from `shared_core`.

mod context;
mod delta;
mod ending;
mod entities;
mod error;
mod fields;
mod finish;
mod heartbeat;
mod known;
mod preflight;
mod reconcile;
mod rows;
mod scope;
mod slice;
mod stop;
mod task;
mod user_defined;
mod walk;

pub use error::EngineError;
pub use slice::{Engine, EngineConfig, Request, SliceEnd};
pub use stop::stop_idle_run;
