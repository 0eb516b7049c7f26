//! The pull log: runs and, on demand, the jobs of write-back and what auto-map brought, newest first.

use jiff::Timestamp;
use serde_json::json;
use shared::api::lists::{Cursor, SHORT};
use shared::api::{ApiError, ApiRequest, Reply};
use shared::store::StoreError;
use shared::store::pages::RunRange;
use shared::store::runs::RUN_KEPT_S;
use shared_core::run::State;
use shared_core::warranty::Job;

use crate::Deps;
use crate::run_view::begun_ms;
use crate::tenant::Tenant;
use crate::view::{LogKind, RunPage, RunView};

/// Lines that are looked through at most for one page of a filtered list.
const MAX_LOOKED_THROUGH: usize = 1_000;
/// Lines that are read at once of each kind.
const PAGE: i32 = 100;

/// Which lines are wanted.
struct Filter {
    kind: Option<LogKind>,
    state: Option<State>,
    has_runs: bool,
    has_jobs: bool,
    has_auto_maps: bool,
}

/// Carries out `GET runs`.
pub(crate) async fn list(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let tenant = deps.tenant(request).await?;
    let now_ms = deps.now_ms();
    let (limit, filter) = (SHORT.read(request)?, Filter::read(request)?);
    let oldest_ms = now_ms.saturating_sub(RUN_KEPT_S * 1_000);
    let from_ms = instant(request, "from")?.unwrap_or(0).max(oldest_ms);
    let until_ms = instant(request, "until")?;
    let mut before = Cursor::read(request)?.map(|cursor| cursor.0);
    let (mut rows, mut n_seen, mut has_more) = (Vec::new(), 0, true);
    while has_more && rows.len() < limit && n_seen < MAX_LOOKED_THROUGH {
        let range = RunRange { before: before.as_deref(), from_ms, until_ms };
        let (page, more) = lines(&tenant, &filter, &range, now_ms).await?;
        has_more = more;
        for line in page {
            n_seen += 1;
            before = Some(line.id.clone());
            if filter.takes(&line) {
                rows.push(line);
                if rows.len() == limit {
                    has_more = true;
                    break;
                }
            }
        }
    }
    let cursor = before.filter(|_| has_more).map(|last| Cursor(last).write());
    Reply::ok(&RunPage { runs: rows, cursor })
}

/// The next lines, newest first, and whether there are more.
async fn lines(
    tenant: &Tenant,
    filter: &Filter,
    range: &RunRange<'_>,
    now_ms: u64,
) -> Result<(Vec<RunView>, bool), StoreError> {
    let (store, mut lines) = (&tenant.store, Lines::default());
    if filter.has_runs {
        let (runs, has_more) = store.runs_before(&tenant.id, range, PAGE).await?;
        let is_current = |id: &str| tenant.unfinished.as_ref().is_some_and(|current| current.id == id);
        let view = |run| RunView::new(run, is_current(&run.id) && tenant.is_silent(now_ms));
        lines.add(runs.iter().map(view), has_more);
    }
    if filter.has_jobs {
        // Asked first: what ends meanwhile is among those that are over.
        let on_desk = under_way(tenant, range).await?;
        let (jobs, has_more) = store.jobs_before(&tenant.id, range, PAGE).await?;
        lines.add(jobs.iter().map(RunView::of_job), has_more);
        lines.add(on_desk.as_ref().map(RunView::of_job), false);
    }
    if filter.has_auto_maps {
        let (saves, has_more) = store.auto_maps_before(&tenant.id, range, PAGE).await?;
        lines.add(saves.iter().map(RunView::of_auto_map), has_more);
    }
    Ok(lines.merged())
}

/// Lines of several kinds, each kind newest first.
#[derive(Default)]
struct Lines {
    lines: Vec<RunView>,
    /// Name of the oldest line down to which every kind is there.
    complete_to: String,
}

impl Lines {
    /// Takes a page of one kind.
    fn add(&mut self, page: impl IntoIterator<Item = RunView>, has_more: bool) {
        self.lines.extend(page);
        if let Some(last) = self.lines.last().filter(|_| has_more) {
            self.complete_to = self.complete_to.clone().max(last.id.clone());
        }
    }

    /// All of them, newest first, and whether there are more.
    fn merged(mut self) -> (Vec<RunView>, bool) {
        // What is older than the end of a page that goes on may not be all there is.
        self.lines.retain(|line| line.id >= self.complete_to);
        self.lines.sort_by(|one, other| other.id.cmp(&one.id));
        self.lines.dedup_by(|next, kept| next.id == kept.id);
        (self.lines, !self.complete_to.is_empty())
    }
}

/// The job that is not over yet, if it is in the range.
async fn under_way(tenant: &Tenant, range: &RunRange<'_>) -> Result<Option<Job>, StoreError> {
    let job = tenant.store.load_desk(&tenant.id).await?.job.filter(|job| !job.is_over());
    Ok(job.filter(|job| {
        let is_before = range.before.is_none_or(|before| job.id.as_str() < before);
        let until_ms = range.until_ms.unwrap_or(u64::MAX);
        is_before && (range.from_ms..until_ms).contains(&begun_ms(job))
    }))
}

impl Filter {
    fn read(request: &ApiRequest) -> Result<Self, ApiError> {
        let kind: Option<LogKind> = choice(request, "kind")?;
        let with_write_back = flag(request, "with_write_back")?;
        let with_auto_map = flag(request, "with_auto_map")?;
        Ok(Self {
            kind,
            state: choice(request, "state")?,
            has_runs: !matches!(kind, Some(LogKind::WriteBack | LogKind::AutoMap)),
            has_jobs: kind.map_or(with_write_back, |kind| kind == LogKind::WriteBack),
            has_auto_maps: kind.map_or(with_auto_map, |kind| kind == LogKind::AutoMap),
        })
    }

    fn takes(&self, line: &RunView) -> bool {
        self.kind.is_none_or(|kind| kind == line.kind) && self.state.is_none_or(|state| state == line.state)
    }
}

fn flag(request: &ApiRequest, name: &str) -> Result<bool, ApiError> {
    match request.query_param(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(ApiError::field(name, "it is neither true nor false")),
    }
}

fn choice<T: serde::de::DeserializeOwned>(request: &ApiRequest, name: &str) -> Result<Option<T>, ApiError> {
    let Some(text) = request.query_param(name) else { return Ok(None) };
    let value = serde_json::from_value(json!(text));
    value.map(Some).map_err(|_| ApiError::field(name, "it is none of the documented words"))
}

fn instant(request: &ApiRequest, name: &str) -> Result<Option<u64>, ApiError> {
    let Some(text) = request.query_param(name) else { return Ok(None) };
    let at: Timestamp =
        text.parse().map_err(|_| ApiError::field(name, "it is no instant such as 2026-11-22T02:00:00Z"))?;
    Ok(Some(u64::try_from(at.as_millisecond()).unwrap_or(0)))
}
