//! What the first load chooses for the admin: which companies are shown, and what counts as seen.
//!
//! Chosen once, and only where nobody has saved yet: a machine never overwrites what somebody chose.

use std::collections::{BTreeMap, BTreeSet};

use shared_core::entity::Entity;
use shared_core::facets::{CompanyFacet, Facet};
use shared_core::ledger::Run;
use shared_core::mapping::companies::first_choice;
use shared_core::mapping::rules::{Because, type_key, type_target};
use shared_core::mapping::{Activation, Area, Book, Change, Cube, Save};
use shared_core::run::Kind;

use super::settle::OURSELVES;
use crate::mappings::{asset_types, names};
use crate::store::mappings::{Cause, SaveError, Version};
use crate::store::{Store, StoreError, TenantId};

/// What is left for the admin to map.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ToMap {
    /// Companies that are active in Autotask and not shown.
    pub(super) n_companies: u64,
    /// Types in use that neither anybody nor their name says anything about.
    pub(super) n_types: u64,
}

/// What the choice is made from.
struct Material {
    companies: BTreeMap<i64, CompanyFacet>,
    cube: Cube,
    type_names: BTreeMap<i64, String>,
}

/// Where the choice is kept.
pub(super) struct FirstChoice<'a> {
    pub(super) store: &'a Store,
    pub(super) tenant: &'a TenantId,
    /// Companies that the plan allows to be active; none for any number.
    pub(super) plan_limit: Option<u32>,
}

impl FirstChoice<'_> {
    /// Chooses after the first load; answers what is left, and nothing for other runs.
    pub(super) async fn choose(&self, run: &Run) -> Result<ToMap, StoreError> {
        if run.kind != Kind::Initial || !run.state.is_final() {
            return Ok(ToMap::default());
        }
        let (store, tenant) = (self.store, self.tenant);
        let material = self.material().await?;
        let mut companies: Book<Activation> = store.load_book(tenant, Area::Companies).await?;
        if companies.version == 0 {
            companies = self.choose_companies(&material, run).await?;
        }
        let types: Book<String> = store.load_book(tenant, Area::AssetTypes).await?;
        if types.version == 0 {
            let known = material.type_keys();
            self.keep(Area::AssetTypes, Book { known, ..Book::<String>::default() }, &[], run).await?;
        }
        Ok(material.left(&companies, &types))
    }

    async fn material(&self) -> Result<Material, StoreError> {
        let (store, tenant) = (self.store, self.tenant);
        let companies = store.load_facets(tenant, Entity::Companies).await?;
        let assets = store.load_facets(tenant, Entity::Assets).await?;
        let type_names = names(&asset_types(store, tenant).await?);
        let cube = Cube::of(&assets);
        let company = |(id, facet)| match facet {
            Facet::Company(company) if company.gone_on.is_none() => Some((id, *company)),
            _ => None,
        };
        Ok(Material { companies: companies.rows().filter_map(company).collect(), cube, type_names })
    }

    async fn choose_companies(&self, material: &Material, run: &Run) -> Result<Book<Activation>, StoreError> {
        let tallies = material.cube.by_company();
        let n_active = |id: i64| tallies.get(&id).map_or(0, |tally| tally.n_active);
        let rows: Vec<(i64, &CompanyFacet, u64)> =
            material.companies.iter().map(|(&id, company)| (id, company, n_active(id))).collect();
        let changes: Vec<Change<Activation>> = first_choice(&rows, self.plan_limit)
            .into_iter()
            .map(|(id, choice)| Change { key: id.to_string(), choice: Some(choice) })
            .collect();
        let name = |key: &str| {
            let company = key.parse().ok().and_then(|id: i64| material.companies.get(&id));
            company.map(|company| company.name.clone()).unwrap_or_default()
        };
        self.keep_named(Area::Companies, Book::default(), &changes, run, name).await
    }

    async fn keep<C: Clone + PartialEq + serde::Serialize>(
        &self,
        area: Area,
        book: Book<C>,
        changes: &[Change<C>],
        run: &Run,
    ) -> Result<Book<C>, StoreError> {
        self.keep_named(area, book, changes, run, |_| String::new()).await
    }

    async fn keep_named<C: Clone + PartialEq + serde::Serialize>(
        &self,
        area: Area,
        book: Book<C>,
        changes: &[Change<C>],
        run: &Run,
        name: impl Fn(&str) -> String,
    ) -> Result<Book<C>, StoreError> {
        let at = run.ended_at.clone().unwrap_or_else(|| run.started_at.clone());
        let save = Save { at, by: OURSELVES.to_owned() };
        let (after, diffs) = book.after(changes, save.clone(), name);
        let version = Version {
            version: after.version,
            save,
            cause: Cause::FirstLoad,
            diffs,
            options_before: None,
            options_after: None,
            targets_before: None,
        };
        match self.store.save_book(self.tenant, area, &after, &version, None).await {
            // Somebody saved in the meantime: that is what counts.
            Ok(()) | Err(SaveError::Newer) => Ok(after),
            Err(SaveError::Store(error)) => Err(error),
            Err(error @ SaveError::TooLarge { .. }) => {
                tracing::warn!(area = area.name(), "no first choice is made: {error}");
                Ok(after)
            }
        }
    }
}

impl Material {
    fn type_keys(&self) -> BTreeSet<String> {
        let named = self.type_names.keys().map(|&id| type_key(Some(id)));
        named.chain(self.cube.by_type().into_keys().map(type_key)).collect()
    }

    fn left(&self, companies: &Book<Activation>, types: &Book<String>) -> ToMap {
        let is_left = |(id, company): &(&i64, &CompanyFacet)| {
            **id != 0
                && company.is_active != Some(false)
                && companies.choice(&id.to_string()) != Some(&Activation::Active)
        };
        let is_open = |type_id: &Option<i64>| {
            let name = type_id.and_then(|id| self.type_names.get(&id)).map(String::as_str);
            type_target(types, &type_key(*type_id), name).1 == Because::Default
        };
        ToMap {
            n_companies: self.companies.iter().filter(is_left).count() as u64,
            n_types: self.cube.by_type().into_keys().filter(is_open).count() as u64,
        }
    }
}
