//! Which zone a call goes to, and what a refused login does to that knowledge.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use shared_core::retry::{self, Meaning};

use super::call::{said, unavailable};
use super::client::{AutotaskClient, Patience};
use super::error::{CallError, CredentialFault};
use super::exchange::exchange;
use super::zone::{self, Zone};

impl AutotaskClient {
    pub(super) async fn current_zone(&self) -> Result<(u64, Zone), CallError> {
        if let Some(known) = self.known_zone() {
            return Ok(known);
        }
        let _alone = self.inner.resolving.lock().await;
        match self.known_zone() {
            Some(known) => Ok(known),
            None => self.resolve(0).await,
        }
    }

    pub(super) fn known_zone(&self) -> Option<(u64, Zone)> {
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
                        // Whoever waits for the answer is told that it was not the user name.
                        Meaning::Forbidden if config.patience == Patience::Probe => {
                            return Err(CallError::Forbidden {
                                endpoint: "zoneInformation".to_owned(),
                                said: said(received.answer.status, &received.answer.errors),
                            });
                        }
                        Meaning::NotFound | Meaning::Forbidden | Meaning::Unauthorized => {
                            return Err(CallError::Credentials(CredentialFault::UnknownUser));
                        }
                        _ => format!("status {}", received.answer.status),
                    }
                }
                Err(what) => what,
            };
            match self.pause_after(attempt) {
                Some(pause_ms) => self.pause(pause_ms).await,
                None => return Err(unavailable("zoneInformation", attempt, &last)),
            }
        }
    }

    /// The zone, unless the login was refused there; waits while that is being found out.
    pub(super) async fn trusted_zone(&self) -> Result<(u64, Zone), CallError> {
        loop {
            let known = self.current_zone().await?;
            if self.inner.is_refused.load(Ordering::Acquire) {
                return Err(CallError::Credentials(CredentialFault::LoginRefused));
            }
            if self.inner.n_doubting.load(Ordering::Acquire) == 0 {
                return Ok(known);
            }
            drop(self.inner.resolving.lock().await);
            tokio::task::yield_now().await;
        }
    }

    /// Looks the zone up once more after a refused login; true when it moved (or was looked up meanwhile).
    pub(super) async fn has_moved(&self, generation: u64) -> Result<bool, CallError> {
        self.inner.n_doubting.fetch_add(1, Ordering::AcqRel);
        let has_moved = self.look_again(generation).await;
        if !matches!(has_moved, Ok(true)) {
            // Before the others are let go on: they must find the door shut.
            self.inner.is_refused.store(true, Ordering::Release);
        }
        self.inner.n_doubting.fetch_sub(1, Ordering::AcqRel);
        has_moved
    }

    async fn look_again(&self, generation: u64) -> Result<bool, CallError> {
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
}
