//! The whole product in this process: every function with its outside world, called with real events.
//!
//! Reading order: this file (what there is and how it is wired), [`dispatch`] (function by name), [`timers`] (what
//! EventBridge and Lambda do by themselves).

#[cfg(test)]
mod abuse;
mod dispatch;
mod event;
mod leftovers;
#[cfg(test)]
mod tests;
mod timers;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use shared::api::ClaimNames;
use shared::clock::Clock;
use shared::config::Config;
use shared::doorbell::Bell;
use shared::mail::{AppUrl, Mailer};
use shared::secrets::Secrets;
use shared::session::{Session, Sessions};
use shared::store::Store;
use shared::worker::Worker;
use shared::worker::planner::Planner;
use tokio::sync::mpsc;

use crate::aws::{AwsLoopback, LoopbackConfig, QueueConfig, Redrive, StoredMail};
use crate::database::Embedded;
use crate::sync::process_name;

pub(crate) use event::api_event;
pub(crate) use timers::Timers;

/// Queues, by the names that they have in infra/template.yaml.
pub(crate) const INITIAL: &str = "initial";
pub(crate) const NIGHTLY: &str = "nightly";
pub(crate) const WRITEBACK: &str = "writeback";
/// A message comes back when its worker has been silent for this long.
const VISIBILITY_S: u64 = 960;
/// Deliveries of a message before it is moved aside.
const MAX_RECEIVES: u32 = 5;
/// Soft end of a slice: that of a Lambda function that may run for 15 minutes.
const SOFT_LIMIT: Duration = Duration::from_secs(800);
pub(crate) const SENDER: &str = "lifecycle-insights@localhost.localdomain";
pub(crate) const CONFIGURATION_SET: &str = "lci";
const SECRET_PREFIX: &str = "lci/autotask";

/// Everything that runs in this process.
#[derive(Debug)]
pub(crate) struct Host {
    aws: Arc<AwsLoopback>,
    settings: settings::Deps,
    test_settings: test_settings::Deps,
    mappings: mappings::Deps,
    auto_map: auto_map::Deps,
    warranty_writeback: warranty_writeback::Deps,
    nightly: nightly_sync::Deps,
    mail_events: Option<mpsc::Receiver<Value>>,
    _database: Embedded,
}

impl Host {
    /// Starts the outside world and wires every function to it.
    pub(crate) async fn start(
        folder: Option<&Path>,
        database: Embedded,
        config: Config,
        clock: Arc<dyn Clock>,
        app_url: &str,
    ) -> anyhow::Result<Self> {
        let (events, mail_events) = mpsc::channel(64);
        let aws = AwsLoopback::start(folder, loopback(Arc::clone(&clock)), events).await?;
        let store = database.store();
        let secrets = Secrets::new(aws.secrets(), SECRET_PREFIX);
        let sessions = Sessions::Fixed(Session { store: store.clone(), secrets });
        let bell = {
            let [initial, nightly, write_back] =
                [INITIAL, NIGHTLY, WRITEBACK].map(|queue| aws.queue_url(queue));
            Bell::new(aws.sqs(), initial, nightly, write_back)
        };
        leftovers::wake(&store, &bell, clock.now_ms())
            .await
            .context("what was under way cannot be taken up")?;
        let worker = Worker {
            sessions: sessions.clone(),
            clock: Arc::clone(&clock),
            config: config.clone(),
            bell: bell.clone(),
            mailer: Mailer::new(aws.ses(), SENDER, CONFIGURATION_SET),
            app_url: AppUrl::parse(app_url).context("the page's address cannot be linked to")?,
            sole: Some(process_name()),
        };
        let names = ClaimNames::default();
        let settings = settings::Deps {
            sessions: sessions.clone(),
            clock: Arc::clone(&clock),
            config: config.clone(),
            bell: bell.clone(),
            names: names.clone(),
        };
        let mappings = mappings::Deps {
            sessions: sessions.clone(),
            clock: Arc::clone(&clock),
            secret: config.integration_code.clone(),
            names: names.clone(),
        };
        let auto_map = auto_map::Deps { sessions: sessions.clone(), names: names.clone() };
        let warranty_writeback = warranty_writeback::Deps {
            worker: worker.clone(),
            secret: config.integration_code.clone(),
            names: names.clone(),
        };
        let test_settings = test_settings::Deps {
            sessions,
            config,
            clock: Arc::clone(&clock),
            names,
            deadline: shared::probe::DEADLINE,
        };
        let nightly = nightly_sync::Deps { worker, planner: Planner { store, clock, bell } };
        let (aws, mail_events) = (Arc::new(aws), Some(mail_events));
        Ok(Self {
            aws,
            settings,
            test_settings,
            mappings,
            auto_map,
            warranty_writeback,
            nightly,
            mail_events,
            _database: database,
        })
    }

    /// Table and secrets, past all functions.
    pub(crate) fn data(&self) -> (Store, Secrets) {
        (self._database.store(), Secrets::new(self.aws.secrets(), SECRET_PREFIX))
    }

    /// Sent mails, newest first.
    pub(crate) fn mails(&self) -> Vec<StoredMail> {
        self.aws.mails()
    }
}

/// The endpoints of AWS, as the template makes their real counterparts.
pub(crate) fn loopback(clock: Arc<dyn Clock>) -> LoopbackConfig {
    let dead = |name: &str| format!("{name}-dead");
    let queue = |name: &str, redrive| QueueConfig {
        name: name.to_owned(),
        visibility_timeout_s: VISIBILITY_S,
        redrive,
    };
    let with_dead = |name: &str| {
        let redrive = Redrive { max_receive_count: MAX_RECEIVES, dead_letter_queue: dead(name) };
        [queue(name, Some(redrive)), queue(&dead(name), None)]
    };
    LoopbackConfig {
        queues: [with_dead(INITIAL), with_dead(NIGHTLY), with_dead(WRITEBACK)].concat(),
        identities: vec![SENDER.to_owned()],
        configuration_sets: vec![CONFIGURATION_SET.to_owned()],
        clock,
    }
}
