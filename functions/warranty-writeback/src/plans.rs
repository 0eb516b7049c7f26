//! Plans: made on the present data, shown page by page.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::json;
use shared::api::lists::{Cursor, LONG, SHORT};
use shared::api::{ApiError, ApiRequest, Code, Reply, lists};
use shared::autotask::asset_link;
use shared::directory::Directory;
use shared::store::plans::{CHUNK_ROWS, PlanHead, StoredRow};
use shared::store::{Store, StoreError, TenantId};
use shared::writeback::planning::make_plan;
use shared_core::warranty::journal::Entry;
use shared_core::warranty::{DecisionKind, Rule};

use crate::Deps;
use crate::view::{PlanPage, PlanRowsView, PlanView, RowView};

/// Makes a plan.
pub(crate) async fn make(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (store, tenant) = deps.open(request).await?;
    let (sync, _) = store.sync_state(tenant).await?;
    if sync.initial_run.is_none() {
        let why = "there is nothing to plan with: the first load has not completed yet";
        return Err(ApiError::new(Code::Conflict, why).with(json!({"reason": "no_data"})));
    }
    let (head, _) = make_plan(&store, tenant, &request.caller.email, deps.now_ms()).await?;
    Reply::json(201, &PlanView::of(&head, None))
}

/// Answers a page of plans, newest first.
pub(crate) async fn list(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let limit = i32::try_from(SHORT.read(request)?).unwrap_or(i32::MAX);
    let before = Cursor::read(request)?.map(|cursor| cursor.0);
    let (store, tenant) = deps.open(request).await?;
    // Before the heads: a job that ends meanwhile is told by its plan, and not by nobody.
    let desk = store.load_desk(tenant).await?;
    let (heads, has_more) = store.plan_heads(tenant, before.as_deref(), limit).await?;
    let last = heads.last().filter(|_| has_more).map(|last| Cursor(last.id.clone()).write());
    let shown = heads.iter().filter(|head| head.is_ready);
    let plans = shown.map(|head| PlanView::of(head, desk.job.as_ref())).collect();
    Reply::ok(&PlanPage { plans, cursor: last })
}

/// The plan that a path names.
pub(crate) async fn head_of(
    store: &Store,
    tenant: &TenantId,
    request: &ApiRequest,
) -> Result<PlanHead, ApiError> {
    let id = request.path_param("id")?;
    let unknown = || ApiError::new(Code::NotFound, "there is no such plan");
    let is_fit = id.len() <= 80 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_fit {
        return Err(unknown());
    }
    store.plan_head(tenant, id).await?.ok_or_else(unknown)
}

/// Answers a plan with a page of its rows.
pub(crate) async fn get(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (limit, sought) = (LONG.read(request)?, Sought::read(request)?);
    let (store, tenant) = deps.open(request).await?;
    // Before the head, as for the list.
    let desk = store.load_desk(tenant).await?;
    let head = head_of(&store, tenant, request).await?;
    let (page, next) = page(&store, tenant, &head, &sought, limit).await?;
    // Only rows that write are ever journalled.
    let journalled: Vec<i64> = page
        .iter()
        .map(|row| &row.row)
        .filter(|row| row.rule.kind() == DecisionKind::Write)
        .map(|row| row.asset_id)
        .collect();
    let (directory, (sync, _), entries) = tokio::try_join!(
        Directory::load(&store, tenant),
        store.sync_state(tenant),
        store.entries_for(tenant, &head.id, &journalled),
    )?;
    let entries: HashMap<i64, Entry> = entries.into_iter().map(|entry| (entry.asset_id, entry)).collect();
    let show = |row: &StoredRow| {
        let company = directory.name(row.row.company_id).map(str::to_owned);
        let link = sync.web_url.as_deref().and_then(|base| asset_link(base, row.row.asset_id));
        shown(row, company, link, entries.get(&row.row.asset_id))
    };
    let rows = page.iter().map(show).collect();
    let cursor = next.map(|idx| Cursor(idx.to_string()).write());
    Reply::ok(&PlanRowsView { plan: PlanView::of(&head, desk.job.as_ref()), rows, cursor })
}

/// The rows that are looked for, at most `limit`, and where the next one stands; reads no chunk that is not needed.
async fn page(
    store: &Store,
    tenant: &TenantId,
    head: &PlanHead,
    sought: &Sought,
    limit: usize,
) -> Result<(Vec<StoredRow>, Option<usize>), StoreError> {
    let mut page = Vec::new();
    for chunk in head.chunks_with(sought.from_idx / CHUNK_ROWS, |rule| sought.wants(rule)) {
        let rows = store.plan_chunk(tenant, &head.id, chunk).await?;
        for (idx, row) in rows.into_iter().enumerate().map(|(at, row)| (chunk * CHUNK_ROWS + at, row)) {
            if idx < sought.from_idx || !sought.fits(&row) {
                continue;
            }
            if page.len() == limit {
                return Ok((page, Some(idx)));
            }
            page.push(row);
        }
    }
    Ok((page, None))
}

fn shown(
    stored: &StoredRow,
    company: Option<String>,
    link: Option<String>,
    entry: Option<&Entry>,
) -> RowView {
    let row = &stored.row;
    RowView {
        asset_id: row.asset_id,
        name: stored.name.clone(),
        serial_number: stored.serial_number.clone(),
        company_id: row.company_id,
        company,
        held: row.held,
        proposed: row.proposed,
        source: row.source.clone(),
        decision: row.rule.kind(),
        rule: row.rule,
        words: row.rule.words().to_owned(),
        result: entry.map(|entry| entry.phase.name().to_owned()),
        result_words: entry.map(|entry| entry.phase.words().to_owned()),
        undo: entry.and_then(|entry| entry.undo.as_ref()).map(|undo| undo.name().to_owned()),
        link,
    }
}

/// What is looked for.
struct Sought {
    from_idx: usize,
    decision: Option<DecisionKind>,
    rule: Option<Rule>,
    company_id: Option<i64>,
}

impl Sought {
    fn read(request: &ApiRequest) -> Result<Self, ApiError> {
        let from_idx = match Cursor::read(request)? {
            Some(Cursor(text)) => {
                text.parse().map_err(|_| ApiError::field("cursor", "it is none that a former page gave"))?
            }
            None => 0,
        };
        let company_id = lists::number(request, "company", i64::MIN..=i64::MAX)?;
        let (decision, rule) = (named(request, "decision")?, named(request, "rule")?);
        Ok(Self { from_idx, decision, rule, company_id })
    }

    fn wants(&self, rule: Rule) -> bool {
        self.decision.is_none_or(|decision| rule.kind() == decision)
            && self.rule.is_none_or(|wanted| rule == wanted)
    }

    fn fits(&self, stored: &StoredRow) -> bool {
        let row = &stored.row;
        self.wants(row.rule) && self.company_id.is_none_or(|company_id| row.company_id == company_id)
    }
}

fn named<T: DeserializeOwned>(request: &ApiRequest, name: &str) -> Result<Option<T>, ApiError> {
    let Some(text) = request.query_param(name) else { return Ok(None) };
    let value = serde_json::from_value(json!(text));
    value.map(Some).map_err(|_| ApiError::field(name, "it is none of the documented values"))
}
