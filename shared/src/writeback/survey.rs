//! Everything that verdicts are made from, read at one moment.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use serde::Deserialize;
use shared_core::entity::Entity;
use shared_core::facets::{AssetFacet, Facet, Facets};
use shared_core::instant;
use shared_core::mapping::{Hidden, Rules};
use shared_core::plan::Place;
use shared_core::warranty::{Facts, Known, Locks, Standing};

use crate::mappings::rules;
use crate::store::{Store, StoreError, TenantId};

/// What a stored asset says about its warranty.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SurveyedAsset {
    /// Its name.
    pub name: Option<String>,
    /// Its serial number.
    pub serial_number: Option<String>,
    install_date: Option<Date>,
    warranty_expiration_date: Option<Date>,
    last_modified_at: Option<Timestamp>,
    /// What the mappings need, and whether it is gone.
    #[serde(skip)]
    facet: AssetFacet,
}

/// Everything that verdicts are made from.
#[derive(Debug)]
pub struct Survey {
    /// Assets by id, gone ones among them.
    pub assets: BTreeMap<i64, SurveyedAsset>,
    known: BTreeMap<i64, Vec<Known>>,
    standings: BTreeMap<i64, Standing>,
    locks: Locks,
    rules: Rules,
}

impl Survey {
    /// Reads everything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(store: &Store, tenant: &TenantId) -> Result<Self, StoreError> {
        let (facets, known, standings, locks, rules) = tokio::try_join!(
            store.load_facets(tenant, Entity::Assets),
            store.load_known(tenant),
            store.load_standings(tenant),
            store.load_locks(tenant),
            rules(store, tenant),
        )?;
        let assets = assets(store, tenant, &facets).await?;
        Ok(Self { assets, known, standings, locks, rules })
    }

    /// Reads what decides about one asset; none if there is no such asset.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(store: &Store, tenant: &TenantId, asset_id: i64) -> Result<Option<Self>, StoreError> {
        let facets = store.load_facets(tenant, Entity::Assets).await?;
        let Some(Facet::Asset(facet)) = facets.get(asset_id) else { return Ok(None) };
        let place = Place { company_id: Some(facet.company_id), id: asset_id };
        let (record, known, standing, locks, rules) = tokio::try_join!(
            store.record(tenant, Entity::Assets, place),
            store.known_of(tenant, asset_id),
            store.standing_of(tenant, asset_id),
            store.load_locks(tenant),
            rules(store, tenant),
        )?;
        let stored = record.map(|(doc, _)| read(asset_id, &doc)).transpose()?.unwrap_or_default();
        let asset = SurveyedAsset { facet, ..stored };
        Ok(Some(Self {
            assets: BTreeMap::from([(asset_id, asset)]),
            known: BTreeMap::from([(asset_id, known)]),
            standings: BTreeMap::from([(asset_id, standing)]),
            locks,
            rules,
        }))
    }

    /// What decides about each asset, by id.
    pub fn facts(&self) -> impl Iterator<Item = Facts<'_>> {
        self.assets.iter().map(|(&asset_id, asset)| self.facts_of(asset_id, asset))
    }

    /// What is remembered of an asset.
    #[must_use]
    pub fn standing(&self, asset_id: i64) -> Option<&Standing> {
        self.standings.get(&asset_id)
    }

    fn facts_of<'s>(&'s self, asset_id: i64, asset: &'s SurveyedAsset) -> Facts<'s> {
        let (facet, standing) = (&asset.facet, self.standings.get(&asset_id));
        let company_id = facet.company_id;
        let is_company_mapped = self.rules.is_active(company_id);
        let hidden = self.rules.show(facet).err();
        let stored = asset.warranty_expiration_date;
        Facts {
            asset_id,
            company_id,
            serial_number: asset.serial_number.as_deref(),
            is_active: facet.is_active == Some(true),
            is_gone: facet.gone_on.is_some(),
            is_company_mapped,
            is_ignored: matches!(hidden, Some(Hidden::Type | Hidden::Status)),
            is_client_locked: self.locks.companies.contains_key(&company_id),
            is_asset_locked: self.locks.assets.contains_key(&asset_id),
            is_contested: standing.is_some_and(|standing| standing.tug.is_contested()),
            stopped_date: standing.and_then(|standing| standing.stopped_date(asset.last_modified_at)),
            install_date: asset.install_date,
            held: standing.map_or(stored, |standing| standing.held(stored, asset.last_modified_at)),
            known: self.known.get(&asset_id).map_or(&[], Vec::as_slice),
        }
    }
}

/// The calendar date of an instant, at UTC.
#[must_use]
pub fn day_of(now_ms: u64) -> Date {
    instant::at(now_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(tz::TimeZone::UTC).date()
}

async fn assets(
    store: &Store,
    tenant: &TenantId,
    facets: &Facets,
) -> Result<BTreeMap<i64, SurveyedAsset>, StoreError> {
    let mut assets = BTreeMap::new();
    for (id, facet) in facets.rows() {
        if let Facet::Asset(facet) = facet {
            assets.insert(id, SurveyedAsset { facet, ..SurveyedAsset::default() });
        }
    }
    let mut unreadable = None;
    for shard in 0..Store::n_shards() {
        let take = |id, doc: &str| match read(id, doc) {
            Ok(stored) => {
                // A record without a facet is on its way out, or not yet in.
                if let Some(asset) = assets.get_mut(&id) {
                    let facet = std::mem::take(&mut asset.facet);
                    *asset = SurveyedAsset { facet, ..stored };
                }
            }
            Err(error) => unreadable = Some(error),
        };
        store.read_shard(tenant, Entity::Assets, shard, take).await?;
    }
    unreadable.map_or(Ok(assets), Err)
}

fn read(id: i64, doc: &str) -> Result<SurveyedAsset, StoreError> {
    serde_json::from_str(doc).map_err(|error| StoreError::damaged(&format!("asset {id}"), error))
}
