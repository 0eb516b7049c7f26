//! Wires the function up.

fn main() {}
