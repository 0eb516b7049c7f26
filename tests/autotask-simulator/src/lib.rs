//! A stateful Autotask REST API that refuses what the real one refuses.
//!
//! It is a second reading of the fact sheet and shares no code with the client that it tests. Data are made
//! from a seed, the clock is simulated, and everything can be steered through [`Control`] or over HTTP under
//! `/_control/` (see the README).
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> anyhow::Result<()> {
//! use autotask_simulator::{Config, Entity, Simulator};
//! let simulator = Simulator::start(Config::small()).await?;
//! assert!(simulator.base_url().starts_with("http://127.0.0.1:"));
//! assert_eq!(simulator.control().ids(Entity::Companies).first(), Some(&0));
//! # Ok(())
//! # }
//! ```

mod calendar;
mod clock;
mod config;
mod control;
mod counters;
mod faults;
mod filter;
mod gate;
mod http;
mod plans;
mod query;
mod render;
mod rng;
mod schema;
mod seed;
mod simulator;
mod store;
mod truth;
mod view;
mod world;
mod write;

pub use config::{AuthProfile, Config, DateStyle, OverLimit, RetryAfter, Rights, Sizes, ThreadMode};
pub use control::Control;
pub use counters::{
    CallKind, Counters, DroppedOperator, EndpointCounters, LoginCounters, Refusal, WriteSeen,
};
pub use faults::{Fault, FaultAction, Garble, When};
pub use plans::Plan;
pub use schema::Entity;
pub use simulator::Simulator;
pub use write::Edit;
