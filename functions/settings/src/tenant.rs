//! One look at everything that is stored about a tenant, and how it is shown.

use shared::secrets::Secrets;
use shared::session::Session;
use shared::store::tenant::Schedule;
use shared::store::{Store, StoreError, TenantId};
use shared_core::health::Health;
use shared_core::instant::rfc3339;
use shared_core::ledger::{Run, SyncState};
use shared_core::login::HoldOff;
use shared_core::run::State;
use shared_core::settings::{DEFAULT_LOOKBACK_MONTHS, PrimarySource, RunsView, Settings};
use shared_core::status::{Seen, Status, status};
use shared_core::warranty::Job;

use crate::view::{LoginView, PasswordView, RunView, SettingsView};

/// A running slice gives signs of life; this long after the last one was due it counts as silent, in milliseconds.
const SILENT_MS: u64 = 60_000;

/// Everything that is stored about a tenant besides its records.
#[derive(Debug)]
pub(crate) struct Tenant {
    /// Whose.
    pub(crate) id: TenantId,
    /// Settings and their version.
    pub(crate) settings: Option<(Settings, u64)>,
    /// Health and its revision.
    pub(crate) health: (Health, u64),
    /// When it is looked at.
    pub(crate) schedule: Schedule,
    /// What runs know between them.
    pub(crate) sync: SyncState,
    /// The unfinished run.
    pub(crate) unfinished: Option<Run>,
    /// The run that ended last.
    pub(crate) last: Option<Run>,
    /// Where companies and assets come from; before anything is saved, IT Glue where there is a key of it.
    pub(crate) primary_source: PrimarySource,
    /// When a former tenancy was deleted.
    pub(crate) purged_at_ms: Option<u64>,
    /// The pause after refused logins.
    pub(crate) hold_off: HoldOff,
    /// Its data.
    pub(crate) store: Store,
    /// Its secret.
    pub(crate) secrets: Secrets,
}

impl Tenant {
    /// Reads it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn load(id: &TenantId, session: Session) -> Result<Self, StoreError> {
        let Session { store, secrets } = session;
        let settings = store.load_settings(id).await?;
        let health = store.load_health(id).await?;
        let schedule = store.load_schedule(id).await?;
        let (sync, active) = store.sync_state(id).await?;
        let unfinished = load_run(&store, id, active.as_deref()).await?;
        let last = load_run(&store, id, sync.last_run.as_deref()).await?;
        let purged_at_ms = if settings.is_none() { store.purged_at_ms(id).await? } else { None };
        let hold_off = store.login_hold_off(id).await?.unwrap_or_default();
        let primary_source = match &settings {
            Some((settings, _)) => settings.primary_source,
            None if store.load_it_glue(id).await?.is_some() => PrimarySource::ItGlue,
            None => PrimarySource::Autotask,
        };
        Ok(Self {
            id: id.clone(),
            primary_source,
            settings,
            health,
            schedule,
            sync,
            unfinished,
            last,
            purged_at_ms,
            hold_off,
            store,
            secrets,
        })
    }

    /// What saving settings needs to know of the runs.
    #[must_use]
    pub(crate) fn runs(&self) -> RunsView {
        RunsView {
            has_initial: self.sync.initial_run.is_some(),
            unfinished: self.unfinished.as_ref().map(|run| (run.kind, run.state)),
        }
    }

    /// Whether the worker of the unfinished run fell silent.
    #[must_use]
    pub(crate) fn is_silent(&self, now_ms: u64) -> bool {
        self.schedule.due_ms.is_some_and(|due_ms| due_ms + SILENT_MS < now_ms)
    }

    /// What the API shows.
    #[must_use]
    pub(crate) fn view(&self, now_ms: u64, warnings: Vec<String>) -> SettingsView {
        let (settings, version) = match &self.settings {
            Some((settings, version)) => (Some(settings), *version),
            None => (None, 0),
        };
        let health = &self.health.0;
        let note = settings.and_then(|settings| settings.password.as_ref());
        let is_active = settings.is_some_and(|settings| settings.is_active);
        SettingsView {
            version,
            active: is_active,
            username: settings.map(|settings| settings.username.clone()).unwrap_or_default(),
            password: PasswordView {
                stored: note.is_some(),
                changed_at: note.map(|note| note.changed_at.clone()),
                changed_by: note.map(|note| note.changed_by.clone()),
            },
            pulls: settings.map(|settings| settings.pulls).unwrap_or_default().into(),
            primary_source: self.primary_source,
            lookback_months: settings.map_or(DEFAULT_LOOKBACK_MONTHS, |settings| settings.lookback_months),
            warranty_write_back: settings.is_some_and(|settings| settings.writes_warranties),
            time_zone: settings.map_or_else(|| "UTC".to_owned(), |settings| settings.time_zone.clone()),
            recipients: settings.map(|settings| settings.recipients.clone()).unwrap_or_default(),
            saved_at: settings.map(|settings| settings.saved_at.clone()),
            saved_by: settings.map(|settings| settings.saved_by.clone()),
            status: self.status(),
            login: LoginView {
                state: health.login,
                at: health.login_at_ms.map(rfc3339),
                retry_after_s: self
                    .hold_off
                    .begin(now_ms)
                    .err()
                    .map(|held| held.retry_after_ms.div_ceil(1_000)),
            },
            next_night_at: self.schedule.next_night_ms.filter(|_| is_active).map(rfc3339),
            run: self.unfinished.as_ref().map(|run| RunView::new(run, self.is_silent(now_ms))),
            last_run: self.last.as_ref().map(|run| RunView::new(run, false)),
            purged_at: self.purged_at_ms.map(rfc3339),
            warnings,
        }
    }

    /// A job of write-back by its name.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn job(&self, id: &str) -> Result<Option<Job>, StoreError> {
        let on_desk = self.store.load_desk(&self.id).await?.job.filter(|job| job.id == id && !job.is_over());
        match on_desk {
            Some(job) => Ok(Some(job)),
            None => self.store.logged_job(&self.id, id).await,
        }
    }

    /// A line of the pull log that pulled nothing, by its name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn line_without_records(&self, id: &str) -> Result<Option<RunView>, StoreError> {
        if let Some(job) = self.job(id).await? {
            return Ok(Some(RunView::of_job(&job)));
        }
        let save = self.store.auto_mapped(&self.id, id).await?;
        Ok(save.as_ref().map(RunView::of_auto_map))
    }

    fn status(&self) -> Status {
        let settings = self.settings.as_ref().map(|(settings, _)| settings);
        status(&Seen {
            has_settings: settings.is_some(),
            is_active: settings.is_some_and(|settings| settings.is_active),
            is_closing: settings.is_some_and(|settings| settings.is_closing),
            has_initial: self.sync.initial_run.is_some(),
            health: &self.health.0,
            unfinished: self.unfinished.as_ref().map(|run| (run.kind, run.state)),
            last: self.last.as_ref().map(|run| -> State { run.state }),
        })
    }
}

async fn load_run(store: &Store, tenant: &TenantId, run_id: Option<&str>) -> Result<Option<Run>, StoreError> {
    match run_id {
        Some(run_id) => store.load_run(tenant, run_id).await,
        None => Ok(None),
    }
}
