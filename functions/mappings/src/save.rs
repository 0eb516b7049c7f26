//! Saving, trying out and going back: the same for every area.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::api::{ApiError, ApiRequest, Code, Reply};
use shared::lambda::erased;
use shared::store::auto_maps::AutoMapped;
use shared::store::mappings::{Cause, MAX_BYTES, SaveError, Version};
use shared_core::instant::rfc3339;
use shared_core::mapping::book::taken_back;
use shared_core::mapping::{Book, Change, Diff, Effect, Rules, Save, Target, conflicts, statuses, targets};

use crate::Deps;
use crate::mapped::{Mapped, Wish};
use crate::state::State;
use crate::versions::diff;
use crate::view::{AssetEffect, EffectView, NamedEffect, RevertWish, SavedView};

/// Companies of a preview.
const MAX_COMPANIES: usize = 10;
/// Rows of a conflict that are told.
const MAX_TOLD: usize = 500;

/// What is saved.
struct Draft<C> {
    wish: Wish<C>,
    cause: Cause,
}

/// Carries out a save.
pub(crate) async fn save<M: Mapped>(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let state = erased(M::load(deps, request)).await?;
    let wish = M::wish(&state, request)?;
    write::<M>(deps, request, &state, Draft { wish, cause: Cause::Saved }).await
}

/// Brings back an older version.
pub(crate) async fn revert<M: Mapped>(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let RevertWish { version, to } = request.json()?;
    let state = erased(M::load(deps, request)).await?;
    let present = M::book(&state).version;
    if to > present {
        return Err(ApiError::field("to", format!("the present version is {present}")));
    }
    let (store, tenant) = M::owner(&state);
    let since = store.versions_since::<M::Choice>(tenant, M::AREA, to).await?;
    let options = since.iter().find_map(|newer| newer.options_before.clone());
    // Every row goes back as well, so none is left with a target that was added since.
    let targets = since.iter().find_map(|newer| newer.targets_before.clone());
    let diffs: Vec<Diff<M::Choice>> = since.into_iter().flat_map(|newer| newer.diffs).collect();
    let wish = Wish { version, changes: taken_back(&diffs), targets, options };
    write::<M>(deps, request, &state, Draft { wish, cause: Cause::Reverted }).await
}

/// Tells what a save would do.
pub(crate) async fn preview<M: Mapped>(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let state = erased(M::load(deps, request)).await?;
    let wish = M::wish(&state, request)?;
    let (after, diffs) = after::<M>(&state, &wish, Save { at: String::new(), by: String::new() });
    Reply::ok(&EffectView { n_changes: diffs.len(), ..M::effect(&state, &after) })
}

type After<C> = (Book<C>, Vec<Diff<C>>);

fn after<M: Mapped>(state: &M::State, wish: &Wish<M::Choice>, save: Save) -> After<M::Choice> {
    let book = M::book(state);
    let (mut after, diffs) = book.after(&wish.changes, save, |key| M::name(state, key));
    after.known.extend(M::keys(state));
    if let Some(own) = &wish.targets {
        after.targets.clone_from(own);
    }
    if let Some(options) = &wish.options {
        after.options.clone_from(options);
    }
    (after, diffs)
}

async fn write<M: Mapped>(
    deps: &Deps,
    request: &ApiRequest,
    state: &M::State,
    draft: Draft<M::Choice>,
) -> Result<Reply, ApiError> {
    let (store, tenant) = M::owner(state);
    let (book, Draft { wish, cause }) = (M::book(state), draft);
    if wish.version != book.version {
        return Err(conflict::<M>(state, &wish).await?);
    }
    let now_ms = deps.now_ms();
    let save = Save { at: rfc3339(now_ms), by: request.caller.email.clone() };
    let (after, diffs) = after::<M>(state, &wish, save.clone());
    if wish.is_empty(book, &diffs) {
        return Reply::ok(&SavedView { version: book.version, n_changes: 0 });
    }
    let effect = M::effect(state, &after);
    if let Some(refusal) = effect.refusals.first() {
        let limit = effect.active_companies.map(|companies| json!(companies)).unwrap_or_default();
        let details = json!({"reason": "refused", "refusals": effect.refusals, "active_companies": limit});
        return Err(ApiError::new(Code::Conflict, refusal).with(details));
    }
    let has_new_options = after.options != book.options;
    let options_before = has_new_options.then(|| book.options.clone());
    let options_after = has_new_options.then(|| after.options.clone());
    let targets_before = (after.targets != book.targets).then(|| book.targets.clone());
    let version =
        Version { version: after.version, save, cause, diffs, options_before, options_after, targets_before };
    let logged = auto_mapped::<M>(&version, now_ms);
    match store.save_book(tenant, M::AREA, &after, &version, logged.as_ref()).await {
        Ok(()) => Reply::ok(&SavedView { version: after.version, n_changes: version.diffs.len() }),
        Err(SaveError::Newer) => {
            let state = erased(M::load(deps, request)).await?;
            Err(conflict::<M>(&state, &wish).await?)
        }
        Err(SaveError::TooLarge { n_bytes }) => {
            let why = format!("the choices of this area would take {n_bytes} bytes and may take {MAX_BYTES}");
            Err(ApiError::new(Code::TooLarge, format!("{why}: take back choices that are no longer needed")))
        }
        Err(SaveError::Store(error)) => Err(error.into()),
    }
}

/// What the pull log tells of a save; going back to what was proposed once is no run of auto-map.
fn auto_mapped<M: Mapped>(version: &Version<M::Choice>, now_ms: u64) -> Option<AutoMapped> {
    let n_auto = if version.cause == Cause::Saved { M::n_auto(&version.diffs) } else { 0 };
    (n_auto > 0).then(|| AutoMapped {
        id: AutoMapped::id_at(now_ms, version.version),
        by: version.save.by.clone(),
        version: version.version,
        n_auto,
        n_changes: version.diffs.len() as u64,
    })
}

/// Both sides, where somebody else saved since the version that was read.
async fn conflict<M: Mapped>(state: &M::State, wish: &Wish<M::Choice>) -> Result<ApiError, ApiError> {
    let (store, tenant) = M::owner(state);
    let present = M::book(state).version;
    if wish.version > present {
        return Err(ApiError::field("version", format!("the present version is {present}")));
    }
    let since = store.diffs_since::<M::Choice>(tenant, M::AREA, wish.version).await?;
    let (both, theirs) = conflicts(&wish.changes, &since);
    let told = |yours: Option<&M::Choice>, theirs: &Diff<M::Choice>| told::<M>(state, yours, theirs);
    // All of them, so that whoever saves again leaves those alone that are not told.
    let keys: Vec<&str> = both.iter().map(|row| row.theirs.key.as_str()).collect();
    let keys = json!(keys);
    let both: Vec<Value> =
        both.iter().take(MAX_TOLD).map(|row| told(row.yours.as_ref(), &row.theirs)).collect();
    let theirs: Vec<Value> = theirs.iter().take(MAX_TOLD).map(|row| told(wished(wish, row), row)).collect();
    let message =
        "somebody else saved since you read this: look at both sides and save again; nothing was stored";
    let details = json!({"version": present, "conflicts": both, "conflict_keys": keys, "changed": theirs});
    Ok(ApiError::new(Code::VersionConflict, message).with(details))
}

fn wished<'w, C>(wish: &'w Wish<C>, theirs: &Diff<C>) -> Option<&'w C> {
    let mine: Option<&Change<C>> = wish.changes.iter().find(|change| change.key == theirs.key);
    mine.and_then(|change| change.choice.as_ref())
}

fn told<M: Mapped>(state: &M::State, yours: Option<&M::Choice>, theirs: &Diff<M::Choice>) -> Value {
    let save = M::book(state).saves.get(&theirs.version);
    let row = diff(theirs);
    json!({
        "key": row.key, "name": row.name, "before": row.before, "theirs": row.after, "yours": yours,
        "changed_by": save.map(|save| &save.by), "changed_at": save.map(|save| &save.at),
    })
}

/// The targets of one's own that there are after a save.
pub(crate) struct Own<'a> {
    /// Of types.
    pub(crate) types: &'a [Target],
    /// Of statuses.
    pub(crate) states: &'a [Target],
}

/// The effect of new rules on the assets that are shown.
pub(crate) fn asset_effect(state: &State, after: &Rules, own: &Own<'_>) -> EffectView {
    let effect = state.cube.effect(&state.rules(), after);
    let Effect { before, after, added, removed, changed, .. } = effect;
    EffectView {
        n_changes: 0,
        assets: AssetEffect { before, after, added, removed, changed },
        targets: by_target(&effect.targets, &targets::types(own.types)),
        states: by_target(&effect.states, &statuses::states(own.states)),
        n_companies_changed: effect.companies.len(),
        companies: by_company(state, &effect),
        active_companies: None,
        links: None,
        refusals: Vec::new(),
    }
}

fn by_target(numbers: &BTreeMap<String, (u64, u64)>, all: &[Target]) -> Vec<NamedEffect> {
    let name = |id: &str| all.iter().find(|target| target.id == id).map(|target| target.name.clone());
    let row = |(id, &(before, after)): (&String, &(u64, u64))| NamedEffect {
        name: name(id).unwrap_or_else(|| id.clone()),
        id: id.clone(),
        before,
        after,
    };
    let mut rows: Vec<NamedEffect> = numbers.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.before.abs_diff(row.after)));
    rows
}

fn by_company(state: &State, effect: &Effect) -> Vec<NamedEffect> {
    let mut companies: Vec<(i64, u64, u64)> =
        effect.companies.iter().map(|(&id, &(before, after))| (id, before, after)).collect();
    companies.sort_by_key(|&(id, before, after)| (std::cmp::Reverse(before.abs_diff(after)), id));
    companies.truncate(MAX_COMPANIES);
    let name = |id: i64| state.directory.name(id).map_or_else(|| format!("Company {id}"), str::to_owned);
    companies
        .into_iter()
        .map(|(id, before, after)| NamedEffect { id: id.to_string(), name: name(id), before, after })
        .collect()
}
