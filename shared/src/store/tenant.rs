//! A tenant's settings, health and schedule, and the one transaction that changes them together.
//!
//! Admins and workers change these items at the same time. Settings carry a version that the admin read; health and
//! schedule carry a revision: a worker's change holds only while nobody else changed them since it looked.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use shared_core::health::Health;
use shared_core::ledger::Run;
use shared_core::settings::Settings;
use xxhash_rust::xxh3::xxh3_64;

use super::audit::AuditEntry;
use super::item::{Item, doc, from_doc, get_number, get_text, key_item, number, text};
use super::keys::TenantId;
use super::{Store, StoreError, keys};
use crate::doorbell::Queue;

/// Partitions of the index of due tenants.
pub(crate) const N_DUE_SHARDS: u64 = 4;

/// When a tenant should be looked at, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Not later than this; none for never. Milliseconds since the epoch.
    pub due_ms: Option<u64>,
    /// The Autotask database, as far as it is known.
    pub atdb: Option<String>,
    /// Begin of the next night.
    pub next_night_ms: Option<u64>,
    /// Revision; rises when an admin's wish changes the schedule.
    pub revision: u64,
}

/// What becomes of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Look at this time, from this queue.
    At(u64, Queue),
    /// Not before somebody changes the settings.
    Never,
}

/// Changes to a tenant's items that hold together or not at all.
#[derive(Debug, Default)]
pub struct TenantChange<'a> {
    /// New settings, and the version that they replace (0 for none).
    pub settings: Option<(&'a Settings, u64)>,
    /// What the audit trail says about it.
    pub audit: Option<&'a AuditEntry>,
    /// New health, and the revision that it replaces (0 for none).
    pub health: Option<(&'a Health, u64)>,
    /// A run to be queued; there must be no unfinished one.
    pub queued: Option<&'a Run>,
    /// Lines of nights that were not begun; written again, they stay the same.
    pub skipped: &'a [Run],
    /// A run that should stop after the page in hand, or (false) should no longer.
    pub stop: Option<(&'a str, bool)>,
    /// When to look at the tenant again.
    pub due: Option<Due>,
    /// Revision of the schedule that a worker saw; none for an admin, whose wish always holds.
    pub seen_schedule: Option<u64>,
    /// Begin of the next night.
    pub next_night_ms: Option<u64>,
    /// The Autotask database.
    pub atdb: Option<&'a str>,
    /// Mails to be sent.
    pub intents: Vec<TransactWriteItem>,
}

impl Store {
    /// The tenant's settings and their version; none for a tenant that never saved any.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_settings(&self, tenant: &TenantId) -> Result<Option<(Settings, u64)>, StoreError> {
        let Some(item) = self.get(&keys::settings(tenant)).await? else { return Ok(None) };
        Ok(Some((from_doc(&item)?, get_number(&item, "version")?)))
    }

    /// The tenant's health and its revision.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_health(&self, tenant: &TenantId) -> Result<(Health, u64), StoreError> {
        let Some(item) = self.get(&keys::health(tenant)).await? else { return Ok((Health::default(), 0)) };
        Ok((from_doc(&item)?, get_number(&item, "rev")?))
    }

    /// The tenant's schedule.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_schedule(&self, tenant: &TenantId) -> Result<Schedule, StoreError> {
        let Some(item) = self.get(&keys::schedule(tenant)).await? else { return Ok(Schedule::default()) };
        Ok(Schedule {
            due_ms: get_number(&item, "due_ms").ok(),
            atdb: get_text(&item, "atdb").ok().map(str::to_owned),
            next_night_ms: get_number(&item, "next_night_ms").ok(),
            revision: get_number(&item, "rev").unwrap_or(0),
        })
    }

    /// Carries out a change, all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody else changed one of the items since it was read: read again and decide
    /// anew.
    pub async fn change_tenant(&self, tenant: &TenantId, change: TenantChange<'_>) -> Result<(), StoreError> {
        let mut actions = Vec::new();
        if let Some((settings, version)) = change.settings {
            let item = versioned(keys::settings(tenant), doc(settings)?, "version", version);
            actions.push(self.put_over(item, "version", version));
        }
        if let Some((health, revision)) = change.health {
            let item = versioned(keys::health(tenant), doc(health)?, "rev", revision);
            actions.push(self.put_over(item, "rev", revision));
        }
        if let Some(entry) = change.audit {
            actions.push(self.put_if_new(entry.item(tenant)?));
        }
        if let Some(run) = change.queued {
            actions.push(self.put_if_new(self.run_item(tenant, run, 0)?));
            actions.push(self.update(&keys::sync_state(tenant), |update| {
                update
                    .update_expression("SET active_run = :run")
                    .condition_expression("attribute_not_exists(active_run)")
                    .expression_attribute_values(":run", text(&run.id))
            })?);
        }
        for night in change.skipped {
            actions.push(self.put_when(self.run_item(tenant, night, 0)?, "", &[]));
        }
        if let Some((run_id, asks)) = change.stop {
            actions.push(self.update(&keys::run(tenant, run_id), |update| {
                let expression = if asks { "SET stop_asked = :yes" } else { "REMOVE stop_asked" };
                let update =
                    update.update_expression(expression).condition_expression("attribute_exists(pk)");
                if asks {
                    update.expression_attribute_values(":yes", AttributeValue::Bool(true))
                } else {
                    update
                }
            })?);
        }
        actions.extend(self.schedule_action(tenant, &change)?);
        actions.extend(change.intents);
        if actions.is_empty() { Ok(()) } else { self.transact(actions).await }
    }

    /// Brings the next night forward to now: whoever looks at the tenant next begins it.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn bring_night_forward(&self, tenant: &TenantId, now_ms: u64) -> Result<(), StoreError> {
        let due = Some(Due::At(now_ms, Queue::Nightly));
        let change = TenantChange { due, next_night_ms: Some(now_ms), ..TenantChange::default() };
        self.change_tenant(tenant, change).await
    }

    fn put_over(&self, item: Item, attribute: &str, version: u64) -> TransactWriteItem {
        if version == 0 {
            return self.put_if_new(item);
        }
        let condition = format!("{attribute} = :before");
        self.put_when(item, &condition, &[(":before", number(version))])
    }

    fn schedule_action(
        &self,
        tenant: &TenantId,
        change: &TenantChange<'_>,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let (mut sets, mut removes) = (Vec::new(), Vec::new());
        let mut values: Vec<(&str, AttributeValue)> = Vec::new();
        let mut set = |name: &'static str, placeholder: &'static str, value| {
            sets.push(format!("{name} = {placeholder}"));
            values.push((placeholder, value));
        };
        match change.due {
            Some(Due::At(due_ms, queue)) => {
                set("due_shard", ":shard", text(keys::due_shard(shard_of(tenant))));
                set("due_ms", ":due", number(due_ms));
                set("queue_name", ":queue", text(queue.name()));
            }
            Some(Due::Never) => removes.extend(["due_shard", "due_ms"]),
            None => {}
        }
        if let Some(next_ms) = change.next_night_ms {
            set("next_night_ms", ":night", number(next_ms));
        }
        if let Some(atdb) = change.atdb {
            set("atdb", ":atdb", text(atdb));
        }
        if sets.is_empty() && removes.is_empty() {
            return Ok(None);
        }
        let condition = change.seen_schedule.map(|seen| {
            values.push((":seen", number(seen)));
            if seen == 0 { "attribute_not_exists(rev) OR rev = :seen" } else { "rev = :seen" }
        });
        let mut expression = String::new();
        if !sets.is_empty() {
            expression.push_str(&format!("SET {} ", sets.join(", ")));
        }
        if !removes.is_empty() {
            expression.push_str(&format!("REMOVE {} ", removes.join(", ")));
        }
        if condition.is_none() {
            values.push((":one", number(1)));
            expression.push_str("ADD rev :one");
        }
        self.update(&keys::schedule(tenant), |mut update| {
            for (name, value) in values {
                update = update.expression_attribute_values(name, value);
            }
            update.update_expression(expression).set_condition_expression(condition.map(str::to_owned))
        })
        .map(Some)
    }

    /// Whether an admin asked the run to stop.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn is_stop_asked(&self, tenant: &TenantId, run_id: &str) -> Result<bool, StoreError> {
        let item = self.get(&keys::run(tenant, run_id)).await?;
        Ok(item.is_some_and(|item| item.get("stop_asked").is_some_and(|value| value.as_bool() == Ok(&true))))
    }
}

pub(super) fn shard_of(tenant: &TenantId) -> u64 {
    xxh3_64(tenant.as_str().as_bytes()) % N_DUE_SHARDS
}

fn versioned(key: keys::Key, document: AttributeValue, attribute: &str, before: u64) -> Item {
    let mut item = key_item(&key);
    item.insert("doc".to_owned(), document);
    item.insert(attribute.to_owned(), number(before + 1));
    item
}
