//! JSON lines on standard error; every line of a run carries the run's id through its span.

use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Variable with the filter, for example `info` or `shared=debug`.
pub const LOG_FILTER: &str = "LCI_LOG";

/// Starts logging; later calls change nothing. A variable that is no filter is said to be none, and the default is taken.
pub fn start(default_filter: &str) {
    let wanted = std::env::var(LOG_FILTER).ok().map(|text| text.parse::<Targets>());
    let is_unfit = matches!(wanted, Some(Err(_)));
    let filter = wanted.and_then(Result::ok).or_else(|| default_filter.parse().ok()).unwrap_or_default();
    let _ = lines(filter, std::io::stderr).try_init();
    if is_unfit {
        tracing::warn!("{LOG_FILTER} is no filter such as `info,shared=debug`: taking `{default_filter}`");
    }
}

/// What writes the lines that the deployment's metrics are read from.
pub fn lines<W>(filter: Targets, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let json = tracing_subscriber::fmt::layer()
        .json()
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(json).with(filter)
}
