//! The journal: what was written, what became of it and of its undo.

use shared::api::lists::{Cursor, LONG};
use shared::api::table::csv;
use shared::api::{ApiError, ApiRequest, Code, Reply};
use shared::store::plans::PlanHead;
use shared::store::{Store, TenantId};
use shared_core::warranty::journal::{COLUMNS, Entry};

use crate::Deps;
use crate::view::{JournalPage, JournalRow};

/// Most rows of one export.
const MAX_EXPORTED: usize = 50_000;
/// Plans that are looked at together.
const HEADS: i32 = 100;

/// Answers a page: newest plan first, then by asset.
pub(crate) async fn get(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let limit = LONG.read(request)?;
    let (store, tenant) = deps.open(request).await?;
    let place = place(request)?;
    let only = plan(request)?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut cursor = None;
    let begun = place.as_ref().map(|(plan_id, _)| plan_id.as_str());
    'plans: for head in applied(&store, tenant, only, begun).await? {
        let mut after = place.as_ref().filter(|(plan_id, _)| *plan_id == head.id).map(|(_, id)| *id);
        loop {
            let wanted = i32::try_from(limit - entries.len()).unwrap_or(i32::MAX);
            let (found, has_more) = store.entries_after(tenant, &head.id, after, wanted).await?;
            after = found.last().map(|last| last.asset_id).or(after);
            entries.extend(found);
            if entries.len() >= limit {
                cursor = after.map(|id| Cursor(format!("{}_{id}", head.id)).write());
                break 'plans;
            }
            if !has_more {
                break;
            }
        }
    }
    Reply::ok(&JournalPage { entries: entries.iter().map(JournalRow::of).collect(), cursor })
}

/// Answers the journal as comma-separated values.
pub(crate) async fn export(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (store, tenant) = deps.open(request).await?;
    let mut entries = Vec::new();
    for head in applied(&store, tenant, plan(request)?, None).await? {
        entries.extend(store.entries(tenant, &head.id).await?);
        if entries.len() > MAX_EXPORTED {
            let why = format!("the journal has more than {MAX_EXPORTED} rows: export it plan by plan");
            return Err(ApiError::new(Code::TooLarge, why));
        }
    }
    let head = COLUMNS.map(str::to_owned);
    csv(std::iter::once(head).chain(entries.iter().map(Entry::record)))
}

/// The plan that is asked for, as its name can be.
fn plan(request: &ApiRequest) -> Result<Option<&str>, ApiError> {
    let Some(id) = request.query_param("plan") else { return Ok(None) };
    let is_fit =
        id.split_once('-').is_some_and(|(at, _)| at.len() == 13 && at.bytes().all(|b| b.is_ascii_digit()));
    if is_fit && id.len() <= 60 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        Ok(Some(id))
    } else {
        Err(ApiError::field("plan", "it is no name of a plan"))
    }
}

/// Plans that were applied, newest first, from `begun` on; one of them only, if it is named.
async fn applied(
    store: &Store,
    tenant: &TenantId,
    only: Option<&str>,
    begun: Option<&str>,
) -> Result<Vec<PlanHead>, ApiError> {
    let on_desk = store.load_desk(tenant).await?.job.map(|job| job.plan_id);
    let (mut found, mut before): (Vec<PlanHead>, Option<String>) = (Vec::new(), None);
    loop {
        let (heads, has_more) = store.plan_heads(tenant, before.as_deref(), HEADS).await?;
        before = heads.last().map(|last| last.id.clone());
        let is_meant = |head: &PlanHead| {
            let is_applied = !head.jobs.is_empty() || on_desk.as_ref() == Some(&head.id);
            let is_reached = begun.is_none_or(|begun| head.id.as_str() <= begun);
            is_applied && is_reached && only.is_none_or(|only| only == head.id)
        };
        found.extend(heads.into_iter().filter(is_meant));
        if !has_more {
            return Ok(found);
        }
    }
}

fn place(request: &ApiRequest) -> Result<Option<(String, i64)>, ApiError> {
    let Some(Cursor(text)) = Cursor::read(request)? else { return Ok(None) };
    let parts = text.split_once('_').and_then(|(plan, id)| Some((plan.to_owned(), id.parse().ok()?)));
    parts.map(Some).ok_or_else(|| ApiError::field("cursor", "it is none that a former page gave"))
}
