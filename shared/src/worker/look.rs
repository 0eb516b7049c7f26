//! One look at everything that is stored about a tenant besides its records.

use shared_core::duty::View;
use shared_core::health::Health;
use shared_core::ledger::{Run, SyncState};
use shared_core::settings::Settings;

use super::answer::Visit;
use crate::doorbell::Queue;
use crate::mail::{AppUrl, Frame};
use crate::store::tenant::Schedule;
use crate::store::{StoreError, TenantId};

/// All that is stored about a tenant, as one look shows it.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) settings: Settings,
    pub(super) version: u64,
    pub(super) health: Health,
    pub(super) health_revision: u64,
    pub(super) schedule: Schedule,
    pub(super) sync: SyncState,
    pub(super) unfinished: Option<Run>,
    pub(super) last: Option<Run>,
}

impl Look {
    /// What decides what is to be done.
    pub(super) fn view(&self) -> View<'_> {
        View {
            is_active: self.settings.is_active,
            is_closing: self.settings.is_closing,
            health: &self.health,
            has_initial: self.sync.initial_run.is_some(),
            unfinished: self.unfinished.as_ref(),
            last: self.last.as_ref(),
            due_ms: self.schedule.due_ms,
            next_night_ms: self.schedule.next_night_ms,
        }
    }

    /// The queue of whoever works on it next.
    pub(super) fn queue(&self) -> Queue {
        self.unfinished.as_ref().map_or(Queue::Nightly, |run| Queue::for_run(run.kind))
    }

    /// For whom mails are written: the admin who saved, and the list.
    pub(super) fn frame(&self, tenant: &TenantId, app_url: &AppUrl) -> Frame {
        Frame::of(&self.settings, tenant, app_url)
    }
}

impl Visit<'_> {
    pub(super) async fn look(&self) -> Result<Option<Look>, StoreError> {
        let (store, tenant) = (&self.session.store, &self.tenant);
        let Some((settings, version)) = store.load_settings(tenant).await? else { return Ok(None) };
        let (health, health_revision) = store.load_health(tenant).await?;
        let schedule = store.load_schedule(tenant).await?;
        let (sync, active) = store.sync_state(tenant).await?;
        let load = async |run_id: Option<&String>| match run_id {
            Some(run_id) => store.load_run(tenant, run_id).await,
            None => Ok(None),
        };
        let unfinished = load(active.as_ref()).await?;
        let last = load(sync.last_run.as_ref()).await?;
        Ok(Some(Look { settings, version, health, health_revision, schedule, sync, unfinished, last }))
    }
}
