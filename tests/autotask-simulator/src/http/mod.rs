//! The HTTP side: routes, answers, and the way of a call through the gates.

mod answer;
mod body;
mod call;
mod control;
mod metadata;
mod pipeline;
mod read;
mod route;
mod server;
mod writes;

pub(crate) use server::{Server, start};
