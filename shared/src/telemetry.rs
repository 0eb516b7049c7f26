//! JSON lines on standard error; every line of a run carries the run's id through its span.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Variable with the filter, for example `info` or `shared=debug`.
pub const LOG_FILTER: &str = "LCI_LOG";

/// Starts logging; later calls change nothing.
pub fn start(default_filter: &str) {
    let filter = EnvFilter::try_from_env(LOG_FILTER).unwrap_or_else(|_| EnvFilter::new(default_filter));
    let _ = lines(filter, std::io::stderr).try_init();
}

/// What writes the lines that the deployment's metrics are read from.
pub fn lines<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(writer)
        .finish()
}
