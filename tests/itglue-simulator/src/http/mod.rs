//! The HTTP side: listener, pipeline, lists, writes, control routes.

mod answer;
mod control;
mod lists;
mod pipeline;
mod server;
mod writes;

pub(crate) use server::{Server, start};
