//! The fault table: every function in this process against the simulator, each tick, doorbell and event rung by hand.
//!
//! The clock stands still unless a test moves it. Reading order: [`world`] (what there is), [`calls`] (the HTTP API),
//! [`truth`] (what the store should hold), [`cut`] (how workers die), [`writeback_world`] (plans, jobs and records), then one file per rule.

mod alarms;
mod calls;
mod canary;
mod crashes;
mod credentials;
mod cut;
mod doorbells;
mod failures;
mod it_glue;
mod leaving;
mod linking;
mod mappings;
mod newcomers;
mod nights;
mod pull_log;
mod rights;
mod saves;
mod statuses;
mod sums;
mod sums_oracle;
mod supplement;
mod tenants;
mod truth;
mod unchecking;
mod world;
mod writeback;
mod writeback_faults;
mod writeback_many;
mod writeback_stops;
mod writeback_vain;
mod writeback_world;
