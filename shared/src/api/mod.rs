//! The HTTP API as all functions speak it: who calls, which route, what is answered.
//!
//! Reading order: [`route`] (the table that gateway, functions and openapi.json share), [`request`] (an event of API
//! Gateway's HTTP API, payload 2.0), [`caller`] (tenant and role, from the verified token alone), [`object`]
//! (bodies), [`mod@idempotent`] (repeated requests), [`lists`] (pages), [`table`] (comma-separated values), [`error`] (the one
//! envelope), [`mod@serve`] (from event to answer).
//! Takes no decisions about the product, and never trusts a body for who somebody is.

pub mod caller;
pub mod error;
pub mod idempotent;
pub mod lists;
pub mod object;
pub mod reply;
pub mod request;
pub mod route;
pub mod serve;
pub mod table;

pub use caller::{Caller, ClaimNames, Role};
pub use error::{ApiError, Code};
pub use idempotent::idempotent;
pub use object::Object;
pub use reply::Reply;
pub use request::ApiRequest;
pub use route::{Method, Param, Route, SchemaOf, schema_of};
pub use serve::serve;
