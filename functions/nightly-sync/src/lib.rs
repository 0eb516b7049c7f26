//! Function nightly-sync.
