//! Everything that decides what is shown, read at one moment.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::api::{ApiError, ApiRequest};
use shared::directory::Directory;
use shared::store::{Store, StoreError, TenantId};
use shared_core::entity::Entity;
use shared_core::facets::Facets;
use shared_core::mapping::{Activation, Area, Book, Cube, Rules};

use crate::Deps;

/// One of Autotask's types of assets.
#[derive(Clone, Debug)]
pub(crate) struct SourceType {
    pub(crate) name: String,
    pub(crate) is_active: bool,
}

/// Everything that decides what is shown.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) tenant: TenantId,
    pub(crate) store: Store,
    pub(crate) plan_limit: Option<u32>,
    pub(crate) types: Book<String>,
    pub(crate) statuses: Book<String>,
    pub(crate) companies: Book<Activation>,
    pub(crate) source_types: BTreeMap<i64, SourceType>,
    pub(crate) directory: Directory,
    pub(crate) assets: Facets,
    pub(crate) cube: Cube,
}

impl State {
    pub(crate) async fn load(deps: &Deps, request: &ApiRequest) -> Result<Self, ApiError> {
        let tenant = request.caller.tenant.clone();
        let store = deps.sessions.open(&tenant, None).await?.store;
        let (types, statuses, companies, source_types, directory, assets) = tokio::try_join!(
            store.load_book(&tenant, Area::AssetTypes),
            store.load_book(&tenant, Area::AssetStatuses),
            store.load_book(&tenant, Area::Companies),
            source_types(&store, &tenant),
            Directory::load(&store, &tenant),
            store.load_facets(&tenant, Entity::Assets),
        )?;
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
            directory,
            assets,
            cube,
        })
    }

    pub(crate) fn type_names(&self) -> BTreeMap<i64, String> {
        self.source_types.iter().map(|(&id, source)| (id, source.name.clone())).collect()
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules::new(&self.companies, &self.types, &self.statuses, &self.type_names())
    }
}

async fn source_types(store: &Store, tenant: &TenantId) -> Result<BTreeMap<i64, SourceType>, StoreError> {
    #[derive(Deserialize)]
    struct Stored {
        id: i64,
        name: Option<String>,
        is_active: Option<bool>,
    }
    let docs = store.all_docs(tenant, Entity::AssetTypes).await?;
    let read = |doc: &String| serde_json::from_str::<Stored>(doc).ok();
    let of = |stored: Stored| {
        let name = stored.name.unwrap_or_else(|| format!("Type {}", stored.id));
        (stored.id, SourceType { name, is_active: stored.is_active != Some(false) })
    };
    Ok(docs.iter().filter_map(read).map(of).collect())
}
