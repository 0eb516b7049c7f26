//! One call to Autotask: permit, request, meaning, and what follows from it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;
use shared_core::pace::Pace;
use shared_core::retry::{self, Answer, Meaning};
use shared_core::wire::PageError;

use super::client::{AutotaskClient, Credentials};
use super::error::{CallError, CredentialFault};
use super::exchange::{self, Received, exchange};
use super::zone::{self, Zone};

/// First step of the back-off after a transient failure.
const BACKOFF_BASE_MS: u64 = 400;
/// Begin of the text for an answer that came whole and cannot be used.
const UNUSABLE: &str = "unusable answer";
const NO_THREAD: &str = "no free thread";
/// Waits for a free thread that one call makes before it gives up for now.
const MAX_THREAD_WAITS: u32 = 40;
/// How long a slot is taken to be in use after a time-out: the rest of the 5 minutes that Autotask gives a request.
pub(super) const HOLD_AFTER_TIME_OUT: Duration = Duration::from_secs(200);
/// Longest wait within a call; a longer one ends the slice.
const MAX_INLINE_WAIT_MS: u64 = 10_000;
/// Zones that one call may be sent to before its login counts as refused.
const MAX_ZONES: u32 = 4;
/// From this share of the hourly limit on, a 429 that does not say which limit it means is the hourly one.
const UNCLEAR_IS_HOURLY_FROM: f64 = 0.95;

/// What is called.
pub(super) struct Call<'a> {
    pub(super) endpoint: &'a str,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<&'a Value>,
    /// Whether the hourly limit is looked at first; reading the limit itself is not held back by it.
    pub(super) is_paced: bool,
    /// The credentials are not known to be good: they are sent once, whatever comes back.
    pub(super) is_only_try: bool,
}

/// What one call has been through.
#[derive(Default)]
struct Tries {
    n_attempts: u32,
    n_thread_waits: u32,
    n_zones: u32,
}

impl Tries {
    /// Waiting for a free thread is no failed attempt, unless it goes on for ever.
    fn forgive<T>(&mut self, endpoint: &str) -> Result<Next<T>, CallError> {
        self.n_thread_waits += 1;
        if self.n_thread_waits > MAX_THREAD_WAITS {
            return Err(unavailable(endpoint, self.n_attempts, NO_THREAD));
        }
        self.n_attempts -= 1;
        Ok(Next::AtOnce)
    }
}

enum Next<T> {
    Done(T),
    AtOnce,
    /// After a pause; the text says what this attempt gave.
    Later(String),
}

impl AutotaskClient {
    /// Calls until there is a usable answer or it is time to give up.
    pub(super) async fn call<T>(
        &self,
        call: &Call<'_>,
        read: &mut impl FnMut(&[u8]) -> Result<T, PageError>,
    ) -> Result<T, CallError> {
        let mut tries = Tries::default();
        loop {
            let last = match self.attempt(call, &mut tries, read).await? {
                Next::Done(value) => return Ok(value),
                Next::AtOnce => continue,
                Next::Later(last) => last,
            };
            match self.pause_after(tries.n_attempts).filter(|_| !call.is_only_try) {
                Some(pause_ms) => {
                    let (endpoint, attempt) = (call.endpoint, tries.n_attempts);
                    tracing::warn!(endpoint, attempt, "call failed ({last}); trying again");
                    self.pause(pause_ms).await;
                }
                None => return Err(unavailable(call.endpoint, tries.n_attempts, &last)),
            }
        }
    }

    /// The pause before the next try; none when it is time to give up.
    pub(super) fn pause_after(&self, n_attempts: u32) -> Option<u64> {
        if n_attempts >= self.inner.config.patience.max_attempts() {
            return None;
        }
        retry::backoff_ms(n_attempts, BACKOFF_BASE_MS, fastrand::f64())
    }

    async fn attempt<T>(
        &self,
        call: &Call<'_>,
        tries: &mut Tries,
        read: &mut impl FnMut(&[u8]) -> Result<T, PageError>,
    ) -> Result<Next<T>, CallError> {
        let endpoint = call.endpoint;
        let permit = self.inner.throttle.enter(endpoint).await;
        // All of this is looked at last: while a call waits for its turn, the login may be refused, the zone may move,
        // the hourly limit may be reached.
        let (generation, zone) = self.trusted_zone().await?;
        if call.is_paced {
            self.keep_pace().await?;
        }
        let request = self.request(&zone, call)?;
        self.inner.pacer.note_call(endpoint, true, self.inner.clock.now_ms());
        tries.n_attempts += 1;
        let received = match exchange(request).await {
            Ok(received) => received,
            Err(what) => {
                if what == exchange::TIMED_OUT {
                    // The server may still be at work on it.
                    permit.hold_for(HOLD_AFTER_TIME_OUT);
                }
                return Ok(Next::Later(what));
            }
        };
        self.note_received(&received);
        match retry::meaning(&received.answer) {
            Meaning::Success => {
                permit.note_clean();
                // The server frees its slot from here on; reading the answer takes none.
                drop(permit);
                self.read_answer(call, &received, tries, read).await
            }
            Meaning::ThreadLimit if call.is_only_try => Err(unavailable(endpoint, 1, NO_THREAD)),
            Meaning::ThreadLimit => {
                tracing::warn!(endpoint, "thread limit reached; one lane for a while");
                let rest = permit.note_thread_limit();
                drop(permit);
                self.pause(millis(rest)).await;
                tries.forgive(endpoint)
            }
            Meaning::UnclearLimit { retry_after_ms } => {
                drop(permit);
                self.settle_unclear(endpoint, retry_after_ms).await?;
                tries.forgive(endpoint)
            }
            Meaning::Unauthorized => {
                drop(permit);
                tries.n_zones += 1;
                if !call.is_only_try && tries.n_zones <= MAX_ZONES && self.has_moved(generation).await? {
                    return Ok(Next::AtOnce);
                }
                Err(self.refuse(CredentialFault::LoginRefused))
            }
            meaning => match self.settle(endpoint, &meaning, &received.answer) {
                Some(error) => Err(error),
                None => Ok(Next::Later(format!("status {}", received.answer.status))),
            },
        }
    }

    /// Reads an answer that came as a success; limits may hide in it.
    async fn read_answer<T>(
        &self,
        call: &Call<'_>,
        received: &Received,
        tries: &mut Tries,
        read: &mut impl FnMut(&[u8]) -> Result<T, PageError>,
    ) -> Result<Next<T>, CallError> {
        let endpoint = call.endpoint;
        let errors = match read(&received.body) {
            Ok(value) => return Ok(Next::Done(value)),
            Err(PageError::Malformed(what)) => return Ok(Next::Later(format!("{UNUSABLE}: {what}"))),
            Err(PageError::Errors(errors)) => errors,
        };
        let answer = Answer { errors, ..received.answer.clone() };
        match retry::meaning(&answer) {
            Meaning::ThreadLimit if call.is_only_try => Err(unavailable(endpoint, 1, NO_THREAD)),
            Meaning::ThreadLimit => {
                let rest = self.inner.throttle.enter(endpoint).await.note_thread_limit();
                self.pause(millis(rest)).await;
                tries.forgive(endpoint)
            }
            meaning => Err(self
                .settle(endpoint, &meaning, &answer)
                .unwrap_or_else(|| refused(endpoint, answer.status, &answer.errors))),
        }
    }

    /// The error for meanings that end the call; none for transient ones.
    fn settle(&self, endpoint: &str, meaning: &Meaning, answer: &Answer) -> Option<CallError> {
        match meaning {
            Meaning::HourlyLimit { retry_after_ms } => {
                Some(CallError::Throttled { wait_ms: self.note_limit(*retry_after_ms) })
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
        let limited = |wait: Option<u64>| CallError::Throttled { wait_ms: self.note_limit(wait) };
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
        if retry_after_ms.is_some_and(|ms| ms > MAX_INLINE_WAIT_MS) {
            return Err(limited(retry_after_ms));
        }
        let rest = self.inner.throttle.enter(endpoint).await.note_thread_limit();
        self.pause(millis(rest).max(retry_after_ms.unwrap_or(0))).await;
        Ok(())
    }

    fn refuse(&self, fault: CredentialFault) -> CallError {
        self.inner.is_refused.store(true, Ordering::Release);
        CallError::Credentials(fault)
    }

    pub(super) fn note_limit(&self, retry_after_ms: Option<u64>) -> u64 {
        self.inner.pacer.note_limit(retry_after_ms, self.inner.clock.now_ms())
    }

    pub(super) async fn keep_pace(&self) -> Result<(), CallError> {
        match self.inner.pacer.next(self.inner.clock.now_ms()) {
            Pace::Go => Ok(()),
            Pace::Slow(pause_ms) => {
                self.inner.pacer.note_wait(pause_ms);
                // By the clock that the hourly window is measured with.
                self.inner.clock.sleep(pause_ms).await;
                Ok(())
            }
            Pace::Wait(wait_ms) => Err(CallError::Throttled { wait_ms }),
        }
    }

    pub(super) async fn pause(&self, pause_ms: u64) {
        self.inner.pacer.note_wait(pause_ms);
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    }

    pub(super) fn request(&self, zone: &Zone, call: &Call<'_>) -> Result<RequestBuilder, CallError> {
        let url = zone::endpoint_url(zone, &call.path, &self.inner.config.policy)?;
        let Credentials { user, password, integration_code } = &self.inner.credentials;
        let request = self
            .inner
            .http
            .request(call.method.clone(), url)
            .header("UserName", secret_header(user))
            .header("Secret", secret_header(password.expose_secret()))
            .header("ApiIntegrationCode", secret_header(integration_code.expose_secret()));
        Ok(match call.body {
            Some(body) => request.json(body),
            None => request.header(reqwest::header::CONTENT_TYPE, "application/json"),
        })
    }

    pub(super) fn note_received(&self, received: &Received) {
        self.inner.pacer.note_bytes(received.body.len());
        if let Some(server_ms) = received.server_ms {
            let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
            let offset_ms = signed(server_ms) - signed(self.inner.clock.now_ms());
            self.inner.server_offset_ms.store(offset_ms, Ordering::Release);
            self.inner.knows_server_time.store(true, Ordering::Release);
        }
    }
}

/// A header value that is never shown; a value that cannot be sent becomes an empty one, which the vendor refuses.
pub(crate) fn secret_header(value: &str) -> reqwest::header::HeaderValue {
    let header = reqwest::header::HeaderValue::from_bytes(value.as_bytes());
    let mut header = header.unwrap_or_else(|_| reqwest::header::HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn said(status: u16, errors: &[String]) -> String {
    if errors.is_empty() { format!("status {status}") } else { errors.join("; ").chars().take(500).collect() }
}

fn refused(endpoint: &str, status: u16, errors: &[String]) -> CallError {
    CallError::Refused { endpoint: endpoint.to_owned(), status, said: said(status, errors) }
}

pub(super) fn unavailable(endpoint: &str, n_attempts: u32, last: &str) -> CallError {
    let is_size_suspect =
        [exchange::TIMED_OUT, exchange::BROKE_OFF, UNUSABLE].iter().any(|sign| last.starts_with(sign));
    CallError::Unavailable {
        endpoint: endpoint.to_owned(),
        n_attempts,
        last: last.to_owned(),
        is_size_suspect,
    }
}
