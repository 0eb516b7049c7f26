//! Writing warranty dates back: what a doorbell of the queue `writeback` leads to.
//!
//! Reading order: [`survey`] (everything that verdicts are made from), [`planning`] (a plan, and what may follow by itself),
//! `visit` (from a doorbell to what is stored next), `slice` (the lease, the login, the end), `work` (row by row), `rows`
//! (what is in memory). Decisions are `shared_core::warranty`'s; rows are journalled before anything is sent.

pub mod planning;
mod rows;
mod slice;
pub mod survey;
mod visit;
mod work;
