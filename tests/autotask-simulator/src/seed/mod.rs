//! The data of the simulated customer, the same for the same seed and sizes.

mod assets;
mod catalogue;
mod contracts;
mod maker;
mod people;
mod tickets;
mod words;

use crate::config::Config;
use crate::rng::Rng;
use crate::schema::{Entity, Schemas};
use crate::store::Store;
use maker::Maker;

/// Ids of rows that later rows point to.
#[derive(Debug, Default)]
struct Ids {
    resources: Vec<i64>,
    companies: Vec<i64>,
    contacts: Vec<(i64, i64)>,
    categories: Vec<i64>,
    products: Vec<i64>,
    contracts: Vec<(i64, i64)>,
    services: Vec<(i64, i64)>,
    assets: Vec<(i64, i64)>,
}

/// Makes every row.
pub(crate) fn seed(config: &Config, schemas: &Schemas, now_ms: i64) -> anyhow::Result<Store> {
    let mut store = Store::default();
    let mut ids = Ids::default();
    for entity in Entity::ALL {
        let first = first_id(entity);
        let mut make = Maker::new(schemas, &mut store, entity, config.seed, now_ms, first)?;
        fill(entity, &mut make, config, &mut ids);
        store.table_mut(entity).shrink();
    }
    Ok(store)
}

fn fill(entity: Entity, make: &mut Maker<'_>, config: &Config, ids: &mut Ids) {
    let sizes = &config.sizes;
    match entity {
        Entity::Resources => ids.resources = people::resources(make, sizes.resources),
        Entity::Companies => ids.companies = people::companies(make, sizes.companies, &ids.resources),
        Entity::Contacts => ids.contacts = people::contacts(make, sizes.contacts, &ids.companies),
        Entity::ConfigurationItemTypes => catalogue::types(make),
        Entity::ConfigurationItemCategories => ids.categories = catalogue::categories(make),
        Entity::Products => ids.products = catalogue::products(make, sizes.products),
        Entity::Contracts => ids.contracts = contracts::contracts(make, sizes.contracts, &ids.companies),
        _ => fill_dependents(entity, make, config, ids),
    }
}

fn fill_dependents(entity: Entity, make: &mut Maker<'_>, config: &Config, ids: &mut Ids) {
    let sizes = &config.sizes;
    match entity {
        Entity::Opportunities => {
            contracts::opportunities(make, sizes.opportunities, &ids.companies, &ids.resources);
        }
        Entity::ContractServices => ids.services = contracts::services(make, &ids.contracts),
        Entity::ContractServiceUnits => contracts::units(make, &ids.services),
        Entity::ConfigurationItems => ids.assets = assets::assets(make, sizes.assets, ids),
        Entity::Tickets => tickets::tickets(make, sizes.tickets, ids),
        _ => {}
    }
}

/// Autotask's ids do not start at 1, and each entity starts elsewhere.
fn first_id(entity: Entity) -> i64 {
    match entity {
        Entity::Companies => 173,
        Entity::Contacts => 30_682_885,
        Entity::ConfigurationItems => 10_420,
        Entity::Products => 29_684,
        Entity::Resources => 29_682_884,
        Entity::Tickets => 7_400,
        _ => 100,
    }
}

/// A company: the first customer owns about a fifth of everything, the rest falls off slowly.
fn skewed(rng: &mut Rng, companies: &[i64]) -> i64 {
    if rng.chance(20) {
        return companies.get(1).or(companies.first()).copied().unwrap_or(0);
    }
    let n_companies = companies.len();
    let bound = if rng.chance(50) { n_companies.div_ceil(4) } else { n_companies };
    companies.get(rng.below(bound)).copied().unwrap_or(0)
}
