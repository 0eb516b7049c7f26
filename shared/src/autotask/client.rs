//! One Autotask database as one API user sees it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use shared_core::entity::Entity;
use shared_core::pace::{Class, Pace, Usage};
use shared_core::query::{self, Condition};
use shared_core::retry::{self, Meaning};
use shared_core::wire::{self, Page, PageError};

use super::address::{AddressPolicy, PublicResolver};
use super::error::{CallError, CredentialFault};
use super::exchange::{self, Received, exchange};
use super::pacer::Pacer;
use super::throttle::Throttle;
use super::zone::{self, Zone};
use crate::clock::Clock;

/// Autotask cuts a request off after 5 minutes; a page that takes a third of that is asked again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(100);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// First step of the back-off after a transient failure.
const BACKOFF_BASE_MS: u64 = 400;
/// Begin of the text for an answer that came whole and cannot be used.
const UNUSABLE: &str = "unusable answer";
/// Waits for a free thread that one call makes before it gives up for now.
const MAX_THREAD_WAITS: u32 = 40;
/// From this share of the hourly limit on, a 429 that does not say which limit it means is the hourly one.
const UNCLEAR_IS_HOURLY_FROM: f64 = 0.95;

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
}

/// A client for one API user. Clones share everything.
#[derive(Clone, Debug)]
pub struct AutotaskClient {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: reqwest::Client,
    credentials: Credentials,
    config: ClientConfig,
    clock: Arc<dyn Clock>,
    zone: RwLock<Option<(u64, Zone)>>,
    resolving: tokio::sync::Mutex<()>,
    throttle: Throttle,
    pacer: Pacer,
    is_refused: AtomicBool,
    server_offset_ms: AtomicI64,
}

impl AutotaskClient {
    /// A client that has not called anybody yet. `zone` is a cached look-up.
    ///
    /// # Errors
    /// [`CallError::Unavailable`] when TLS cannot be set up, [`CallError::Address`] for a cached zone that is no
    /// longer allowed.
    pub fn new(
        credentials: Credentials,
        config: ClientConfig,
        clock: Arc<dyn Clock>,
        zone: Option<Zone>,
    ) -> Result<Self, CallError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("lci-autotask/", env!("CARGO_PKG_VERSION")))
            .timeout(REQUEST_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .http1_only();
        if config.policy.wants_public_addresses() {
            builder = builder.dns_resolver(Arc::new(PublicResolver));
        }
        let http = builder.build().map_err(|_| unavailable("(none)", 0, "TLS could not be set up"))?;
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
            server_offset_ms: AtomicI64::new(0),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The user's zone; looked up unless it is known.
    ///
    /// # Errors
    /// [`CredentialFault::UnknownUser`] when no zone knows the user.
    pub async fn zone(&self) -> Result<Zone, CallError> {
        Ok(self.current_zone().await?.1)
    }

    async fn current_zone(&self) -> Result<(u64, Zone), CallError> {
        if let Some(known) = self.known_zone() {
            return Ok(known);
        }
        let _alone = self.inner.resolving.lock().await;
        match self.known_zone() {
            Some(known) => Ok(known),
            None => self.resolve(0).await,
        }
    }

    fn known_zone(&self) -> Option<(u64, Zone)> {
        self.inner.zone.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn resolve(&self, generation: u64) -> Result<(u64, Zone), CallError> {
        let config = &self.inner.config;
        let url = zone::lookup_url(&config.discovery_url, &self.inner.credentials.user, &config.policy)?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.inner.pacer.note_call("zoneInformation", false, self.inner.clock.now_ms());
            let last = match exchange(self.inner.http.get(url.clone())).await {
                Ok(received) => {
                    self.note_received(&received);
                    match retry::meaning(&received.answer) {
                        Meaning::Success | Meaning::Refused => {
                            let zone = zone::read(&received.body, &config.policy)?;
                            let known = (generation, zone);
                            *self.inner.zone.write().unwrap_or_else(PoisonError::into_inner) =
                                Some(known.clone());
                            return Ok(known);
                        }
                        Meaning::NotFound | Meaning::Forbidden | Meaning::Unauthorized => {
                            return Err(CallError::Credentials(CredentialFault::UnknownUser));
                        }
                        _ => format!("status {}", received.answer.status),
                    }
                }
                Err(what) => what,
            };
            match retry::backoff_ms(attempt, BACKOFF_BASE_MS, fastrand::f64()) {
                Some(pause_ms) => self.pause(pause_ms).await,
                None => return Err(unavailable("zoneInformation", attempt, &last)),
            }
        }
    }

    /// Looks the zone up once more after a refused login; true when it moved (or was looked up meanwhile).
    async fn has_moved(&self, generation: u64) -> Result<bool, CallError> {
        let _alone = self.inner.resolving.lock().await;
        let Some((now, old)) = self.known_zone() else { return Ok(false) };
        if self.inner.is_refused.load(Ordering::Acquire) {
            return Ok(false);
        }
        if now > generation {
            return Ok(true);
        }
        let (_, new) = self.resolve(generation + 1).await?;
        if new.url == old.url {
            *self.inner.zone.write().unwrap_or_else(PoisonError::into_inner) = Some((generation, old));
            return Ok(false);
        }
        tracing::warn!("the Autotask zone moved; going on in the new one");
        Ok(true)
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
        let endpoint = wire::endpoint(entity);
        self.call(endpoint, Method::POST, &format!("{endpoint}/query"), Some(body), |bytes| {
            read(&wire::parse_page(bytes)?).map_err(PageError::Malformed)
        })
        .await
    }

    /// Counts the rows that a filter matches.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn count(&self, entity: Entity, filter: &[Condition]) -> Result<u64, CallError> {
        let endpoint = wire::endpoint(entity);
        let body = query::count_body(filter);
        self.call(endpoint, Method::POST, &format!("{endpoint}/query/count"), Some(&body), wire::parse_count)
            .await
    }

    /// Field information of an entity, as its body: it is cached as it came.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn fields(&self, entity: Entity) -> Result<String, CallError> {
        let endpoint = wire::endpoint(entity);
        let path = format!("{endpoint}/entityInformation/fields");
        self.call(endpoint, Method::GET, &path, None, |bytes| {
            wire::parse_fields(bytes)?;
            String::from_utf8(bytes.to_vec()).map_err(|_| PageError::Malformed("not UTF-8".to_owned()))
        })
        .await
    }

    /// Our rights on an entity.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn rights(&self, entity: Entity) -> Result<wire::EntityRights, CallError> {
        let endpoint = wire::endpoint(entity);
        let path = format!("{endpoint}/entityInformation");
        self.call(endpoint, Method::GET, &path, None, wire::parse_rights).await
    }

    /// Reads the hourly limit and how much of it is used.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn threshold(&self) -> Result<Usage, CallError> {
        let endpoint = "ThresholdInformation";
        let read =
            self.try_call(endpoint, Method::GET, endpoint, None, &mut wire::parse_threshold, false).await?;
        let window_ms = read.request_threshold_timeframe_min.max(1) * 60_000;
        let now_ms = self.inner.clock.now_ms();
        let pacer = &self.inner.pacer;
        pacer.note_usage(
            read.current_timeframe_request_count,
            read.external_request_threshold,
            window_ms,
            now_ms,
        );
        pacer.usage().ok_or_else(|| unavailable(endpoint, 1, "no reading"))
    }

    async fn call<T>(
        &self,
        endpoint: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        mut read: impl FnMut(&[u8]) -> Result<T, PageError>,
    ) -> Result<T, CallError> {
        if self.inner.pacer.is_reading_due(self.inner.clock.now_ms()) {
            Box::pin(self.threshold()).await?;
        }
        self.try_call(endpoint, method, path, body, &mut read, true).await
    }

    async fn try_call<T>(
        &self,
        endpoint: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        read: &mut impl FnMut(&[u8]) -> Result<T, PageError>,
        is_paced: bool,
    ) -> Result<T, CallError> {
        let (mut attempt, mut n_thread_waits, mut has_looked_again) = (0, 0, false);
        loop {
            if is_paced {
                self.keep_pace().await?;
            }
            let (generation, zone) = self.current_zone().await?;
            let request = self.request(&zone, method.clone(), path, body)?;
            let permit = self.inner.throttle.enter(endpoint).await;
            // Looked at last of all: a login that was refused meanwhile must not be tried again.
            if self.inner.is_refused.load(Ordering::Acquire) {
                return Err(CallError::Credentials(CredentialFault::LoginRefused));
            }
            self.inner.pacer.note_call(endpoint, true, self.inner.clock.now_ms());
            attempt += 1;
            let last = match exchange(request).await {
                Err(what) => what,
                Ok(received) => {
                    self.note_received(&received);
                    match retry::meaning(&received.answer) {
                        Meaning::Success => match read(&received.body) {
                            Ok(value) => {
                                permit.note_clean();
                                return Ok(value);
                            }
                            Err(PageError::Errors(errors)) => return Err(refused(endpoint, 200, &errors)),
                            Err(PageError::Malformed(what)) => format!("{UNUSABLE}: {what}"),
                        },
                        Meaning::ThreadLimit if n_thread_waits < MAX_THREAD_WAITS => {
                            n_thread_waits += 1;
                            attempt -= 1;
                            let rest = permit.note_thread_limit();
                            tracing::warn!(endpoint, "thread limit reached; one lane for a while");
                            drop(permit);
                            self.pause(u64::try_from(rest.as_millis()).unwrap_or(1_000)).await;
                            continue;
                        }
                        Meaning::UnclearLimit { retry_after_ms } => {
                            drop(permit);
                            self.settle_unclear(endpoint, retry_after_ms).await?;
                            n_thread_waits += 1;
                            if n_thread_waits > MAX_THREAD_WAITS {
                                return Err(unavailable(endpoint, attempt, "status 429"));
                            }
                            attempt -= 1;
                            continue;
                        }
                        Meaning::Unauthorized => {
                            drop(permit);
                            if !has_looked_again && self.has_moved(generation).await? {
                                has_looked_again = true;
                                continue;
                            }
                            return Err(self.refuse(CredentialFault::LoginRefused));
                        }
                        meaning => match self.settle(endpoint, &meaning, &received) {
                            Some(error) => return Err(error),
                            None => format!("status {}", received.answer.status),
                        },
                    }
                }
            };
            drop(permit);
            match retry::backoff_ms(attempt, BACKOFF_BASE_MS, fastrand::f64()) {
                Some(pause_ms) => {
                    tracing::warn!(endpoint, attempt, "call failed ({last}); trying again");
                    self.pause(pause_ms).await;
                }
                None => return Err(unavailable(endpoint, attempt, &last)),
            }
        }
    }

    /// The error for meanings that end the call; none for transient ones.
    fn settle(&self, endpoint: &str, meaning: &Meaning, received: &Received) -> Option<CallError> {
        let answer = &received.answer;
        match meaning {
            Meaning::HourlyLimit { retry_after_ms } => {
                Some(CallError::Throttled { wait_ms: self.inner.pacer.note_limit(*retry_after_ms) })
            }
            Meaning::BadIntegrationCode => Some(self.refuse(CredentialFault::IntegrationCode)),
            Meaning::Forbidden => Some(CallError::Forbidden {
                endpoint: endpoint.to_owned(),
                said: said(answer.status, &answer.errors),
            }),
            Meaning::NotFound | Meaning::Refused => Some(refused(endpoint, answer.status, &answer.errors)),
            _ => None,
        }
    }

    /// A 429 without a word: near the hourly limit it is that one, else too many threads.
    async fn settle_unclear(&self, endpoint: &str, retry_after_ms: Option<u64>) -> Result<(), CallError> {
        let limited = |wait: Option<u64>| CallError::Throttled { wait_ms: self.inner.pacer.note_limit(wait) };
        if endpoint == "ThresholdInformation" {
            return Err(limited(retry_after_ms));
        }
        let usage = match Box::pin(self.threshold()).await {
            Ok(usage) => usage,
            Err(CallError::Throttled { .. }) => return Err(limited(retry_after_ms)),
            Err(error) => return Err(error),
        };
        if usage.n_used as f64 >= usage.limit as f64 * UNCLEAR_IS_HOURLY_FROM {
            return Err(limited(retry_after_ms));
        }
        let rest = self.inner.throttle.enter(endpoint).await.note_thread_limit();
        let rest_ms = u64::try_from(rest.as_millis()).unwrap_or(1_000);
        self.pause(rest_ms.max(retry_after_ms.unwrap_or(0))).await;
        Ok(())
    }

    fn refuse(&self, fault: CredentialFault) -> CallError {
        self.inner.is_refused.store(true, Ordering::Release);
        CallError::Credentials(fault)
    }

    async fn keep_pace(&self) -> Result<(), CallError> {
        match self.inner.pacer.next() {
            Pace::Go => Ok(()),
            Pace::Slow(pause_ms) => {
                self.pause(pause_ms).await;
                Ok(())
            }
            Pace::Wait(wait_ms) => Err(CallError::Throttled { wait_ms }),
        }
    }

    async fn pause(&self, pause_ms: u64) {
        self.inner.pacer.note_wait(pause_ms);
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    }

    fn request(
        &self,
        zone: &Zone,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<RequestBuilder, CallError> {
        let url = zone::endpoint_url(zone, path, &self.inner.config.policy)?;
        let Credentials { user, password, integration_code } = &self.inner.credentials;
        let request = self
            .inner
            .http
            .request(method, url)
            .header("UserName", secret_header(user))
            .header("Secret", secret_header(password.expose_secret()))
            .header("ApiIntegrationCode", secret_header(integration_code.expose_secret()));
        Ok(match body {
            Some(body) => request.json(body),
            None => request.header(reqwest::header::CONTENT_TYPE, "application/json"),
        })
    }

    fn note_received(&self, received: &Received) {
        self.inner.pacer.note_bytes(received.body.len());
        if let Some(server_ms) = received.server_ms {
            let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
            let offset_ms = signed(server_ms) - signed(self.inner.clock.now_ms());
            self.inner.server_offset_ms.store(offset_ms, Ordering::Release);
        }
    }

    /// The server's clock now, as its last answer's `Date` tells it, in milliseconds since the epoch.
    #[must_use]
    pub fn server_now_ms(&self) -> u64 {
        let offset_ms = self.inner.server_offset_ms.load(Ordering::Acquire);
        self.inner.clock.now_ms().saturating_add_signed(offset_ms)
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

/// A header value that is never shown; a value that cannot be sent becomes an empty one, which Autotask refuses.
fn secret_header(value: &str) -> reqwest::header::HeaderValue {
    let header = reqwest::header::HeaderValue::from_bytes(value.as_bytes());
    let mut header = header.unwrap_or_else(|_| reqwest::header::HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

fn said(status: u16, errors: &[String]) -> String {
    if errors.is_empty() { format!("status {status}") } else { errors.join("; ").chars().take(500).collect() }
}

fn refused(endpoint: &str, status: u16, errors: &[String]) -> CallError {
    CallError::Refused { endpoint: endpoint.to_owned(), status, said: said(status, errors) }
}

fn unavailable(endpoint: &str, n_attempts: u32, last: &str) -> CallError {
    let is_size_suspect =
        [exchange::TIMED_OUT, exchange::BROKE_OFF, UNUSABLE].iter().any(|sign| last.starts_with(sign));
    CallError::Unavailable {
        endpoint: endpoint.to_owned(),
        n_attempts,
        last: last.to_owned(),
        is_size_suspect,
    }
}
