//! One asset: every known date, its source, the rule that decides, what Autotask holds, what we wrote.

use shared::api::{ApiError, ApiRequest, Code, Reply};
use shared::autotask::asset_link;
use shared::writeback::survey::{Survey, day_of};
use shared_core::warranty::provenance::card;

use crate::Deps;
use crate::view::CardView;

/// Answers the card of an asset.
pub(crate) async fn get(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let unknown = || ApiError::new(Code::NotFound, "there is no such asset");
    let asset_id: i64 = request.path_param("id")?.parse().map_err(|_| unknown())?;
    let (store, tenant) = deps.open(request).await?;
    let survey = Survey::of(&store, tenant, asset_id).await?.ok_or_else(unknown)?;
    let standing = survey.standing(asset_id).cloned().unwrap_or_default();
    let (saved, entries, (sync, _)) = tokio::try_join!(
        store.load_policy(tenant),
        store.entries_of(tenant, asset_id, &standing.plan_ids),
        store.sync_state(tenant),
    )?;
    let facts = survey.facts().next().ok_or_else(unknown)?;
    let card = card(&facts, &saved.policy, day_of(deps.now_ms()), &entries);
    let contested_by = standing.tug.suspect().filter(|_| standing.tug.is_contested());
    let link = sync.web_url.as_deref().and_then(|base| asset_link(base, asset_id));
    Reply::ok(&CardView { card, contested_by, link })
}
