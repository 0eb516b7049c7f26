//! Warranty dates that we hold, and writing them back to Autotask.
//!
//! Reading order: [`known`] (a date and its source), [`intake`] (how dates are handed to us); [`policy`], [`rule`],
//! [`serial`], [`mod@verdict`], [`mod@simulate`] (which date is written, and why not); [`plan`], [`approval`] (what is shown
//! and approved); [`apply`] (how one row is written, or taken back, safely), [`canary`] (the proof
//! that nothing else changed), [`job`] (an application of a plan, and its undo), [`tug_of_war`] (who changes our dates),
//! [`in_vain`] (dates that Autotask does not take), [`desk`] (what is to be done next),
//! [`standing`] (what is remembered of an asset, what people forbade), [`journal`], [`provenance`] (what is told of it all).
//! Pure like all of core: today's date and every instant are arguments; no tenant's time zone is asked anywhere.

pub mod apply;
pub mod approval;
pub mod canary;
pub mod desk;
pub mod in_vain;
pub mod intake;
pub mod job;
pub mod journal;
pub mod known;
pub mod plan;
pub mod policy;
pub mod provenance;
pub mod rule;
pub mod serial;
pub mod simulate;
pub mod standing;
pub mod tug_of_war;
pub mod verdict;

pub use apply::{Change, Phase, Step};
pub use approval::{Approval, approved};
pub use job::{Aim, Half, Job, JobKind, JobState, Stop};
pub use known::{Coverage, End, Known, Source, SourceKind};
pub use plan::{Plan, PlanRow};
pub use policy::{Mode, Policy};
pub use rule::{DecisionKind, Rule};
pub use simulate::{Simulation, simulate};
pub use standing::{Lock, Locks, Standing};
pub use verdict::{Decision, Facts, Verdict, verdict};

#[cfg(test)]
mod dice;
#[cfg(test)]
mod oracle;
