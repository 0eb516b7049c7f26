//! What comes before the first page of a slice: zone, lease, one login.

use std::sync::Arc;

use shared_core::entity::Entity;
use shared_core::ledger::SyncState;
use shared_core::pace::Class;
use shared_core::query::{MAX_PAGE_RECORDS, id_range, page_body};
use shared_core::run::Kind;
use shared_core::wire::Page;

use super::context::Context;
use super::error::EngineError;
use super::fields::{self, Fields};
use super::rows::Rows;
use super::slice::Engine;
use crate::autotask::{AutotaskClient, ClientConfig, Patience, Zone};
use crate::store::StoreError;
use crate::store::lease::Lease;

impl Engine {
    pub(super) fn client(&self, kind: Kind, state: &SyncState) -> Result<AutotaskClient, EngineError> {
        let class = match kind {
            Kind::Initial => Class::Initial,
            Kind::Nightly => Class::Nightly,
        };
        let config = ClientConfig {
            discovery_url: self.config.discovery_url.clone(),
            policy: self.config.policy.clone(),
            class,
            patience: Patience::Run,
            extra_ca_pem: self.config.extra_ca_pem.clone(),
        };
        let zone = Zone::remembered(state, &self.config.policy);
        Ok(AutotaskClient::new(self.config.credentials.clone(), config, Arc::clone(&self.clock), zone)?)
    }

    /// The Autotask database behind the credentials; the tenant's records must come from the same one.
    pub(super) async fn database(
        &self,
        client: &AutotaskClient,
        state: &mut SyncState,
    ) -> Result<String, EngineError> {
        let zone = client.zone().await?;
        let given = zone.database(&self.config.credentials.user);
        match &state.atdb {
            Some(stored) if *stored != given => Err(EngineError::OtherDatabase {
                tenant: self.config.tenant.to_string(),
                stored: stored.clone(),
                given,
            }),
            _ => {
                state.atdb = Some(given.clone());
                state.zone_url = Some(zone.url);
                state.web_url = zone.web_url.or(state.web_url.take());
                Ok(given)
            }
        }
    }

    pub(super) async fn lease(&self, atdb: &str, run_id: Option<&str>) -> Result<Lease, EngineError> {
        let (config, now_ms) = (&self.config, self.clock.now_ms());
        let above = match run_id {
            Some(run_id) => self.store.run_epoch(&config.tenant, run_id).await?,
            None => 0,
        };
        let taken = self.store.take_lease(atdb, &config.owner, now_ms, config.sole.as_deref(), above).await;
        if matches!(taken, Err(StoreError::LeaseHeld { .. })) {
            self.store.wait_for_lease(atdb, now_ms, now_ms).await;
        }
        Ok(taken?)
    }
}

/// The one call that a slice makes alone: a refused login must not be tried three times at once.
///
/// It is the first page of the first entity where that is not known yet, so that no time is lost; else a reading of the
/// hourly limit. Answers whether that has been read.
pub(super) async fn log_in(context: &Context, first: Entity, may_read: bool) -> Result<bool, EngineError> {
    if may_read
        && !fields::are_cached(context, first).await?
        && let Some(assumed) = Fields::assumed(first)
    {
        let body = page_body(&id_range(-1, None), &assumed.include, MAX_PAGE_RECORDS);
        let read = |page: &Page<'_>| Rows::read(first, page, -1, None, MAX_PAGE_RECORDS);
        match context.client.query(first, &body, read).await {
            Ok(rows) => {
                context.keep_head_start(first, rows);
                return Ok(false);
            }
            // The entity's own matter; its task meets it again and says so. The login is still to be tried.
            Err(error) if super::task::skip_reason(&error).is_some() => {}
            Err(error) => return Err(error.into()),
        }
    }
    read_limit(context).await?;
    Ok(true)
}

/// Reads the hourly limit. A service that will not tell it has proved the login all the same; the run then goes on
/// unpaced and hears of the limit when it reaches it.
pub(super) async fn read_limit(context: &Context) -> Result<(), EngineError> {
    match context.client.threshold().await {
        Ok(_) => Ok(()),
        Err(error) if super::task::skip_reason(&error).is_some() => {
            tracing::warn!("the hourly limit cannot be read: {error}");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
