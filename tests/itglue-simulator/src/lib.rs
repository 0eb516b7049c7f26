//! A stateful IT Glue API that refuses what the real one refuses.
//!
//! It is a second reading of the fact sheet and shares no code with the client that it tests. It knows organizations,
//! their types and their statuses. Organizations are made from a seed, some of them from a given list of company names
//! with the noise that two systems of one company have; the clock is simulated; everything can be steered through
//! [`Control`] or over HTTP under `/_control/` (see the README).
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> anyhow::Result<()> {
//! use itglue_simulator::{Config, Simulator};
//! let simulator = Simulator::start(Config::small()).await?;
//! assert!(simulator.base_url().starts_with("http://127.0.0.1:"));
//! assert!(!simulator.control().ids().is_empty());
//! # Ok(())
//! # }
//! ```

mod clock;
mod config;
mod control;
mod counters;
mod faults;
mod http;
mod key;
mod limit;
mod organization;
mod plans;
mod query;
mod rng;
mod seed;
mod simulator;
mod store;
mod world;

pub use config::{Config, KeyRefusal, Region, RetryAfter};
pub use control::Control;
pub use counters::{Counters, Refusal};
pub use faults::{Fault, FaultAction, Garble, When};
pub use key::{ApiKey, KeyRights, KeyState};
pub use plans::Plan;
pub use query::Resource;
pub use seed::{Noise, Origin};
pub use simulator::Simulator;
pub use store::Edit;
