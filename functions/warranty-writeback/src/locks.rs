//! What is left alone: locked companies and assets, and assets with which somebody plays tug of war.

use std::collections::BTreeMap;

use serde_json::json;
use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::directory::Directory;
use shared::store::audit::AuditEntry;
use shared::store::mappings::SaveError;
use shared::store::{Store, StoreError, TenantId};
use shared_core::instant::rfc3339;
use shared_core::warranty::{Lock, Locks};

use crate::Deps;
use crate::view::{ContestedRow, InVainRow, LockChange, LockRow, LocksDraft, LocksView, VersionView};

const MAX_CHANGES: usize = 5_000;
const MAX_NOTE_CHARS: usize = 200;

/// Answers everything that is left alone.
pub(crate) async fn get(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (store, tenant) = deps.open(request).await?;
    let (locks, standings, directory) = tokio::try_join!(
        store.load_locks(tenant),
        store.load_standings(tenant),
        Directory::load(&store, tenant),
    )?;
    let contested = standings.iter().filter(|(_, standing)| standing.tug.is_contested());
    let contested = contested.map(|(&asset_id, standing)| ContestedRow {
        asset_id,
        suspect: standing.tug.suspect(),
        returns: standing.tug.returns.clone(),
    });
    let in_vain = standings.iter().filter_map(|(&asset_id, standing)| {
        let known = standing.in_vain.as_ref().filter(|known| known.is_stopped(None))?;
        Some(InVainRow {
            asset_id,
            date: known.date.to_string(),
            n_plans: known.n_plans,
            tried_at: rfc3339(known.at_ms),
            reason: known.reason.clone(),
        })
    });
    let name = |id| directory.name(id).map(str::to_owned);
    Reply::ok(&LocksView {
        version: locks.version,
        companies: rows(locks.companies, name),
        assets: rows(locks.assets, |_| None),
        contested: contested.collect(),
        in_vain: in_vain.collect(),
    })
}

fn rows(locks: BTreeMap<i64, Lock>, name: impl Fn(i64) -> Option<String>) -> Vec<LockRow> {
    locks.into_iter().map(|(id, lock)| LockRow { id, name: name(id), lock }).collect()
}

/// Saves locks over the version that was read.
pub(crate) async fn save(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let draft: LocksDraft = request.json()?;
    if draft.changes.len() > MAX_CHANGES || draft.released_asset_ids.len() > MAX_CHANGES {
        let why = format!("more than {MAX_CHANGES} changes: send them in several requests");
        return Err(ApiError::new(Code::TooLarge, why));
    }
    let (store, tenant) = deps.open(request).await?;
    let before = store.load_locks(tenant).await?;
    if draft.version != before.version {
        return Err(conflict(before.version));
    }
    let (at_ms, by) = (deps.now_ms(), request.caller.email.clone());
    let mut after = before.clone();
    for (idx, Object(change)) in draft.changes.iter().enumerate() {
        let lock = Lock { at: rfc3339(at_ms), by: by.clone(), note: change.note.clone() };
        applied(&mut after, change, lock).map_err(|why| ApiError::field(&format!("changes[{idx}]"), why))?;
    }
    let released = &draft.released_asset_ids;
    if after == before {
        release(&store, tenant, released).await?;
        return Reply::ok(&VersionView { version: before.version });
    }
    after.version += 1;
    let told = |locks: &Locks| json!({"n_companies": locks.companies.len(), "n_assets": locks.assets.len()});
    let (version, what) = (after.version, "warranty_locks.saved".to_owned());
    let audit = AuditEntry { at_ms, by, what, version, before: told(&before), after: told(&after) };
    match store.save_locks(tenant, &after, &audit).await {
        Ok(()) => {
            // Not before: of two who save at once, the one who is refused changes nothing.
            release(&store, tenant, released).await?;
            Reply::ok(&VersionView { version })
        }
        Err(SaveError::Newer) => Err(conflict(store.load_locks(tenant).await?.version)),
        Err(SaveError::Store(error)) => Err(error.into()),
        Err(error) => Err(ApiError::new(Code::TooLarge, error.to_string())),
    }
}

async fn release(store: &Store, tenant: &TenantId, asset_ids: &[i64]) -> Result<(), StoreError> {
    for &asset_id in asset_ids {
        store.release(tenant, asset_id).await?;
    }
    Ok(())
}

fn applied(locks: &mut Locks, change: &LockChange, lock: Lock) -> Result<(), &'static str> {
    if change.note.chars().count() > MAX_NOTE_CHARS {
        return Err("note must not have more than 200 characters");
    }
    let (of, id) = match (change.company_id, change.asset_id) {
        (Some(id), None) => (&mut locks.companies, id),
        (None, Some(id)) => (&mut locks.assets, id),
        _ => return Err("either company_id or asset_id is needed"),
    };
    if id < 0 {
        return Err("ids are not below 0");
    }
    match of.get(&id) {
        _ if !change.is_locked => drop(of.remove(&id)),
        // Locked by somebody already: who did it first stands there.
        Some(present) if present.note == lock.note => {}
        _ => drop(of.insert(id, lock)),
    }
    Ok(())
}

fn conflict(version: u64) -> ApiError {
    let message =
        "somebody else saved since you read this: read the locks and save again; nothing was stored";
    ApiError::new(Code::VersionConflict, message).with(json!({ "version": version }))
}

#[cfg(test)]
mod tests {
    use shared_core::warranty::{Lock, Locks};

    use super::applied;
    use crate::view::LockChange;

    #[test]
    fn a_change_names_one_thing() {
        let lock = || Lock { at: String::new(), by: "jane".to_owned(), note: String::new() };
        let check = |company_id, asset_id, want: Option<(usize, usize)>| {
            let mut locks = Locks::default();
            let change = LockChange { company_id, asset_id, is_locked: true, note: String::new() };
            let done = applied(&mut locks, &change, lock());
            assert_eq!(done.ok().map(|()| (locks.companies.len(), locks.assets.len())), want);
        };
        check(Some(0), None, Some((1, 0)));
        check(None, Some(7), Some((0, 1)));
        check(None, None, None);
        check(Some(1), Some(7), None);
        check(Some(-1), None, None);
    }
}
