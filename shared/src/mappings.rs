//! A tenant's mappings, read to be applied.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared_core::entity::Entity;
use shared_core::mapping::book::Chosen;
use shared_core::mapping::{Activation, Area, Book, Rules};
use shared_core::scope::Scope;
use shared_core::settings::{PrimarySource, Settings};

use crate::store::{Store, StoreError, TenantId};

/// One of Autotask's types of assets.
#[derive(Clone, Debug, Deserialize)]
pub struct AssetType {
    id: i64,
    /// Its name, if Autotask has one.
    pub name: Option<String>,
    is_active: Option<bool>,
}

/// One of Autotask's categories of assets.
#[derive(Debug, Deserialize)]
struct AssetCategory {
    id: i64,
    name: Option<String>,
}

impl AssetType {
    /// Whether Autotask still offers it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.is_active != Some(false)
    }
}

/// Autotask's types of assets by id.
pub type AssetTypes = BTreeMap<i64, AssetType>;

/// Reads the types.
///
/// # Errors
/// [`StoreError`].
pub async fn asset_types(store: &Store, tenant: &TenantId) -> Result<AssetTypes, StoreError> {
    let docs = store.all_docs(tenant, Entity::AssetTypes).await?;
    let read = |doc: &String| {
        serde_json::from_str::<AssetType>(doc).map_err(|error| StoreError::damaged("asset type", error))
    };
    docs.iter().map(|doc| read(doc).map(|one| (one.id, one))).collect()
}

/// The names of Autotask's categories of assets.
///
/// # Errors
/// [`StoreError`].
pub async fn category_names(store: &Store, tenant: &TenantId) -> Result<BTreeMap<i64, String>, StoreError> {
    let docs = store.all_docs(tenant, Entity::AssetCategories).await?;
    let read = |doc: &String| {
        serde_json::from_str::<AssetCategory>(doc)
            .map_err(|error| StoreError::damaged("asset category", error))
    };
    let read: Vec<AssetCategory> = docs.iter().map(read).collect::<Result<_, _>>()?;
    Ok(read.into_iter().filter_map(|one| Some((one.id, one.name?))).collect())
}

/// The names of those types that have one.
#[must_use]
pub fn names(types: &AssetTypes) -> BTreeMap<i64, String> {
    types.iter().filter_map(|(&id, one)| Some((id, one.name.clone()?))).collect()
}

/// Which records are kept where IT Glue is the primary source; none where all are.
///
/// # Errors
/// [`StoreError`].
pub async fn scope(
    store: &Store,
    tenant: &TenantId,
    settings: &Settings,
) -> Result<Option<Scope>, StoreError> {
    if settings.primary_source == PrimarySource::Autotask {
        return Ok(None);
    }
    let links = store.load_book(tenant, Area::CompanyLinks).await?;
    Ok(Some(Scope::new(&links, settings.lookback_months)))
}

/// Reads everything that decides what is shown.
///
/// # Errors
/// [`StoreError`].
pub async fn rules(store: &Store, tenant: &TenantId) -> Result<Rules, StoreError> {
    let (settings, companies, types, statuses, asset_types) = tokio::try_join!(
        store.load_settings(tenant),
        store.load_book(tenant, Area::Companies),
        store.load_book(tenant, Area::AssetTypes),
        store.load_book(tenant, Area::AssetStatuses),
        asset_types(store, tenant),
    )?;
    let (companies, types, statuses): (Book<Activation>, Book<String>, Book<String>) =
        (companies, types, statuses);
    let scope = match settings {
        Some((settings, _)) => scope(store, tenant, &settings).await?,
        None => None,
    };
    let companies = scope.map_or(companies, |scope| linked(&scope));
    Ok(Rules::new(&companies, &types, &statuses, &names(&asset_types)))
}

/// With IT Glue as the primary source, the companies that are linked are those that are shown.
fn linked(scope: &Scope) -> Book<Activation> {
    let chosen = || Chosen { choice: Activation::Active, name: String::new(), version: 1 };
    let choices = scope.companies().map(|id| (id.to_string(), chosen())).collect();
    Book { version: 1, choices, ..Book::default() }
}
