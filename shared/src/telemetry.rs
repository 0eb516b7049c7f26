//! JSON lines on standard error; every line of a run carries the run's id through its span.

use tracing_subscriber::EnvFilter;

/// Variable with the filter, for example `info` or `shared=debug`.
pub const LOG_FILTER: &str = "LCI_LOG";

/// Starts logging; later calls change nothing.
pub fn start(default_filter: &str) {
    let filter = EnvFilter::try_from_env(LOG_FILTER).unwrap_or_else(|_| EnvFilter::new(default_filter));
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .try_init();
}
