//! Requests that must be refused, made from the committed `admin/openapi.json`, and the judge of what they get.
//!
//! Reading order: [`contract`] (routes, schemas and codes as the document tells them), [`values`] (odd texts and values
//! of the wrong type), [`bodies`] (each way to break a body), [`requests`] (each way to break a route), [`judge`],
//! [`seen`] (everything of a tenant that can be seen, to be compared).
//! Everything is drawn from a seed, so a case that fails comes again.

pub mod bodies;
pub mod contract;
pub mod judge;
pub mod requests;
pub mod seen;
pub mod values;

pub use contract::{Contract, Operation};
pub use requests::{Case, cases};
