//! One call to IT Glue: pace, request, meaning, and what follows from it.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use secrecy::ExposeSecret;
use shared_core::itglue::{Malformed, Meaning, meaning, parse_errors};
use shared_core::retry;

use super::client::ItGlueClient;
use super::error::ItGlueError;
use crate::autotask::exchange::{self, Received, exchange};
use crate::autotask::secret_header;

const MEDIA_TYPE: &str = "application/vnd.api+json";
const KEY_HEADER: &str = "x-api-key";
/// First step of the back-off after a transient failure.
const BACKOFF_BASE_MS: u64 = 400;
/// Longest wait for room within a call; a longer one ends the slice.
const MAX_INLINE_WAIT_MS: u64 = 10_000;
/// Waits for room that one call makes before it gives up for now.
const MAX_WAITS: u32 = 3;
/// Begin of the text for an answer that came whole and cannot be used.
const UNUSABLE: &str = "unusable answer";

impl ItGlueClient {
    /// Calls until there is a usable answer or it is time to give up.
    pub(super) async fn call<T>(
        &self,
        url: &Url,
        mut read: impl FnMut(&[u8]) -> Result<T, Malformed>,
    ) -> Result<T, ItGlueError> {
        let (mut n_attempts, mut n_waits) = (0, 0);
        loop {
            self.keep_pace(&mut n_waits).await?;
            n_attempts += 1;
            let last = match self.send(url).await {
                Err(what) => what,
                Ok(received) => match self.settle(&received)? {
                    Meaning::Success => match read(&received.body) {
                        Ok(value) => return Ok(value),
                        Err(malformed) => format!("{UNUSABLE}: {malformed}"),
                    },
                    // The door is closed now; the next turn of the loop waits before it, or gives up.
                    Meaning::Limited { .. } => continue,
                    _ => format!("status {}", received.answer.status),
                },
            };
            let max_attempts = self.inner.config.patience.max_attempts();
            match retry::backoff_ms(n_attempts, BACKOFF_BASE_MS, fastrand::f64()) {
                Some(pause_ms) if n_attempts < max_attempts => {
                    tracing::warn!(attempt = n_attempts, "call to IT Glue failed ({last}); trying again");
                    self.pause(pause_ms).await;
                }
                _ => return Err(unavailable(n_attempts, last)),
            }
        }
    }

    /// Waits for room below the limit, unless that takes too long.
    async fn keep_pace(&self, n_waits: &mut u32) -> Result<(), ItGlueError> {
        loop {
            let wait_ms = {
                let mut state = self.state();
                if let Some(fault) = state.refused {
                    return Err(ItGlueError::Key(fault));
                }
                let now_ms = self.inner.clock.now_ms();
                let wait_ms = state.window.wait_ms(now_ms);
                if wait_ms == 0 {
                    // Noted before it is sent: calls side by side must not take the same place.
                    state.window.note_request(now_ms);
                    state.n_requests += 1;
                    return Ok(());
                }
                wait_ms
            };
            *n_waits += 1;
            if wait_ms > MAX_INLINE_WAIT_MS || *n_waits > MAX_WAITS {
                return Err(ItGlueError::Throttled { wait_ms });
            }
            self.pause(wait_ms).await;
        }
    }

    async fn send(&self, url: &Url) -> Result<Received, String> {
        let request = self
            .inner
            .http
            .get(url.clone())
            .header(KEY_HEADER, secret_header(self.inner.key.expose_secret()))
            .header(ACCEPT, MEDIA_TYPE)
            .header(CONTENT_TYPE, MEDIA_TYPE);
        let mut received = exchange(request).await?;
        self.state().bytes_in += received.body.len() as u64;
        if !(200..300).contains(&received.answer.status) {
            received.answer.errors = parse_errors(&received.body);
        }
        Ok(received)
    }

    /// What the answer means, unless it ends the call.
    fn settle(&self, received: &Received) -> Result<Meaning, ItGlueError> {
        let meaning = meaning(&received.answer);
        match meaning {
            Meaning::Key(fault) => {
                self.state().refused = Some(fault);
                Err(ItGlueError::Key(fault))
            }
            Meaning::Refused => {
                let (status, errors) = (received.answer.status, &received.answer.errors);
                let said = if errors.is_empty() { "no reason given".to_owned() } else { errors.join("; ") };
                Err(ItGlueError::Refused { status, said: said.chars().take(500).collect() })
            }
            Meaning::Limited { retry_after_ms } => {
                let now_ms = self.inner.clock.now_ms();
                let wait_ms = self.state().window.note_limit(retry_after_ms, now_ms);
                tracing::warn!(wait_ms, "IT Glue's limit of requests is reached");
                Ok(meaning)
            }
            _ => Ok(meaning),
        }
    }

    async fn pause(&self, pause_ms: u64) {
        self.state().waited_ms += pause_ms;
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    }
}

fn unavailable(n_attempts: u32, last: String) -> ItGlueError {
    let is_size_suspect =
        [exchange::TIMED_OUT, exchange::BROKE_OFF, UNUSABLE].iter().any(|sign| last.starts_with(sign));
    ItGlueError::Unavailable { n_attempts, last, is_size_suspect }
}
