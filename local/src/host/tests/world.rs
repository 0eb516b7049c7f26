//! Functions, loopback AWS, an embedded database and a simulator, on one clock that only tests move.

use std::collections::{BTreeMap, HashSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use autotask_simulator::{Config as Source, Control, Simulator};
use aws_sdk_dynamodb::types::AttributeValue;
use itglue_simulator::{Config as ItGlueSource, Simulator as ItGlue};
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::autotask::address::AddressPolicy;
use shared::clock::Clock;
use shared::config::{Config, ItGlueAddress};
use shared::store::Store;
use tokio::sync::mpsc;

use crate::aws::StoredMail;
use crate::database::{Embedded, TABLE};
use crate::host::{Host, INITIAL, NIGHTLY, WRITEBACK};

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
pub(super) const INTEGRATION_CODE: &str = "CANARY-INTEGRATION-CODE";

/// The simulator's clock is everybody's.
#[derive(Debug)]
struct OneClock(Control);

impl Clock for OneClock {
    fn now_ms(&self) -> u64 {
        self.0.now_ms().unsigned_abs()
    }

    /// Moves it there, if nobody else did: of those who wait side by side, each finds it moved once.
    fn sleep(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let until_ms = self.now_ms() + ms;
        Box::pin(async move {
            tokio::task::yield_now().await;
            let left_ms = until_ms.saturating_sub(self.now_ms());
            self.0.advance_clock_ms(i64::try_from(left_ms).unwrap());
        })
    }
}

pub(super) struct World {
    pub(super) host: Host,
    pub(super) control: Control,
    events: tokio::sync::Mutex<mpsc::Receiver<Value>>,
    told: Mutex<HashSet<String>>,
    pub(super) it_glue: ItGlue,
    _simulator: Simulator,
}

impl World {
    pub(super) async fn start() -> Self {
        Self::on(Source::small()).await
    }

    pub(super) async fn on(source: Source) -> Self {
        // Noon: nights are far away.
        let start_at = "2026-11-20T12:00:00Z".to_owned();
        let source = Source { is_clock_frozen: true, start_at, lockout_after: 0, ..source };
        let simulator = Simulator::start(source).await.unwrap();
        let control = simulator.control();
        let organizations = ItGlueSource { is_clock_frozen: true, ..ItGlueSource::small() };
        let it_glue = ItGlue::start(organizations).await.unwrap();
        let config = Config {
            integration_code: SecretString::from(INTEGRATION_CODE),
            discovery_url: simulator.base_url(),
            policy: AddressPolicy { allow_loopback_http: true, ..AddressPolicy::default() },
            extra_ca_pem: None,
            it_glue: ItGlueAddress {
                base_url: Some(it_glue.base_url()),
                policy: AddressPolicy { allow_loopback_http: true, ..AddressPolicy::it_glue() },
            },
        };
        let clock = Arc::new(OneClock(control.clone()));
        let database = Embedded::open(None).await.unwrap();
        let mut host = Host::start(None, database, config, clock, "http://127.0.0.1:4777").await.unwrap();
        let events = tokio::sync::Mutex::new(host.mail_events.take().unwrap());
        Self { host, control, events, told: Mutex::default(), it_glue, _simulator: simulator }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.control.now_ms()
    }

    pub(super) fn pass(&self, by_ms: i64) {
        self.control.advance_clock_ms(by_ms);
    }

    pub(super) fn store(&self) -> Store {
        self.host._database.store()
    }

    /// What is visible in a queue, as events with one doorbell each; nobody gets it again.
    pub(super) async fn doorbells(&self, queue: &str) -> Vec<Value> {
        let (client, url) = (self.host.aws.sqs(), self.host.aws.queue_url(queue));
        let mut events = Vec::new();
        loop {
            let received = client.receive_message().queue_url(&url).max_number_of_messages(10).send().await;
            let messages = received.unwrap().messages.unwrap_or_default();
            if messages.is_empty() {
                return events;
            }
            for message in messages {
                let handle = message.receipt_handle().unwrap();
                client.delete_message().queue_url(&url).receipt_handle(handle).send().await.unwrap();
                events.push(doorbell(message.message_id().unwrap(), message.body().unwrap()));
            }
        }
    }

    /// Lets all doorbells that were rung get lost.
    pub(super) async fn lose_doorbells(&self) -> usize {
        let of_runs = self.doorbells(INITIAL).await.len() + self.doorbells(NIGHTLY).await.len();
        of_runs + self.doorbells(WRITEBACK).await.len()
    }

    /// Rings everything that is in a queue; answers how many doorbells that were.
    pub(super) async fn ring(&self, queue: &str) -> usize {
        let function = match queue {
            INITIAL => "initial-sync",
            WRITEBACK => "warranty-writeback",
            _ => "nightly-sync",
        };
        let events = self.doorbells(queue).await;
        let n_rung = events.len();
        for event in events {
            let answer = self.host.call(function, event).await.unwrap();
            assert_eq!(answer, json!({"batchItemFailures": []}));
        }
        n_rung
    }

    /// Rings by hand, whatever is in the queues.
    pub(super) async fn ring_for(&self, tenant: &str) -> Value {
        self.host.call("nightly-sync", doorbell_for(tenant)).await.unwrap()
    }

    /// One minute's tick; answers how many doorbells it rang.
    pub(super) async fn tick(&self) -> u64 {
        let event = json!({"source": "lci.schedule", "detail-type": "tick", "detail": {}});
        self.host.call("nightly-sync", event).await.unwrap()["n_rung"].as_u64().unwrap()
    }

    /// Delivers the send event of every mail that was not told of yet.
    pub(super) async fn tell(&self) {
        let mut events = self.events.lock().await;
        while self.told.lock().unwrap().len() < self.mails().len() {
            let event = events.recv().await.unwrap();
            let id = event["id"].as_str().unwrap().to_owned();
            if self.told.lock().unwrap().insert(id.clone()) {
                self.host.call("nightly-sync", event).await.unwrap();
                self.host.aws.ack(&id).await.unwrap();
            }
        }
    }

    /// Works until nothing is left to do now.
    pub(super) async fn work(&self) {
        for _ in 0..50 {
            let n_of_runs = self.ring(INITIAL).await + self.ring(NIGHTLY).await;
            let n_rung = n_of_runs + self.ring(WRITEBACK).await;
            self.tell().await;
            if n_rung == 0 && self.tick().await == 0 {
                return;
            }
        }
        panic!("there is no end to it");
    }

    /// Moves the clock to the tenant's next night, and works through it.
    pub(super) async fn night(&self) {
        let (_, settings) = self.get("settings").await;
        self.control.set_clock(settings["next_night_at"].as_str().unwrap()).unwrap();
        self.pass(2_000);
        self.work().await;
    }

    pub(super) fn mails(&self) -> Vec<StoredMail> {
        self.host.mails()
    }

    /// Subjects of all mails, oldest first.
    pub(super) fn subjects(&self) -> Vec<String> {
        self.mails().into_iter().map(|mail| mail.subject).collect()
    }

    /// (how often credentials were looked at, how often they were refused)
    pub(super) fn logins(&self) -> (u64, u64) {
        let logins = self.control.counters().logins;
        logins.values().fold((0, 0), |sum, one| (sum.0 + one.attempts, sum.1 + one.failures))
    }

    /// Everything in the table by its key, past all code of ours.
    pub(super) async fn items(&self) -> BTreeMap<(String, String), String> {
        let (mut items, mut start) = (BTreeMap::new(), None);
        loop {
            let client = self.host._database.client();
            let page = client.scan().table_name(TABLE).set_exclusive_start_key(start).send().await.unwrap();
            for item in page.items.unwrap_or_default() {
                let key = |name: &str| item[name].as_s().cloned().unwrap();
                let sorted: BTreeMap<&String, &AttributeValue> = item.iter().collect();
                items.insert((key("pk"), key("sk")), format!("{sorted:?}"));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return items;
            }
        }
    }
}

/// An event of SQS with one message.
pub(super) fn doorbell(id: &str, body: &str) -> Value {
    json!({"Records": [{
        "messageId": id, "receiptHandle": "handle", "body": body, "attributes": {}, "messageAttributes": {},
        "md5OfBody": "", "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:local:000000000000:nightly",
        "awsRegion": "local",
    }]})
}

pub(super) fn doorbell_for(tenant: &str) -> Value {
    doorbell("by-hand", &json!({"tenant": tenant, "atdb": null}).to_string())
}
