//! One Autotask database as one API user sees it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;
use shared_core::entity::Entity;
use shared_core::pace::{Class, Usage};
use shared_core::query::{self, Condition};
use shared_core::retry::MAX_ATTEMPTS;
use shared_core::wire::{self, Page, PageError};
use tracing::Instrument;

use super::address::AddressPolicy;
use super::call::{Call, unavailable};
use super::error::CallError;
use super::exchange;
use super::pacer::Pacer;
use super::throttle::Throttle;
use super::zone::Zone;
use crate::clock::Clock;

/// Autotask cuts a request off after 5 minutes; a page that takes a third of that is asked again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(100);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The same where somebody waits for the answer.
const PROBE_TIMEOUT: Duration = Duration::from_secs(8);
const PROBE_CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// Tries of a call where somebody waits for the answer.
const PROBE_ATTEMPTS: u32 = 2;

/// API user, password and our tracking identifier.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// API user name, exactly as in Autotask.
    pub user: String,
    /// API password.
    pub password: SecretString,
    /// Tracking identifier (integration code).
    pub integration_code: SecretString,
}

/// How to reach Autotask.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Base that answers `/atservicesrest/v1.0/zoneInformation`.
    pub discovery_url: String,
    /// Which hosts may be called.
    pub policy: AddressPolicy,
    /// What kind of work this client does.
    pub class: Class,
    /// How long and how often a call is tried.
    pub patience: Patience,
    /// Certificates of authorities to trust besides the system's, as PEM; see [`trust`](super::trust).
    pub extra_ca_pem: Option<String>,
}

/// How long and how often a call is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patience {
    /// A run has time: six tries, each as long as Autotask may take.
    #[default]
    Run,
    /// Somebody waits for the answer: two tries, some seconds each.
    Probe,
}

impl Patience {
    /// (the whole request, its connection)
    pub(crate) fn timeouts(self) -> (Duration, Duration) {
        match self {
            Self::Run => (REQUEST_TIMEOUT, CONNECT_TIMEOUT),
            Self::Probe => (PROBE_TIMEOUT, PROBE_CONNECT_TIMEOUT),
        }
    }

    pub(crate) fn max_attempts(self) -> u32 {
        match self {
            Self::Run => MAX_ATTEMPTS,
            Self::Probe => PROBE_ATTEMPTS,
        }
    }
}

/// A client for one API user. Clones share everything.
#[derive(Clone, Debug)]
pub struct AutotaskClient {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) credentials: Credentials,
    pub(super) config: ClientConfig,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) zone: RwLock<Option<(u64, Zone)>>,
    pub(super) resolving: tokio::sync::Mutex<()>,
    pub(super) throttle: Throttle,
    pub(super) pacer: Pacer,
    pub(super) is_refused: AtomicBool,
    /// Calls that were refused and are finding out whether the zone moved; nobody else sends meanwhile.
    pub(super) n_doubting: AtomicU32,
    pub(super) server_offset_ms: AtomicI64,
    pub(super) knows_server_time: AtomicBool,
}

impl AutotaskClient {
    /// A client that has not called anybody yet. `zone` is a cached look-up.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when TLS cannot be set up (a bundle of certificates that is none, too), [`CallError::Address`] for a cached zone that is no
    /// longer allowed.
    pub fn new(
        credentials: Credentials,
        config: ClientConfig,
        clock: Arc<dyn Clock>,
        zone: Option<Zone>,
    ) -> Result<Self, CallError> {
        let http = exchange::http(config.patience.timeouts(), &config.policy, config.extra_ca_pem.as_deref())
            .map_err(|why| unavailable("(none)", 0, why))?;
        if let Some(zone) = &zone {
            config.policy.check(&zone.url)?;
        }
        let pacer = Pacer::new(config.class);
        let inner = Inner {
            http,
            credentials,
            config,
            clock,
            zone: RwLock::new(zone.map(|zone| (0, zone))),
            resolving: tokio::sync::Mutex::new(()),
            throttle: Throttle::default(),
            pacer,
            is_refused: AtomicBool::new(false),
            n_doubting: AtomicU32::new(0),
            server_offset_ms: AtomicI64::new(0),
            knows_server_time: AtomicBool::new(false),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The user's zone; looked up unless it is known.
    ///
    /// # Errors
    /// [`CallError::Credentials`] when no zone knows the user.
    pub async fn zone(&self) -> Result<Zone, CallError> {
        Ok(self.current_zone().await?.1)
    }

    /// The zone as it is known now, without a call.
    #[must_use]
    pub fn current(&self) -> Option<Zone> {
        self.known_zone().map(|(_, zone)| zone)
    }

    /// Reads one page of a query with `read`; a page that `read` refuses is asked for again.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn query<T>(
        &self,
        entity: Entity,
        body: &Value,
        mut read: impl FnMut(&Page<'_>) -> Result<T, String>,
    ) -> Result<T, CallError> {
        let call = call(entity, Method::POST, "query", Some(body));
        self.ask(&call, |bytes| read(&wire::parse_page(bytes)?).map_err(PageError::Malformed)).await
    }

    /// Counts the rows that a filter matches.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn count(&self, entity: Entity, filter: &[Condition]) -> Result<u64, CallError> {
        let body = query::count_body(filter);
        self.ask(&call(entity, Method::POST, "query/count", Some(&body)), wire::parse_count).await
    }

    /// Field information of an entity, as its body: it is cached as it came.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn fields(&self, entity: Entity) -> Result<String, CallError> {
        let keep = |bytes: &[u8]| {
            wire::parse_fields(bytes)?;
            String::from_utf8(bytes.to_vec()).map_err(|_| PageError::Malformed("not UTF-8".to_owned()))
        };
        self.ask(&call(entity, Method::GET, "entityInformation/fields", None), keep).await
    }

    /// Our rights on an entity.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn rights(&self, entity: Entity) -> Result<wire::EntityRights, CallError> {
        self.ask(&call(entity, Method::GET, "entityInformation", None), wire::parse_rights).await
    }

    /// Reads the hourly limit and how much of it is used.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn threshold(&self) -> Result<Usage, CallError> {
        self.read_threshold(false).await
    }

    /// Sends the credentials once, with a reading of the hourly limit: whatever comes back, they are not sent again.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn log_in(&self) -> Result<Usage, CallError> {
        self.read_threshold(true).await
    }

    async fn read_threshold(&self, is_only_try: bool) -> Result<Usage, CallError> {
        let endpoint = "ThresholdInformation";
        let (method, path) = (Method::GET, endpoint.to_owned());
        let call = Call { endpoint, method, path, body: None, is_paced: false, is_only_try };
        let read = self.call(&call, &mut wire::parse_threshold).await?;
        let window_ms = read.request_threshold_timeframe_min.max(1) * 60_000;
        let now_ms = self.inner.clock.now_ms();
        let pacer = &self.inner.pacer;
        let (n_used, limit) = (read.current_timeframe_request_count, read.external_request_threshold);
        pacer.note_usage(n_used, limit, window_ms, now_ms);
        // An alarm watches the share.
        let used_percent = n_used.saturating_mul(100) / limit.max(1);
        tracing::info!(used_percent, n_used, limit, "hourly limit read");
        pacer.usage().ok_or_else(|| unavailable(endpoint, 1, "no reading"))
    }

    /// A paced call; one of the callers has renewed the reading of the hourly limit when it is due.
    async fn ask<T>(
        &self,
        call: &Call<'_>,
        mut read: impl FnMut(&[u8]) -> Result<T, PageError>,
    ) -> Result<T, CallError> {
        if self.inner.pacer.is_reading_due(self.inner.clock.now_ms()) {
            let client = self.clone();
            // Beside the work: a lane that waited for the reading would fall behind the others. What it fails at, the
            // next call fails at too, and says so.
            tokio::spawn(async move { drop(client.threshold().await) }.in_current_span());
        }
        self.call(call, &mut read).await
    }

    /// The server's clock now, as its last answer's `Date` tells it, in milliseconds since the epoch.
    #[must_use]
    pub fn server_now_ms(&self) -> u64 {
        let offset_ms = self.inner.server_offset_ms.load(Ordering::Acquire);
        self.inner.clock.now_ms().saturating_add_signed(offset_ms)
    }

    /// Whether an answer has told the server's clock yet.
    #[must_use]
    pub fn knows_server_time(&self) -> bool {
        self.inner.knows_server_time.load(Ordering::Acquire)
    }

    /// Takes over our calls by minute from the last client of this database.
    pub fn set_own_requests(&self, own_requests: &[(u64, u64)]) {
        self.inner.pacer.set_own_requests(own_requests);
    }

    /// Our calls by minute, to be handed to the next client of this database.
    #[must_use]
    pub fn own_requests(&self) -> Vec<(u64, u64)> {
        self.inner.pacer.own_requests()
    }

    /// Continues the series of ever rarer probes of an exhausted hourly limit.
    pub fn set_limit_probes(&self, n_probes: u32) {
        self.inner.pacer.set_probes(n_probes);
    }

    /// Calls by endpoint, bytes received, milliseconds waited.
    #[must_use]
    pub fn totals(&self) -> (BTreeMap<String, u64>, u64, u64) {
        self.inner.pacer.totals()
    }
}

fn call<'a>(entity: Entity, method: Method, what: &str, body: Option<&'a Value>) -> Call<'a> {
    let endpoint = wire::endpoint(entity);
    Call { endpoint, method, path: format!("{endpoint}/{what}"), body, is_paced: true, is_only_try: false }
}
