//! The desk of write-back: the one job of a tenant, whether a plan is wished for, when to look at it, and the fence.
//!
//! All of it is one item, which stands in the index `due` of its own accord, so that the planner rings for it as for runs.
//! A worker stamps its epoch on it; whatever it writes for the job holds only while the stamp is still its own.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde_json::{Map, Value};
use shared_core::mail::WriteBackStopped;
use shared_core::warranty::journal::Entry;
use shared_core::warranty::{Job, Standing};

use super::item::{Item, doc, from_doc, get_number, get_text, key_item, number, text};
use super::keys::TenantId;
use super::plans::{PlanHead, entry_item, snapshot_item};
use super::runs::expiry_s;
use super::tenant::shard_of;
use super::transaction::MAX_ACTIONS;
use super::{Store, StoreError, keys};
use crate::doorbell::Queue;

/// Rows of one transaction at most, each with an entry, what is remembered of its asset, and a snapshot.
const MAX_ROWS: usize = (MAX_ACTIONS - 1) / 3;

/// What lies on the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// The job that was asked for last.
    pub job: Option<Job>,
    /// Jobs that were asked for so far.
    pub n_jobs: u64,
    /// Epoch of the worker that is, or was, at the job.
    pub epoch: u64,
    /// Since when a plan is wished for, milliseconds since 1970.
    pub wish_ms: Option<u64>,
    /// A plan that somebody approved was applied, and none was taken back since: later ones may follow by themselves.
    pub has_applied: bool,
    /// When it is due, milliseconds since 1970.
    pub due_ms: Option<u64>,
}

/// What one row's step writes.
#[derive(Clone, Debug)]
pub struct RowChange<'a> {
    /// The journal's entry.
    pub entry: &'a Entry,
    /// What is remembered of the asset, if that changes.
    pub standing: Option<&'a Standing>,
    /// The whole record as it is before it is written, of a canary.
    pub snapshot: Option<&'a Map<String, Value>>,
}

impl Store {
    /// The desk.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_desk(&self, tenant: &TenantId) -> Result<Desk, StoreError> {
        let Some(item) = self.get(&keys::write_back(tenant)).await? else { return Ok(Desk::default()) };
        Ok(Desk {
            job: get_text(&item, "doc").is_ok().then(|| from_doc(&item)).transpose()?,
            n_jobs: get_number(&item, "n_jobs").unwrap_or(0),
            epoch: get_number(&item, "epoch").unwrap_or(0),
            wish_ms: get_number(&item, "wish_ms").ok(),
            has_applied: item.contains_key("has_applied"),
            due_ms: get_number(&item, "due_ms").ok(),
        })
    }

    /// Puts a job on the desk, due at once.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another one was put there since the desk was seen, or the plan is gone.
    pub async fn queue_job(
        &self,
        tenant: &TenantId,
        job: &Job,
        seen: &Desk,
        atdb: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut change = DeskChange::new().set("doc", doc(job)?).due(tenant, Some(job.asked_at_ms), atdb);
        change = change.set("n_jobs", number(seen.n_jobs + 1));
        let condition = if seen.n_jobs == 0 { "attribute_not_exists(n_jobs)" } else { "n_jobs = :seen" };
        let seen = (seen.n_jobs > 0).then(|| (":seen", number(seen.n_jobs)));
        let queued = self.desk_action(tenant, change, condition, seen)?;
        self.transact(vec![
            queued,
            self.check(&keys::plan_head(tenant, &job.plan_id), "attribute_exists(pk)", &[])?,
        ])
        .await
    }

    /// Wishes for a plan, and has somebody look.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn wish_for_plan(
        &self,
        tenant: &TenantId,
        now_ms: u64,
        atdb: Option<&str>,
    ) -> Result<(), StoreError> {
        let change = DeskChange::new().set("wish_ms", number(now_ms)).due(tenant, Some(now_ms), atdb);
        self.transact(vec![self.desk_action(tenant, change, "", None)?]).await
    }

    /// Takes a fulfilled wish off the desk; a newer one stays.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn drop_wish(&self, tenant: &TenantId, wish_ms: u64) -> Result<(), StoreError> {
        let change = DeskChange::new().remove("wish_ms");
        let seen = Some((":seen", number(wish_ms)));
        let dropped = self.transact(vec![self.desk_action(tenant, change, "wish_ms = :seen", seen)?]).await;
        if matches!(dropped, Err(StoreError::Fenced)) { Ok(()) } else { dropped }
    }

    /// Stamps a worker's epoch: from here on a former worker writes nothing for the job.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if a newer worker was here, or another job was put there.
    pub async fn claim_desk(&self, tenant: &TenantId, seen: &Desk, epoch: u64) -> Result<(), StoreError> {
        let change = DeskChange::new().set("epoch", number(epoch)).with(":n", number(seen.n_jobs));
        let condition = "n_jobs = :n AND (attribute_not_exists(epoch) OR epoch < :mine)";
        self.transact(vec![self.desk_action(tenant, change, condition, Some((":mine", number(epoch))))?])
            .await
    }

    /// Says how far the job is, and when to look at it again.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another worker took over.
    pub async fn save_job(
        &self,
        tenant: &TenantId,
        job: &Job,
        epoch: u64,
        due_ms: u64,
    ) -> Result<(), StoreError> {
        let change = DeskChange::new().set("doc", doc(job)?).due(tenant, Some(due_ms), None);
        let mine = Some((":mine", number(epoch)));
        self.transact(vec![self.desk_action(tenant, change, "epoch = :mine", mine)?]).await
    }

    /// Ends the job: it is told by its plan from now on, and by the desk until the next one comes. `has_applied` says what
    /// becomes of [`Desk::has_applied`]; none leaves it alone. What a person has to know is in the outbox from then on.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another worker took over.
    pub async fn end_job(
        &self,
        tenant: &TenantId,
        job: &Job,
        epoch: u64,
        has_applied: Option<bool>,
        head: Option<&PlanHead>,
    ) -> Result<(), StoreError> {
        // Somebody looks once more: a plan may be wished for.
        let due_ms = job.ended_at_ms.unwrap_or_default();
        let mut change = DeskChange::new().set("doc", doc(job)?).due(tenant, Some(due_ms), None);
        change = match has_applied {
            Some(true) => change.set("has_applied", AttributeValue::Bool(true)),
            Some(false) => change.remove("has_applied"),
            None => change,
        };
        let mine = Some((":mine", number(epoch)));
        let mut actions = vec![self.desk_action(tenant, change, "epoch = :mine", mine)?];
        if let Some(head) = head {
            actions.push(self.put_when(head.item(tenant)?, "", &[]));
        }
        actions.push(self.put_when(logged(tenant, job)?, "", &[]));
        if let Some(intent) = WriteBackStopped::intent(job, due_ms) {
            actions.push(self.put_intent_action(tenant, &intent)?);
        }
        self.transact(actions).await
    }

    /// A job that is over, as long as the pull log tells of it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn logged_job(&self, tenant: &TenantId, job_id: &str) -> Result<Option<Job>, StoreError> {
        let item = self.get(&keys::logged_job(tenant, job_id)).await?;
        item.map(|item| from_doc(&item)).transpose()
    }

    /// Says when to look again, unless something was put on the desk since it was seen.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn plan_desk(
        &self,
        tenant: &TenantId,
        seen: &Desk,
        due_ms: Option<u64>,
    ) -> Result<(), StoreError> {
        let change = DeskChange::new().due(tenant, due_ms, None).with(":n", number(seen.n_jobs));
        let of_wish =
            if seen.wish_ms.is_some() { "wish_ms = :wish" } else { "attribute_not_exists(wish_ms)" };
        let of_jobs =
            if seen.n_jobs == 0 { "(attribute_not_exists(n_jobs) OR n_jobs = :n)" } else { "n_jobs = :n" };
        let condition = format!("attribute_exists(pk) AND {of_jobs} AND {of_wish}");
        let wish = seen.wish_ms.map(|wish_ms| (":wish", number(wish_ms)));
        let planned = self.transact(vec![self.desk_action(tenant, change, &condition, wish)?]).await;
        if matches!(planned, Err(StoreError::Fenced)) { Ok(()) } else { planned }
    }

    /// Takes down steps of rows; all of them in the order given, each chunk as a whole.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another worker took over: nothing may be sent.
    pub async fn save_rows(
        &self,
        tenant: &TenantId,
        plan_id: &str,
        epoch: u64,
        rows: &[RowChange<'_>],
    ) -> Result<(), StoreError> {
        for chunk in rows.chunks(MAX_ROWS) {
            let mine = [(":mine", number(epoch))];
            let mut actions = vec![self.check(&keys::write_back(tenant), "epoch = :mine", &mine)?];
            for RowChange { entry, standing, snapshot } in chunk {
                actions.push(self.put_when(entry_item(tenant, plan_id, entry)?, "", &[]));
                if let Some(standing) = standing {
                    actions.push(self.standing_action(tenant, entry.asset_id, standing)?);
                }
                if let Some(record) = snapshot {
                    let item = snapshot_item(tenant, plan_id, entry.asset_id, record)?;
                    actions.push(self.put_when(item, "", &[]));
                }
            }
            self.transact(actions).await?;
        }
        Ok(())
    }

    fn desk_action(
        &self,
        tenant: &TenantId,
        change: DeskChange,
        condition: &str,
        value: Option<(&str, AttributeValue)>,
    ) -> Result<TransactWriteItem, StoreError> {
        self.update(&keys::write_back(tenant), |mut update| {
            for (placeholder, value) in change.values {
                update = update.expression_attribute_values(placeholder, value);
            }
            if let Some((placeholder, value)) = value {
                update = update.expression_attribute_values(placeholder, value);
            }
            let mut expression = String::new();
            if !change.sets.is_empty() {
                expression.push_str(&format!("SET {} ", change.sets.join(", ")));
            }
            if !change.removes.is_empty() {
                expression.push_str(&format!("REMOVE {}", change.removes.join(", ")));
            }
            let condition = (!condition.is_empty()).then(|| condition.to_owned());
            update.update_expression(expression).set_condition_expression(condition)
        })
    }
}

/// Attributes to be set and removed.
#[derive(Debug, Default)]
struct DeskChange {
    sets: Vec<String>,
    removes: Vec<&'static str>,
    values: Vec<(String, AttributeValue)>,
}

impl DeskChange {
    fn new() -> Self {
        Self::default()
    }

    fn set(mut self, name: &'static str, value: AttributeValue) -> Self {
        self.sets.push(format!("{name} = :set_{name}"));
        self.with(&format!(":set_{name}"), value)
    }

    fn remove(mut self, name: &'static str) -> Self {
        self.removes.push(name);
        self
    }

    /// A value that only the condition names.
    fn with(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.push((placeholder.to_owned(), value));
        self
    }

    fn due(mut self, tenant: &TenantId, due_ms: Option<u64>, atdb: Option<&str>) -> Self {
        if let Some(atdb) = atdb {
            self = self.set("atdb", text(atdb));
        }
        match due_ms {
            None => self.remove("due_shard").remove("due_ms"),
            Some(due_ms) => self
                .set("due_shard", text(keys::due_shard(shard_of(tenant))))
                .set("due_ms", number(due_ms))
                .set("queue_name", text(Queue::WriteBack.name())),
        }
    }
}

fn logged(tenant: &TenantId, job: &Job) -> Result<Item, StoreError> {
    let mut item = key_item(&keys::logged_job(tenant, &job.id));
    item.insert("doc".to_owned(), doc(job)?);
    item.insert("ttl".to_owned(), number(expiry_s(&job.id)));
    Ok(item)
}
