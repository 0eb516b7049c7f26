//! What the workers do when a doorbell rings: look at the tenant, do what is due, tell who must know, say when to look
//! again.
//!
//! Reading order: `look` (what is stored), `organizations` (IT Glue's list, at the begin of a run), [`answer`](Worker::answer) (what is done), `settle` (the end of a slice becomes
//! mails and a next look; `news` tells what a night found), `alive` (signs of life of a slice), `purge` (a tenant leaves), [`planner`] (who is due). Initial
//! and nightly workers are the same code on queues of their own.

mod alive;
mod answer;
mod batch;
mod first_choice;
mod headless;
mod look;
mod news;
mod notices;
mod organizations;
pub mod planner;
mod purge;
mod settle;

pub use answer::{Answered, WorkError};
pub use headless::announce;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::Config;
use crate::doorbell::Bell;
use crate::mail::{AppUrl, Mailer};
use crate::session::Sessions;

/// A worker for any tenant.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Opens the tenant's data.
    pub sessions: Sessions,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// How Autotask is reached.
    pub config: Config,
    /// Hands on to the next slice.
    pub bell: Bell,
    /// Sends mails.
    pub mailer: Mailer,
    /// Base of the links in mails.
    pub app_url: AppUrl,
    /// See [`crate::engine::EngineConfig::sole`].
    pub sole: Option<String>,
}

/// How one doorbell is worked on.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Names this worker in leases; unique to the invocation.
    pub owner: String,
    /// Soft end of a slice: after it, only the page in hand is finished.
    pub soft_limit: Duration,
}
