//! Everything that decides what is shown, read at one moment.

use std::collections::BTreeMap;

use shared::api::{ApiError, ApiRequest};
use shared::directory::Directory;
use shared::mappings::{AssetTypes, asset_types, category_names, names, scope};
use shared::store::{Store, TenantId};
use shared_core::entity::Entity;
use shared_core::facets::Facets;
use shared_core::mapping::{Activation, Area, Book, Cube, Rules};
use shared_core::scope::Scope;

use crate::Deps;

/// Everything that decides what is shown.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) tenant: TenantId,
    pub(crate) store: Store,
    pub(crate) plan_limit: Option<u32>,
    pub(crate) types: Book<String>,
    pub(crate) statuses: Book<String>,
    pub(crate) companies: Book<Activation>,
    pub(crate) source_types: AssetTypes,
    pub(crate) category_names: BTreeMap<i64, String>,
    pub(crate) directory: Directory,
    pub(crate) assets: Facets,
    pub(crate) cube: Cube,
    /// The linked companies, where IT Glue is the primary source; none where Autotask is.
    pub(crate) scope: Option<Scope>,
}

impl State {
    pub(crate) async fn load(deps: &Deps, request: &ApiRequest) -> Result<Self, ApiError> {
        let tenant = request.caller.tenant.clone();
        let store = deps.sessions.open(&tenant, None).await?.store;
        let (settings, types, statuses, companies, source_types, category_names, directory, assets) = tokio::try_join!(
            store.load_settings(&tenant),
            store.load_book(&tenant, Area::AssetTypes),
            store.load_book(&tenant, Area::AssetStatuses),
            store.load_book(&tenant, Area::Companies),
            asset_types(&store, &tenant),
            category_names(&store, &tenant),
            Directory::load(&store, &tenant),
            store.load_facets(&tenant, Entity::Assets),
        )?;
        let scope = match settings {
            Some((settings, _)) => scope(&store, &tenant, &settings).await?,
            None => None,
        };
        let cube = Cube::of(&assets);
        let plan_limit = request.caller.plan_limit;
        Ok(Self {
            tenant,
            store,
            plan_limit,
            types,
            statuses,
            companies,
            source_types,
            category_names,
            directory,
            assets,
            cube,
            scope,
        })
    }

    pub(crate) fn type_names(&self) -> BTreeMap<i64, String> {
        names(&self.source_types)
    }

    /// What the screens call a type.
    pub(crate) fn type_name(&self, id: i64) -> Option<String> {
        let one = self.source_types.get(&id)?;
        Some(one.name.clone().unwrap_or_else(|| format!("Type {id}")))
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules::new(&self.companies, &self.types, &self.statuses, &self.type_names())
    }
}
