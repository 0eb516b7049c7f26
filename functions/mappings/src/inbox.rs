//! What waits for a decision of an admin.

use shared::api::{ApiError, ApiRequest, Reply};
use shared_core::health::{Health, Login};
use shared_core::ledger::Run;
use shared_core::mapping::links::Decision;
use shared_core::mapping::{Area, Book};
use shared_core::run::State as RunState;
use shared_core::warranty::Job;

use crate::Deps;
use crate::mapped::Mapped;
use crate::state::State;
use crate::types::Types;
use crate::view::{InboxItem, InboxKind, InboxView, Screen};

/// Carries out `GET inbox`.
pub(crate) async fn inbox(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let state = State::load(deps, request).await?;
    let (health, _) = state.store.load_health(&state.tenant).await?;
    let (sync, active) = state.store.sync_state(&state.tenant).await?;
    let run = match active.or(sync.last_run) {
        Some(run_id) => state.store.load_run(&state.tenant, &run_id).await?,
        None => None,
    };
    let desk = state.store.load_desk(&state.tenant).await?;
    let mut items = of_runs(&health, run.as_ref());
    items.extend(desk.job.as_ref().and_then(of_write_back));
    // Beside IT Glue they change nothing.
    if state.scope.is_none() {
        items.extend(of_mappings(&state));
    }
    items.extend(of_links(&state).await?);
    Reply::ok(&InboxView { items })
}

fn item(kind: InboxKind, count: u64, text: String, screen: Screen, key: Option<String>) -> InboxItem {
    InboxItem { kind, count, text, screen, key }
}

fn of_runs(health: &Health, run: Option<&Run>) -> Vec<InboxItem> {
    let mut items = Vec::new();
    if health.login == Login::Refused {
        let text =
            "Autotask refuses the API user's login; nothing is pulled until the settings are corrected.";
        items.push(item(InboxKind::Credentials, 1, text.to_owned(), Screen::Settings, None));
    }
    let Some(run) = run else { return items };
    let key = || Some(run.id.clone());
    if run.state == RunState::Failed {
        let why = run.error.clone().unwrap_or_else(|| "see the pull log".to_owned());
        items.push(item(
            InboxKind::FailedRun,
            1,
            format!("The last run failed: {why}."),
            Screen::Runs,
            key(),
        ));
    }
    for held in &run.held {
        let text = format!(
            "{} of {} {} are no longer shown by Autotask; nothing was removed. If nobody deleted them, check \
             the API user's rights in Autotask; if they are really gone, confirm it in the run.",
            held.n_missing, held.n_live, held.entity
        );
        items.push(item(InboxKind::HeldRun, held.n_missing, text, Screen::Runs, key()));
    }
    let n_rejected: u64 = run.summary.values().map(|counts| counts.rejected).sum();
    if n_rejected > 0 {
        let text = format!(
            "{} could not be used in the last run; each is listed with its reason.",
            counted(n_rejected, "record", "records")
        );
        items.push(item(InboxKind::RejectedRecords, n_rejected, text, Screen::Runs, key()));
    }
    items
}

/// Until another job is asked for.
fn of_write_back(job: &Job) -> Option<InboxItem> {
    job.stop.filter(|stop| job.is_over() && stop.needs_person())?;
    let text = format!("The warranty write-back stopped. {}", job.words()?);
    Some(item(InboxKind::StoppedWriteBack, 1, text, Screen::WriteBack, Some(job.plan_id.clone())))
}

fn of_mappings(state: &State) -> Vec<InboxItem> {
    let mut items = Vec::new();
    let n_types = Types::keys(state).iter().filter(|key| state.types.is_new(key)).count() as u64;
    if n_types > 0 {
        let text = format!(
            "{} came from Autotask, shown by a suggestion until you choose.",
            counted(n_types, "new asset type", "new asset types")
        );
        items.push(item(InboxKind::NewAssetTypes, n_types, text, Screen::AssetTypes, None));
    }
    let is_open = |id: &i64| state.companies.choice(&id.to_string()).is_none();
    let live = state.directory.companies.iter().filter(|(_, company)| company.gone_on.is_none());
    let n_companies = live.filter(|(id, _)| is_open(id)).count() as u64;
    if state.companies.version > 0 && n_companies > 0 {
        let text = format!(
            "{} came from Autotask since you last decided, not shown yet.",
            counted(n_companies, "company", "companies")
        );
        items.push(item(InboxKind::UndecidedCompanies, n_companies, text, Screen::Companies, None));
    }
    items
}

async fn of_links(state: &State) -> Result<Option<InboxItem>, ApiError> {
    let organizations = state.store.load_organizations(&state.tenant).await?;
    if organizations.is_empty() {
        return Ok(None);
    }
    let book: Book<Decision> = state.store.load_book(&state.tenant, Area::CompanyLinks).await?;
    let is_open = |id: i64| book.choice(&id.to_string()).is_none_or(|decision| decision.link.is_none());
    let n_open = organizations.iter().filter(|one| one.is_active && is_open(one.id)).count() as u64;
    let organizations = counted(n_open, "active IT Glue organization is", "active IT Glue organizations are");
    let text = format!("{organizations} not linked to an Autotask company.");
    Ok((n_open > 0).then(|| item(InboxKind::OpenLinks, n_open, text, Screen::CompanyLinks, None)))
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
