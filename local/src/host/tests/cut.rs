//! How workers die: their wires to AWS are cut at one of their writes.
//!
//! Whatever a worker does after that, nothing of it gets out: that is a crash, as seen from outside. Between two writes
//! nothing outside changes, so a crash at every write is a crash at every step. The gentler fault is an answer that gets
//! lost: the write holds, the worker is told that it failed, and goes on.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use serde_json::Value;
use shared::doorbell::Bell;
use shared::mail::Mailer;
use shared::secrets::Secrets;
use shared::session::{Session, Sessions};
use shared::store::Store;
use shared::worker::Turn;
use shared::worker::planner::Planner;

use super::calls::TENANT;
use super::world::World;
use crate::database::TABLE;
use crate::host::{CONFIGURATION_SET, INITIAL, NIGHTLY, SECRET_PREFIX, SENDER, WRITEBACK};
use crate::sync::process_name;

/// What goes wrong at the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The worker dies before it.
    Death,
    /// It is carried out, but its answer gets lost.
    LostAnswer,
}

/// One worker's wires.
#[derive(Debug)]
pub(super) struct Cut {
    fault: Fault,
    at: usize,
    n_writes: AtomicUsize,
    is_dead: AtomicBool,
    is_deaf: AtomicBool,
    hit: Mutex<Option<String>>,
}

impl Cut {
    /// Wires that are cut at the n-th write, from 1.
    pub(super) fn at(fault: Fault, at: usize) -> Arc<Self> {
        let (is_dead, is_deaf) = (AtomicBool::new(false), AtomicBool::new(false));
        Arc::new(Self { fault, at, n_writes: AtomicUsize::new(0), is_dead, is_deaf, hit: Mutex::default() })
    }

    /// The write that was hit; none if there were not so many.
    pub(super) fn hit(&self) -> Option<String> {
        self.hit.lock().unwrap().clone()
    }

    fn before(&self, target: &str) -> Result<(), BoxError> {
        if self.is_dead.load(Ordering::SeqCst) {
            return Err("the worker is dead".into());
        }
        if !is_write(target) || self.n_writes.fetch_add(1, Ordering::SeqCst) + 1 != self.at {
            return Ok(());
        }
        *self.hit.lock().unwrap() = Some(target.to_owned());
        match self.fault {
            Fault::Death => {
                self.is_dead.store(true, Ordering::SeqCst);
                Err("the worker dies".into())
            }
            Fault::LostAnswer => {
                self.is_deaf.store(true, Ordering::SeqCst);
                Ok(())
            }
        }
    }
}

/// SES's protocol names its operation in the body; the product calls but one.
fn is_write(target: &str) -> bool {
    let reads = ["GetItem", "Query", "BatchGetItem", "GetSecretValue", "DescribeSecret"];
    !reads.iter().any(|read| target.ends_with(&format!(".{read}")))
}

#[derive(Debug)]
struct Cutter(Arc<Cut>);

impl Intercept for Cutter {
    fn name(&self) -> &'static str {
        "cut"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.before(context.request().headers().get("x-amz-target").unwrap_or("SendEmail"))
    }

    fn read_before_deserialization(
        &self,
        _: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.0.is_deaf.swap(false, Ordering::SeqCst) { Err("the answer got lost".into()) } else { Ok(()) }
    }
}

/// A client like another one, on wires that are cut.
macro_rules! on_wires {
    ($service:ident, $client:expr, $cut:expr) => {{
        let config = $client.config().to_builder().retry_config(RetryConfig::disabled());
        $service::Client::from_conf(config.interceptor(Cutter(Arc::clone($cut))).build())
    }};
}

impl World {
    /// What a worker on such wires works with.
    pub(super) fn mortal(&self, cut: &Arc<Cut>) -> nightly_sync::Deps {
        let mut deps = self.host.nightly.clone();
        let aws = &self.host.aws;
        let store = Store::new(on_wires!(aws_sdk_dynamodb, self.host._database.client(), cut), TABLE);
        let secrets = Secrets::new(on_wires!(aws_sdk_secretsmanager, aws.secrets(), cut), SECRET_PREFIX);
        let sqs = on_wires!(aws_sdk_sqs, aws.sqs(), cut);
        let bell = Bell::new(sqs, aws.queue_url(INITIAL), aws.queue_url(NIGHTLY), aws.queue_url(WRITEBACK));
        deps.worker.sessions = Sessions::Fixed(Session { store: store.clone(), secrets });
        deps.worker.mailer = Mailer::new(on_wires!(aws_sdk_ses, aws.ses(), cut), SENDER, CONFIGURATION_SET);
        deps.worker.bell = bell.clone();
        deps.planner = Planner { store, bell, ..deps.planner };
        deps
    }

    /// What the API works with on such wires.
    pub(super) fn mortal_settings(&self, cut: &Arc<Cut>) -> settings::Deps {
        let nightly_sync::Deps { worker, .. } = self.mortal(cut);
        settings::Deps { sessions: worker.sessions, bell: worker.bell, ..self.host.settings.clone() }
    }

    /// What write-back works with on such wires.
    pub(super) fn mortal_write_back(&self, cut: &Arc<Cut>) -> warranty_writeback::Deps {
        let nightly_sync::Deps { worker, .. } = self.mortal(cut);
        warranty_writeback::Deps { worker, ..self.host.warranty_writeback.clone() }
    }

    /// A worker of write-back on such wires answers a doorbell, whatever comes of it.
    pub(super) async fn write_back_mortal(&self, cut: &Arc<Cut>, event: Value) {
        let turn = turn("mortal", Duration::from_secs(800));
        // A dead worker's answer is nobody's.
        let _ = warranty_writeback::handle(event, &self.mortal_write_back(cut), &turn).await;
    }

    /// A worker on such wires answers a doorbell, whatever comes of it.
    pub(super) async fn ring_mortal(&self, cut: &Arc<Cut>, event: Value) {
        let turn = turn("mortal", Duration::from_secs(800));
        // A dead worker's answer is nobody's.
        let _ = nightly_sync::handle(event, &self.mortal(cut), &turn).await;
    }

    /// A first load whose worker died over one of its writes; answers the run.
    pub(super) async fn begin_and_die(&self) -> Value {
        self.set_up(TENANT).await;
        let event = self.doorbells(INITIAL).await.remove(0);
        self.ring_mortal(&Cut::at(Fault::Death, 30), event).await;
        self.settings().await["run"].clone()
    }

    /// A worker that has no time for more than the page in hand answers a doorbell.
    pub(super) async fn ring_hasty(&self, event: Value) -> Value {
        let turn = turn("hasty", Duration::ZERO);
        nightly_sync::handle(event, &self.host.nightly, &turn).await.unwrap()
    }
}

fn turn(name: &str, soft_limit: Duration) -> Turn {
    Turn { owner: format!("{}-{name}", process_name()), soft_limit }
}
