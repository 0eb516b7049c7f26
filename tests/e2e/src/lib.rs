//! Harness of the flow tests: the real `lci` binary against a simulated Autotask, judged by an oracle of its own.
//!
//! Nothing here shares code with the product. The oracle is a second reading of the contract: what `lci export` must
//! say is computed from the simulator's truth alone.
//!
//! # Examples
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use e2e::{World, oracle::Exported};
//! let world = World::start(autotask_simulator::Config::small())?;
//! let outcome = world.initial().run()?.exited(0)?;
//! world.check_equal(&outcome, Exported::ALL)?;
//! # Ok(())
//! # }
//! ```

pub mod abuse;
pub mod binary;
pub mod bytes;
pub mod compare;
pub mod http;
pub mod lci;
pub mod oracle;
pub mod report;
pub mod scene;
pub mod served;
pub mod sizes;
pub mod stopwatch;
pub mod tokens;
pub mod watch;
pub mod wire;
pub mod world;

pub use world::World;
