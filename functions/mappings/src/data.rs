//! Records of one company, as the mappings show them: what other parts of LCI read.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shared::api::{ApiError, ApiRequest, Code, Reply, Route};
use shared::mappings::rules;
use shared::store::{Store, TenantId};
use shared_core::catalogue::Catalogue;
use shared_core::entity::Entity;
use shared_core::export;
use shared_core::facets::{AssetFacet, Facet};
use shared_core::freshness::Freshness;
use shared_core::mapping::Rules;
use shared_core::plan::Place;
use shared_core::wire;

use crate::Deps;
use crate::view::RecordPage;

/// Answers the records of one company.
pub(crate) async fn of_company(deps: &Deps, request: &ApiRequest, route: &Route) -> Result<Reply, ApiError> {
    let company_id = id(request)?;
    let tenant = &request.caller.tenant;
    let store = deps.sessions.open(tenant, None).await?.store;
    let entity = match route.operation {
        "listAssetsOfCompany" => Entity::Assets,
        "listContactsOfCompany" => Entity::Contacts,
        "listContractsOfCompany" => Entity::Contracts,
        "listTicketsOfCompany" => Entity::Tickets,
        _ => Entity::Opportunities,
    };
    let (rules, docs, settings, (state, _)) = tokio::try_join!(
        rules(&store, tenant),
        store.by_company(tenant, entity, company_id),
        store.load_settings(tenant),
        store.sync_state(tenant),
    )?;
    let shown = Shown { rules, catalogue: catalogue(&store, tenant, entity).await?, entity };
    let rows = docs.iter().filter_map(|doc| shown.row(doc).transpose()).collect::<Result<Vec<_>, _>>()?;
    let freshness = Freshness::of(entity, settings.as_ref().map(|(settings, _)| settings), &state);
    Reply::ok(&RecordPage { n_hidden: docs.len() - rows.len(), rows, freshness })
}

/// Answers one asset.
pub(crate) async fn asset(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (id, tenant) = (id(request)?, &request.caller.tenant);
    let unknown = || ApiError::new(Code::NotFound, "there is no such asset, or the mappings hide it");
    let store = deps.sessions.open(tenant, None).await?.store;
    let facets = store.load_facets(tenant, Entity::Assets).await?;
    let Some(Facet::Asset(AssetFacet { company_id, gone_on: None, .. })) = facets.get(id) else {
        return Err(unknown());
    };
    let place = Place { company_id: Some(company_id), id };
    let Some((doc, None)) = store.record(tenant, Entity::Assets, place).await? else { return Err(unknown()) };
    let rules = rules(&store, tenant).await?;
    let shown =
        Shown { rules, catalogue: catalogue(&store, tenant, Entity::Assets).await?, entity: Entity::Assets };
    Reply::ok(&shown.row(&doc)?.ok_or_else(unknown)?)
}

pub(crate) fn id(request: &ApiRequest) -> Result<i64, ApiError> {
    let text = request.path_param("id")?;
    let id = text.parse().ok().filter(|id: &i64| *id >= 0 && id.to_string() == text);
    id.ok_or_else(|| ApiError::new(Code::NotFound, "there is no record with this id"))
}

struct Shown {
    rules: Rules,
    catalogue: Catalogue,
    entity: Entity,
}

#[derive(Deserialize)]
struct Seen {
    company_id: i64,
    type_id: Option<i64>,
    is_active: Option<bool>,
}

impl Shown {
    /// A row as others see it; none if the mappings hide it.
    fn row(&self, doc: &str) -> Result<Option<Box<RawValue>>, ApiError> {
        let unreadable = |error: serde_json::Error| {
            ApiError::new(Code::Internal, format!("a stored record cannot be read: {error}"))
        };
        let Seen { company_id, type_id, is_active } = serde_json::from_str(doc).map_err(unreadable)?;
        if !self.rules.is_active(company_id) {
            return Ok(None);
        }
        let mut row = export::row(self.entity, doc, &self.catalogue).map_err(unreadable)?;
        if self.entity == Entity::Assets {
            let facet = AssetFacet { company_id, type_id, is_active, ..AssetFacet::default() };
            let Ok(shown) = self.rules.show(&facet) else { return Ok(None) };
            row.pop();
            let [kind, state] = [shown.kind, shown.state].map(|id| Value::from(id).to_string());
            row.push_str(&format!(",\"type\":{kind},\"status\":{state}}}"));
        }
        RawValue::from_string(row).map(Some).map_err(unreadable)
    }
}

/// Names of manufacturers and models, for assets.
async fn catalogue(store: &Store, tenant: &TenantId, entity: Entity) -> Result<Catalogue, ApiError> {
    let mut catalogue = Catalogue::default();
    if entity != Entity::Assets {
        return Ok(catalogue);
    }
    let (fields, products) = tokio::try_join!(
        store.load_fields(tenant, Entity::Assets),
        store.all_docs(tenant, Entity::Products),
    )?;
    if let Some(fields) = fields.and_then(|fields| wire::parse_fields(fields.body.as_bytes()).ok()) {
        catalogue.set_picklists(&fields);
    }
    for doc in &products {
        catalogue.add_product(doc).map_err(|error| {
            ApiError::new(Code::Internal, format!("a stored product cannot be read: {error}"))
        })?;
    }
    Ok(catalogue)
}
