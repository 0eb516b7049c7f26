//! Autotask's companies, read at once: from their facets, not from their records.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use shared_core::catalogue::company_types;
use shared_core::entity::Entity;
use shared_core::facets::{CompanyFacet, Facet};
use shared_core::wire;

use crate::store::{Store, StoreError, TenantId};

/// Companies by id, gone ones among them.
#[derive(Debug, Default)]
pub struct Directory {
    /// The companies.
    pub companies: BTreeMap<i64, CompanyFacet>,
    /// Autotask's company types.
    pub types: BTreeMap<i64, String>,
}

/// A company of Autotask's, with what tells it from its namesakes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CompanyRef {
    /// Autotask's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: Option<String>,
    /// Its type in Autotask.
    pub type_name: Option<String>,
    /// Active in Autotask, and still there.
    pub is_active: bool,
}

impl Directory {
    /// Reads it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(store: &Store, tenant: &TenantId) -> Result<Self, StoreError> {
        let (facets, fields) = tokio::try_join!(
            store.load_facets(tenant, Entity::Companies),
            store.load_fields(tenant, Entity::Companies),
        )?;
        let companies = facets.rows().filter_map(|(id, facet)| match facet {
            Facet::Company(company) => Some((id, *company)),
            Facet::Asset(_) => None,
        });
        let fields = fields.and_then(|fields| wire::parse_fields(fields.body.as_bytes()).ok());
        Ok(Self {
            companies: companies.collect(),
            types: fields.map(|fields| company_types(&fields)).unwrap_or_default(),
        })
    }

    /// A company's name.
    #[must_use]
    pub fn name(&self, id: i64) -> Option<&str> {
        self.companies.get(&id).map(|company| company.name.as_str())
    }

    /// The name of a company's type.
    #[must_use]
    pub fn type_name(&self, company: &CompanyFacet) -> Option<String> {
        self.types.get(&company.type_id?).cloned()
    }

    /// A company as clients see it.
    #[must_use]
    pub fn company(&self, id: i64) -> Option<CompanyRef> {
        let company = self.companies.get(&id)?;
        Some(CompanyRef {
            id,
            name: company.name.clone(),
            city: company.city.clone(),
            type_name: self.type_name(company),
            is_active: company.is_active != Some(false) && company.gone_on.is_none(),
        })
    }
}
