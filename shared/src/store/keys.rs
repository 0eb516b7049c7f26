//! The only place that spells keys.
//!
//! Every key begins with the tenant or with the Autotask database, so that a role can be bound to one of them by
//! `dynamodb:LeadingKeys`. Records of an entity lie in 16 shards by id: at 2,000 records a second, each written at
//! double cost by a transaction, a shard sees 250 write units a second, a quarter of a partition's limit. Within a shard
//! records are sorted by company, so one company's records are 16 small queries and all records 16 long ones; neither
//! needs an index or a scan.

use shared_core::entity::Entity;
use shared_core::mail::MailId;
use shared_core::mapping::Area;

/// Shards of the records of one entity.
pub(crate) const N_SHARDS: i64 = 16;

/// A tenant's name that is fit for keys, roles and secret paths.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TenantId(String);

/// A name that is no tenant id.
#[derive(Debug, thiserror::Error)]
#[error("tenant id {given:?} is not 1 to 64 characters of a-z, 0-9 and -")]
pub struct BadTenantId {
    given: String,
}

impl TenantId {
    /// Parses a tenant id.
    ///
    /// # Errors
    /// [`BadTenantId`] unless it is 1 to 64 characters of `a-z`, `0-9` and `-`.
    pub fn parse(text: &str) -> Result<Self, BadTenantId> {
        let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=64).contains(&text.len()) && text.chars().all(is_fit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadTenantId { given: text.chars().take(80).collect() })
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TenantId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Primary key of one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

pub(crate) fn lease(atdb: &str) -> Key {
    Key { pk: format!("A#{atdb}"), sk: "LEASE".to_owned() }
}

pub(crate) fn sync_state(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "SYNC".to_owned() }
}

/// Partition of everything about a tenant that is not a record.
pub(crate) fn meta_pk(tenant: &TenantId) -> String {
    format!("T#{tenant}#META")
}

/// The tenant in a partition key made by [`meta_pk`].
pub(crate) fn tenant_of_meta(pk: &str) -> Option<TenantId> {
    TenantId::parse(pk.strip_prefix("T#")?.strip_suffix("#META")?).ok()
}

pub(crate) fn settings(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "SETTINGS".to_owned() }
}

pub(crate) fn health(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "HEALTH".to_owned() }
}

pub(crate) fn schedule(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "SCHEDULE".to_owned() }
}

pub(crate) fn purged(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "PURGED".to_owned() }
}

/// Partition of the index `due` that a tenant's schedule stands in.
pub(crate) fn due_shard(shard: u64) -> String {
    format!("DUE#{shard}")
}

pub(crate) fn audit_pk(tenant: &TenantId) -> String {
    format!("T#{tenant}#AUDIT")
}

/// `what` tells apart what several parts did at one instant; cursors name it, so it has no full stops.
pub(crate) fn audit(tenant: &TenantId, at_ms: u64, version: u64, what: &str) -> Key {
    let what = what.replace('.', "-");
    Key { pk: audit_pk(tenant), sk: format!("{at_ms:013}#{version:06}#{what}") }
}

pub(crate) fn idempotency_pk(tenant: &TenantId) -> String {
    format!("T#{tenant}#IDEM")
}

pub(crate) fn idempotency(tenant: &TenantId, operation: &str, key: &str) -> Key {
    Key { pk: idempotency_pk(tenant), sk: format!("{operation}#{key}") }
}

pub(crate) fn login(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "LOGIN".to_owned() }
}

pub(crate) fn run(tenant: &TenantId, run_id: &str) -> Key {
    Key { pk: meta_pk(tenant), sk: format!("RUN#{run_id}") }
}

pub(crate) fn run_prefix() -> &'static str {
    "RUN#"
}

/// A job of write-back that is over, as the pull log tells of it.
pub(crate) fn logged_job(tenant: &TenantId, job_id: &str) -> Key {
    Key { pk: meta_pk(tenant), sk: format!("{}{job_id}", logged_job_prefix()) }
}

pub(crate) fn logged_job_prefix() -> &'static str {
    "JOB#"
}

/// A save of company links that auto-map proposed, as the pull log tells of it.
pub(crate) fn auto_mapped(tenant: &TenantId, id: &str) -> Key {
    Key { pk: meta_pk(tenant), sk: format!("{}{id}", auto_mapped_prefix()) }
}

pub(crate) fn auto_mapped_prefix() -> &'static str {
    "AUTOMAP#"
}

pub(crate) fn steps_pk(tenant: &TenantId, run_id: &str) -> String {
    format!("T#{tenant}#STEPS#{run_id}")
}

pub(crate) fn step(tenant: &TenantId, run_id: &str, name: &str) -> Key {
    Key { pk: steps_pk(tenant, run_id), sk: name.to_owned() }
}

pub(crate) fn index_pk(tenant: &TenantId, entity: Entity) -> String {
    format!("T#{tenant}#INDEX#{entity}")
}

pub(crate) fn index_segment(tenant: &TenantId, entity: Entity, lo: u64) -> Key {
    Key { pk: index_pk(tenant, entity), sk: format!("{lo:020}") }
}

pub(crate) fn facets_pk(tenant: &TenantId, entity: Entity) -> String {
    format!("T#{tenant}#FACETS#{entity}")
}

pub(crate) fn facets_segment(tenant: &TenantId, entity: Entity, lo: u64) -> Key {
    Key { pk: facets_pk(tenant, entity), sk: format!("{lo:020}") }
}

pub(crate) fn book(tenant: &TenantId, area: Area) -> Key {
    Key { pk: meta_pk(tenant), sk: format!("MAPPING#{}", area.name()) }
}

pub(crate) fn organizations(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "ORGANIZATIONS".to_owned() }
}

pub(crate) fn it_glue(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "ITGLUE".to_owned() }
}

pub(crate) fn it_glue_reading(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "ITGLUE#READING".to_owned() }
}

pub(crate) fn filled(tenant: &TenantId, entity: Entity) -> Key {
    Key { pk: meta_pk(tenant), sk: format!("FILLED#{entity}") }
}

/// Sums of companies that were added up, by company.
pub(crate) fn sums_pk(tenant: &TenantId) -> String {
    format!("T#{tenant}#SUMS")
}

pub(crate) fn sums(tenant: &TenantId, company_id: i64) -> Key {
    Key { pk: sums_pk(tenant), sk: sortable(company_id) }
}

pub(crate) fn book_versions_pk(tenant: &TenantId, area: Area) -> String {
    format!("T#{tenant}#MAPPING#{}", area.name())
}

pub(crate) fn book_version(tenant: &TenantId, area: Area, version: u64) -> Key {
    Key { pk: book_versions_pk(tenant, area), sk: book_version_sk(version) }
}

pub(crate) fn book_version_sk(version: u64) -> String {
    format!("{version:010}")
}

/// Everything about write-back that one item holds, in the tenant's own partition.
pub(crate) fn write_back(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "WRITEBACK".to_owned() }
}

pub(crate) fn warranty_policy(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "WRITEBACK#POLICY".to_owned() }
}

pub(crate) fn warranty_locks(tenant: &TenantId) -> Key {
    Key { pk: meta_pk(tenant), sk: "WRITEBACK#LOCKS".to_owned() }
}

/// Warranty dates that we hold, by the asset's shard.
pub(crate) fn warranties_pk(tenant: &TenantId, shard: i64) -> String {
    format!("T#{tenant}#WARRANTIES#{shard:02}")
}

/// All dates of one asset begin so.
pub(crate) fn warranty_prefix(asset_id: i64) -> String {
    format!("{}#", sortable(asset_id))
}

pub(crate) fn warranty(tenant: &TenantId, asset_id: i64, coverage: &str, source: &str) -> Key {
    let sk = format!("{}{coverage}#{source}", warranty_prefix(asset_id));
    Key { pk: warranties_pk(tenant, shard_of(asset_id)), sk }
}

/// What is remembered of assets that we wrote, by their shard.
pub(crate) fn standings_pk(tenant: &TenantId, shard: i64) -> String {
    format!("T#{tenant}#STANDINGS#{shard:02}")
}

pub(crate) fn standing(tenant: &TenantId, asset_id: i64) -> Key {
    Key { pk: standings_pk(tenant, shard_of(asset_id)), sk: sortable(asset_id) }
}

/// The asset in a standing's sort key, or in that of a plan's entry without its prefix.
pub(crate) fn asset_of(sk: &str) -> Option<i64> {
    parse_sortable(sk)
}

pub(crate) fn plans_pk(tenant: &TenantId) -> String {
    format!("T#{tenant}#PLANS")
}

pub(crate) fn plan_head(tenant: &TenantId, plan_id: &str) -> Key {
    Key { pk: plans_pk(tenant), sk: plan_id.to_owned() }
}

/// Rows, journal and snapshots of one plan.
pub(crate) fn plan_pk(tenant: &TenantId, plan_id: &str) -> String {
    format!("T#{tenant}#PLAN#{plan_id}")
}

pub(crate) fn plan_rows_prefix() -> &'static str {
    "ROWS#"
}

pub(crate) fn plan_rows(tenant: &TenantId, plan_id: &str, chunk: usize) -> Key {
    Key { pk: plan_pk(tenant, plan_id), sk: format!("{}{chunk:04}", plan_rows_prefix()) }
}

pub(crate) fn entry_prefix() -> &'static str {
    "ENTRY#"
}

pub(crate) fn entry(tenant: &TenantId, plan_id: &str, asset_id: i64) -> Key {
    Key { pk: plan_pk(tenant, plan_id), sk: format!("{}{}", entry_prefix(), sortable(asset_id)) }
}

pub(crate) fn snapshot(tenant: &TenantId, plan_id: &str, asset_id: i64) -> Key {
    Key { pk: plan_pk(tenant, plan_id), sk: format!("SNAPSHOT#{}", sortable(asset_id)) }
}

pub(crate) fn rejected_pk(tenant: &TenantId, entity: Entity) -> String {
    format!("T#{tenant}#REJECTED#{entity}")
}

pub(crate) fn rejected(tenant: &TenantId, entity: Entity, name: &str) -> Key {
    Key { pk: rejected_pk(tenant, entity), sk: name.to_owned() }
}

pub(crate) fn metadata_pk(tenant: &TenantId, entity: Entity) -> String {
    format!("T#{tenant}#FIELDS#{entity}")
}

pub(crate) fn metadata_part(tenant: &TenantId, entity: Entity, part: usize) -> Key {
    Key { pk: metadata_pk(tenant, entity), sk: format!("{part:04}") }
}

pub(crate) fn listing(tenant: &TenantId, entity: Entity) -> Key {
    Key { pk: meta_pk(tenant), sk: format!("LISTING#{entity}") }
}

pub(crate) fn mails_pk(tenant: &TenantId) -> String {
    format!("T#{tenant}#META")
}

pub(crate) fn mail_prefix() -> &'static str {
    "OUTBOX#"
}

pub(crate) fn mail(tenant: &TenantId, id: &MailId) -> Key {
    Key { pk: mails_pk(tenant), sk: format!("{}{id}", mail_prefix()) }
}

pub(crate) fn records_pk(tenant: &TenantId, entity: Entity, shard: i64) -> String {
    format!("T#{tenant}#{}{shard:02}", record_code(entity))
}

/// Short, since a key is stored with every record; no other key of a tenant begins with these letters and digits.
fn record_code(entity: Entity) -> &'static str {
    match entity {
        Entity::Companies => "co",
        Entity::Assets => "as",
        Entity::Contacts => "ct",
        Entity::Products => "pr",
        Entity::AssetTypes => "at",
        Entity::AssetCategories => "ac",
        Entity::Contracts => "cr",
        Entity::ContractServices => "cs",
        Entity::ContractServiceUnits => "cu",
        Entity::Tickets => "ti",
        Entity::Opportunities => "op",
    }
}

pub(crate) fn record(tenant: &TenantId, entity: Entity, company_id: Option<i64>, id: i64) -> Key {
    let sk = match company_id {
        Some(company_id) => format!("{}{}", company_prefix(company_id), sortable(id)),
        None => sortable(id),
    };
    Key { pk: records_pk(tenant, entity, shard_of(id)), sk }
}

pub(crate) fn company_prefix(company_id: i64) -> String {
    format!("{}#", sortable(company_id))
}

/// A number whose text sorts as the number does: its digits behind a letter that tells how many they are. Short, since
/// a key is stored with every record.
fn sortable(number: i64) -> String {
    let digits = number.max(0).to_string();
    let length = u8::try_from(digits.len()).unwrap_or(u8::MAX);
    format!("{}{digits}", char::from(b'a'.saturating_add(length)))
}

fn parse_sortable(text: &str) -> Option<i64> {
    text.get(1..)?.parse().ok()
}

pub(crate) fn shard_of(id: i64) -> i64 {
    id.rem_euclid(N_SHARDS)
}

/// The record id in a record's sort key.
pub(crate) fn record_id(sk: &str) -> Option<i64> {
    parse_sortable(sk.rsplit('#').next()?)
}

/// The company in a record's sort key; none for entities without one.
pub(crate) fn record_company(sk: &str) -> Option<i64> {
    parse_sortable(sk.split_once('#')?.0)
}

#[cfg(test)]
mod tests;
