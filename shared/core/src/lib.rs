//! Pure decisions of the Autotask integration: no I/O, no clock, no environment, no randomness.
//!
//! Reading order: [`entity`], [`wire`] (what Autotask sends), [`model`] (what we mean), [`project`] (wire to model, one
//! record at a time), [`plan`] (what a page changes); [`query`], [`paging`], [`ranges`] (how rows are asked for);
//! [`index`], [`reconcile`] (what is live, what vanished, the brake); [`retry`], [`gate`], [`pace`] (what an answer means
//! and how fast to go on); [`run`], [`step`], [`ledger`], [`counts`], [`progress`] (what is kept of a run);
//! [`catalogue`], [`export`] (how records are read); [`settings`], [`schedule`], [`health`], [`duty`], [`status`] (what an
//! admin chose, when nights begin, what a run's end means, what a worker does first, the word for it); [`mail`] (what is
//! told, and that it is told once); [`login`] (what an attempt showed, the pause after a refusal), [`rights`] (what each
//! feature needs and the API user has); [`matching`] (which company is which); [`facets`] (what is kept of every record beside
//! it), [`mapping`] (which assets are shown, and as what); [`warranty`] (which dates are written back to Autotask, and how
//! that is made safe); [`rollups`] (the sums that a review of a company needs); [`itglue`]
//! (what IT Glue says), [`scope`] (what is kept where IT Glue is the primary source).

pub mod catalogue;
pub mod counts;
pub mod duty;
pub mod entity;
pub mod export;
pub mod facets;
pub mod freshness;
pub mod gate;
pub mod health;
pub mod index;
pub mod instant;
pub mod itglue;
pub mod ledger;
pub mod login;
pub mod mail;
pub mod mapping;
pub mod matching;
pub mod model;
pub mod nights;
pub mod pace;
pub mod paging;
pub mod plan;
pub mod progress;
pub mod project;
pub mod query;
pub mod ranges;
pub mod reconcile;
pub mod retry;
pub mod rights;
pub mod rollups;
pub mod run;
pub mod schedule;
pub mod scope;
pub mod settings;
pub mod status;
pub mod step;
pub mod table;
pub mod warranty;
pub mod wire;
