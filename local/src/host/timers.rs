//! What AWS does by itself: the schedule ticks, queues invoke workers, SES tells of sent mails.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Host, INITIAL, NIGHTLY, WRITEBACK};
use crate::aws::poller::poll;

/// The schedule's rate is a minute; here it is finer, so that a moved clock is noticed soon.
const TICK_EVERY: Duration = Duration::from_secs(5);
/// Workers of each queue at once.
const MAX_WORKERS: usize = 4;

/// Running timers; they end with this value.
#[derive(Debug)]
pub(crate) struct Timers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Timers {
    /// Starts them.
    pub(crate) fn start(mut host: Host) -> (Arc<Host>, Self) {
        let events = host.mail_events.take();
        let host = Arc::new(host);
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for (queue, function) in
            [(INITIAL, "initial-sync"), (NIGHTLY, "nightly-sync"), (WRITEBACK, "warranty-writeback")]
        {
            tasks.spawn(serve_queue(Arc::clone(&host), queue, function, stopped.clone()));
        }
        tasks.spawn(tick(Arc::clone(&host)));
        if let Some(events) = events {
            tasks.spawn(tell(Arc::clone(&host), events));
        }
        (host, Self { stop, tasks })
    }

    /// Lets no more work begin. What is in hand is cut off: all of it is made to be taken up again.
    pub(crate) async fn stop(mut self) {
        // An error means that everything has ended already.
        let _ = self.stop.send(true);
        self.tasks.shutdown().await;
    }
}

async fn serve_queue(
    host: Arc<Host>,
    queue: &'static str,
    function: &'static str,
    stopped: watch::Receiver<bool>,
) {
    let aws = Arc::clone(&host.aws);
    let handler = move |event: Value| {
        let host = Arc::clone(&host);
        async move { host.call(function, event).await }
    };
    if let Err(error) = poll(&aws, queue, MAX_WORKERS, stopped, handler).await {
        tracing::error!("queue {queue} is served no longer: {error:#}");
    }
}

async fn tick(host: Arc<Host>) {
    let mut ticks = tokio::time::interval(TICK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let event = json!({"source": "lci.schedule", "detail-type": "tick", "detail": {}});
        if let Err(error) = host.call("nightly-sync", event).await {
            tracing::error!("{error:#}");
        }
    }
}

async fn tell(host: Arc<Host>, mut events: tokio::sync::mpsc::Receiver<Value>) {
    while let Some(event) = events.recv().await {
        let id = event.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        match host.call("nightly-sync", event).await {
            Ok(_) => {
                if let Err(error) = host.aws.ack(&id).await {
                    tracing::warn!("an event of SES comes again: {error:#}");
                }
            }
            Err(error) => tracing::error!("{error:#}"),
        }
    }
}
