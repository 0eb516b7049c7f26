//! infra/template.yaml held against the code: what no linter can know.

#![expect(clippy::unwrap_used, reason = "a template that cannot be read fails the test")]

mod alarms;
mod document;
mod environment;
mod limits;
mod page;
mod policies;
mod readme;
mod routes;
