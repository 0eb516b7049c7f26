//! The sums that a review of one company needs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use shared::api::{ApiError, ApiRequest, Code, Reply, lists};
use shared::mappings::rules;
use shared::store::{Store, StoreError, TenantId};
use shared_core::catalogue::stages;
use shared_core::entity::Entity;
use shared_core::freshness::Freshness;
use shared_core::instant;
use shared_core::ledger::SyncState;
use shared_core::rollups::view::show;
use shared_core::rollups::{Basis, Kept, Month, Rollup};
use shared_core::settings::Settings;
use shared_core::wire;

use crate::Deps;
use crate::data::id;

/// Months of one answer at most.
pub(crate) const MAX_MONTHS: u32 = 36;
/// What the sums are made from.
const SUMMED: [Entity; 3] = [Entity::Contracts, Entity::Tickets, Entity::Opportunities];

/// Carries out `GET /v1/companies/{id}/rollups`.
pub(crate) async fn rollups(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (company_id, n_months, tenant) = (id(request)?, months(request)?, &request.caller.tenant);
    let store = deps.sessions.open(tenant, None).await?.store;
    if !rules(&store, tenant).await?.is_active(company_id) {
        return Err(ApiError::new(Code::NotFound, "there is no such company, or the mappings hide it"));
    }
    let (settings, (state, unfinished)) =
        tokio::try_join!(store.load_settings(tenant), store.sync_state(tenant))?;
    let settings = settings.map(|(settings, _)| settings);
    let name = settings.as_ref().map_or_else(|| "UTC".to_owned(), |settings| settings.time_zone.clone());
    let zone = TimeZone::get(&name).unwrap_or(TimeZone::UTC);
    let basis = basis(settings.as_ref(), &state, unfinished.as_deref());
    let whose = Whose { store: &store, tenant, company_id, zone: &zone };
    let sums = whose.sums(basis, deps.now_ms()).await?;
    let labels = labels(&store, tenant).await?;
    let freshness = SUMMED.map(|entity| Freshness::of(entity, settings.as_ref(), &state)).into();
    Reply::ok(&show(&sums, &name, stretch(deps.now_ms(), n_months, &zone), &labels, freshness))
}

fn months(request: &ApiRequest) -> Result<u32, ApiError> {
    Ok(lists::number(request, "months", 1..=MAX_MONTHS)?.unwrap_or(12))
}

/// The present month, and so many before it that there are `n_months`.
fn stretch(now_ms: u64, n_months: u32, zone: &TimeZone) -> (Month, Month) {
    let today = instant::at(now_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date();
    let back = jiff::Span::new().months(i64::from(n_months) - 1);
    let first = today.checked_sub(back).unwrap_or(today);
    (Month::of_date(first), Month::of_date(today))
}

/// Whose sums are made.
struct Whose<'a> {
    store: &'a Store,
    tenant: &'a TenantId,
    company_id: i64,
    zone: &'a TimeZone,
}

impl Whose<'_> {
    /// Those that are kept, as long as they hold; else they are added up, and kept if nothing changed meanwhile.
    async fn sums(&self, before: Option<Basis>, now_ms: u64) -> Result<Rollup, ApiError> {
        let Self { store, tenant, company_id, zone } = *self;
        let kept = store.load_sums(tenant, company_id).await?;
        if let Some(sums) = kept.and_then(|kept| kept.sums_for(before.as_ref())) {
            return Ok(sums);
        }
        let sums = added_up(store, tenant, company_id, zone).await?;
        let (settings, (state, unfinished)) =
            tokio::try_join!(store.load_settings(tenant), store.sync_state(tenant))?;
        let settings = settings.map(|(settings, _)| settings);
        let after = basis(settings.as_ref(), &state, unfinished.as_deref());
        if let Some(kept) = Kept::new(sums.clone(), before, after.as_ref()) {
            // What cannot be kept is added up again the next time.
            if let Err(error) = store.keep_sums(tenant, company_id, &kept, now_ms).await {
                tracing::warn!(company.id = company_id, "sums could not be kept: {error}");
            }
        }
        Ok(sums)
    }
}

/// What sums may be kept on; of a tenant that leaves nothing is kept any more.
fn basis(settings: Option<&Settings>, state: &SyncState, unfinished: Option<&str>) -> Option<Basis> {
    let settings = settings.filter(|settings| !settings.is_closing)?;
    Basis::of(state, unfinished, &settings.time_zone)
}

async fn added_up(
    store: &Store,
    tenant: &TenantId,
    company_id: i64,
    zone: &TimeZone,
) -> Result<Rollup, ApiError> {
    let (contracts, tickets, opportunities, units) = tokio::try_join!(
        store.by_company(tenant, Entity::Contracts, company_id),
        store.by_company(tenant, Entity::Tickets, company_id),
        store.by_company(tenant, Entity::Opportunities, company_id),
        store.all_docs(tenant, Entity::ContractServiceUnits),
    )?;
    // A billing period knows its contract alone.
    let own: BTreeSet<i64> = contracts.iter().filter_map(|doc| keys(doc)?.id).collect();
    let is_own =
        |doc: &&String| keys(doc).and_then(|keys| keys.contract_id).is_some_and(|id| own.contains(&id));
    let mut sums = Rollup::default();
    let mut add = |entity, doc: &String| {
        let one = Rollup::of(entity, doc, zone).map_err(|error| {
            ApiError::new(Code::Internal, format!("a stored record of {entity} cannot be read: {error}"))
        })?;
        sums.add(&one);
        Ok::<(), ApiError>(())
    };
    contracts.iter().try_for_each(|doc| add(Entity::Contracts, doc))?;
    tickets.iter().try_for_each(|doc| add(Entity::Tickets, doc))?;
    opportunities.iter().try_for_each(|doc| add(Entity::Opportunities, doc))?;
    units.iter().filter(is_own).try_for_each(|doc| add(Entity::ContractServiceUnits, doc))?;
    Ok(sums)
}

#[derive(Deserialize)]
struct Keys {
    id: Option<i64>,
    contract_id: Option<i64>,
}

fn keys(doc: &str) -> Option<Keys> {
    serde_json::from_str(doc).ok()
}

async fn labels(store: &Store, tenant: &TenantId) -> Result<BTreeMap<i64, String>, StoreError> {
    let fields = store.load_fields(tenant, Entity::Opportunities).await?;
    let fields = fields.and_then(|fields| wire::parse_fields(fields.body.as_bytes()).ok());
    Ok(fields.map(|fields| stages(&fields)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::stretch;

    #[test]
    fn the_stretch_ends_with_the_tenants_present_month() {
        // 2026-12-01T04:30Z is still November in New York.
        let now_ms = 1_796_099_400_000;
        let check = |zone: &str, n_months, want: (&str, &str)| {
            let (first, last) = stretch(now_ms, n_months, &TimeZone::get(zone).unwrap());
            let text = |month| serde_json::to_value(month).unwrap();
            assert_eq!((text(first), text(last)), (want.0.into(), want.1.into()), "{zone} {n_months}");
        };
        check("UTC", 1, ("2026-12", "2026-12"));
        check("America/New_York", 12, ("2025-12", "2026-11"));
        check("UTC", 36, ("2024-01", "2026-12"));
    }
}
