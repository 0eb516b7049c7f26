//! An embedded database, engines on it, and a client that can fall asleep.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use autotask_simulator::Simulator;
use aws_credential_types::Credentials as Keys;
use aws_sdk_dynamodb::config::interceptors::{
    BeforeSerializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{BehaviorVersion, ConfigBag, Intercept, Region, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use shared::autotask::Credentials;
use shared::autotask::address::AddressPolicy;
use shared::clock::{Clock, SystemClock};
use shared::engine::{Engine, EngineConfig, Request};
use shared::store::{Store, TenantId};
use shared_core::entity::Entity;
use shared_core::run::{Kind, Trigger};
use tokio::sync::Notify;

const TABLE: &str = "fence";

/// Many threads: sleepers block theirs.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(24)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

pub(crate) fn initial() -> Request {
    let entities = vec![Entity::Companies, Entity::Assets];
    Request {
        kind: Kind::Initial,
        trigger: Trigger::Manual,
        entities,
        again: false,
        soft_limit: None,
        organizations: None,
    }
}

#[derive(Debug)]
struct ShiftedClock(u64);

impl Clock for ShiftedClock {
    fn now_ms(&self) -> u64 {
        SystemClock.now_ms() + self.0
    }
}

/// Lets some transactions through, then holds all others back until it is woken.
#[derive(Debug)]
pub(crate) struct Sleeper {
    n_left: AtomicUsize,
    strips_conditions: bool,
    is_awake: Mutex<bool>,
    woken: Condvar,
    asleep: Notify,
}

impl Sleeper {
    pub(crate) fn new(n_before_sleep: usize, strips_conditions: bool) -> Self {
        Self {
            n_left: AtomicUsize::new(n_before_sleep),
            strips_conditions,
            is_awake: Mutex::new(false),
            woken: Condvar::new(),
            asleep: Notify::new(),
        }
    }

    pub(crate) async fn wait_until_asleep(&self) {
        self.asleep.notified().await;
    }

    pub(crate) fn wake(&self) {
        *self.is_awake.lock().unwrap() = true;
        self.woken.notify_all();
    }

    fn pass(&self) {
        let passes =
            self.n_left.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
        if passes.is_err() {
            self.asleep.notify_one();
            let awake = self.woken.wait_while(self.is_awake.lock().unwrap(), |is_awake| !*is_awake);
            drop(awake);
        }
    }
}

#[derive(Debug)]
struct SleepInterceptor(Arc<Sleeper>);

impl Intercept for SleepInterceptor {
    fn name(&self) -> &'static str {
        "sleep"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(input) = context.input_mut().downcast_mut::<TransactWriteItemsInput>() else {
            return Ok(());
        };
        self.0.pass();
        if self.0.strips_conditions {
            strip(input);
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Ok(())
    }
}

fn strip(input: &mut TransactWriteItemsInput) {
    let items = input.transact_items.take().unwrap_or_default();
    let kept = items.into_iter().filter(|item| item.condition_check.is_none()).map(|mut item| {
        if let Some(put) = &mut item.put {
            put.condition_expression = None;
            put.expression_attribute_values = None;
        }
        item
    });
    input.transact_items = Some(kept.collect());
}

pub(crate) struct World {
    endpoint: String,
    autotask_url: String,
    password: String,
    user: String,
}

impl World {
    pub(crate) async fn start(simulator: &Simulator) -> Self {
        let config = simulator.control().config();
        Self {
            endpoint: database().await,
            autotask_url: simulator.base_url(),
            password: config.password,
            user: config.user,
        }
    }

    fn client(&self, sleeper: Option<Arc<Sleeper>>) -> aws_sdk_dynamodb::Client {
        client(&self.endpoint, sleeper)
    }

    /// A worker that may not assume to be alone, its clock so much ahead.
    pub(crate) fn engine(&self, owner: &str, ahead_ms: u64, sleeper: Option<Arc<Sleeper>>) -> Engine {
        let config = EngineConfig {
            scope: None,
            tenant: TenantId::parse("t").unwrap(),
            credentials: Credentials {
                user: self.user.clone(),
                password: self.password.clone().into(),
                integration_code: "CODE".to_owned().into(),
            },
            discovery_url: self.autotask_url.clone(),
            policy: AddressPolicy { allow_loopback_http: true, ..AddressPolicy::default() },
            extra_ca_pem: None,
            owner: owner.to_owned(),
            sole: None,
        };
        let store = Store::new(self.client(sleeper), TABLE);
        Engine::new(store, Arc::new(ShiftedClock(ahead_ms)), config, None)
    }

    /// All live assets of the store.
    pub(crate) async fn assets(&self) -> BTreeMap<i64, String> {
        let (store, tenant) = (Store::new(self.client(None), TABLE), TenantId::parse("t").unwrap());
        let mut assets = BTreeMap::new();
        for shard in 0..Store::n_shards() {
            let keep = |id, doc: &str| assert!(assets.insert(id, doc.to_owned()).is_none(), "{id} twice");
            store.read_shard(&tenant, Entity::Assets, shard, keep).await.unwrap();
        }
        assets
    }
}

/// Starts an empty database; answers its endpoint.
async fn database() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    create_table(&client(&endpoint, None)).await;
    endpoint
}

/// A store on an empty database of its own.
pub(crate) async fn store() -> Store {
    Store::new(client(&database().await, None), TABLE)
}

fn client(endpoint: &str, sleeper: Option<Arc<Sleeper>>) -> aws_sdk_dynamodb::Client {
    let mut config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new("local"))
        .credentials_provider(Keys::from_keys("local", "local", None))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    if let Some(sleeper) = sleeper {
        config = config.interceptor(SleepInterceptor(sleeper));
    }
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

async fn create_table(client: &aws_sdk_dynamodb::Client) {
    let mut create = client.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let attribute =
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder().attribute_name(name).key_type(kind);
        create = create.attribute_definitions(attribute.build().unwrap()).key_schema(key.build().unwrap());
    }
    create.send().await.unwrap();
}
