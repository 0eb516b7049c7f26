//! Mails that are to be sent, were sent or will not be sent.
//!
//! What may happen to one is decided by [`shared_core::mail::outbox`]; here each step is one write on the condition that
//! nobody else wrote since it was read (`rev`). Workers and SES's events may so work on one mail at a time without a lease.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, TransactWriteItem};
use shared_core::mail::outbox::{Event, IllegalTransition, State};
use shared_core::mail::{MailId, Outbox};

use super::item::{Item, doc, from_doc, get_number, key_item, number};
use super::keys::{self, TenantId};
use super::{Store, StoreError};

/// How long a mail is kept, in seconds: 13 months, as long as the run that it tells of.
const KEPT_S: u64 = 396 * 24 * 3_600;
/// Tries when somebody else wrote in between; each loss means that somebody else got on.
const MAX_ATTEMPTS: u32 = 8;

/// A mail as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// The mail.
    pub outbox: Outbox,
    rev: u64,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advanced {
    /// The mail is now in this state.
    Now(Box<Outbox>),
    /// The event comes too late or is none of this mail's; nothing was written.
    Refused(IllegalTransition),
    /// There is no such mail.
    Unknown,
}

impl Store {
    /// An action that stores an intent, for the transaction that brings about what the mail tells.
    ///
    /// An intent that is there already stays as it is, and the transaction succeeds all the same.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] or [`StoreError::Call`] when it cannot be put into an action.
    pub fn put_intent_action(
        &self,
        tenant: &TenantId,
        intent: &Outbox,
    ) -> Result<TransactWriteItem, StoreError> {
        let document = doc(intent)?;
        self.update(&keys::mail(tenant, &intent.id), |update| {
            update
                .update_expression(
                    "SET doc = if_not_exists(doc, :doc), rev = if_not_exists(rev, :rev), \
                     #ttl = if_not_exists(#ttl, :ttl)",
                )
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":doc", document)
                .expression_attribute_values(":rev", number(0))
                .expression_attribute_values(":ttl", number(intent.created_ms / 1_000 + KEPT_S))
        })
    }

    /// Stores an intent by itself, where what it tells needs no write; one that is there already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn put_intent(&self, tenant: &TenantId, intent: &Outbox) -> Result<(), StoreError> {
        self.transact(vec![self.put_intent_action(tenant, intent)?]).await
    }

    /// Loads a mail.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_mail(&self, tenant: &TenantId, id: &MailId) -> Result<Option<OutboxRow>, StoreError> {
        self.get(&keys::mail(tenant, id)).await?.map(|item| row(&item)).transpose()
    }

    /// All mails of a tenant that are kept, oldest first; those that cannot be read are left out and logged, so that
    /// one of them (of a newer version, say) does not hold up all others.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn mails(&self, tenant: &TenantId, now_ms: u64) -> Result<Vec<OutboxRow>, StoreError> {
        let items = self.query_all(&keys::mails_pk(tenant), Some(keys::mail_prefix())).await?;
        Ok(readable(&items, now_ms))
    }

    /// The mails of a tenant that something is left to do for, oldest first; some may not be due yet.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn pending_mails(&self, tenant: &TenantId, now_ms: u64) -> Result<Vec<OutboxRow>, StoreError> {
        let mut rows = self.mails(tenant, now_ms).await?;
        rows.retain(|row| row.outbox.next_due_ms().is_some());
        Ok(rows)
    }

    /// Claims a mail that was just read; none if it is not due, somebody else was faster, or it had to be given up.
    ///
    /// # Errors
    /// [`StoreError::Call`]. The claim may stand then; it runs out by itself.
    pub async fn claim_mail(
        &self,
        tenant: &TenantId,
        row: &OutboxRow,
        now_ms: u64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let Ok(claimed) = row.outbox.next(Event::Claim { now_ms }) else { return Ok(None) };
        let saved = self.save_mail(tenant, row, claimed).await?;
        Ok(saved.filter(|row| matches!(row.outbox.state, State::Claimed { .. })))
    }

    /// Takes an event down, whatever others write meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`]; [`StoreError::Fenced`] if others never left off.
    pub async fn advance_mail(
        &self,
        tenant: &TenantId,
        id: &MailId,
        event: &Event,
    ) -> Result<Advanced, StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            let Some(row) = self.load_mail(tenant, id).await? else { return Ok(Advanced::Unknown) };
            let next = match row.outbox.next(event.clone()) {
                Ok(next) => next,
                Err(refused) => return Ok(Advanced::Refused(refused)),
            };
            if next == row.outbox {
                return Ok(Advanced::Now(Box::new(next)));
            }
            if let Some(saved) = self.save_mail(tenant, &row, next).await? {
                return Ok(Advanced::Now(Box::new(saved.outbox)));
            }
        }
        Err(StoreError::Fenced)
    }

    /// One write, if nobody wrote since the row was read; none otherwise.
    async fn save_mail(
        &self,
        tenant: &TenantId,
        read: &OutboxRow,
        next: Outbox,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let rev = read.rev + 1;
        let saved = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::mail(tenant, &next.id))))
            .update_expression("SET doc = :doc, rev = :next")
            .condition_expression("rev = :read")
            .expression_attribute_values(":doc", doc(&next)?)
            .expression_attribute_values(":next", number(rev))
            .expression_attribute_values(":read", number(read.rev))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match saved.map_err(aws_sdk_dynamodb::error::SdkError::into_service_error) {
            Ok(answer) => {
                self.meter.note_write(answer.consumed_capacity());
                Ok(Some(OutboxRow { outbox: next, rev }))
            }
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
            Err(other) => Err(StoreError::call("take down what happened to a mail")(other)),
        }
    }
}

fn readable(items: &[Item], now_ms: u64) -> Vec<OutboxRow> {
    // DynamoDB deletes what has expired days later.
    let is_kept = |item: &&Item| get_number::<u64>(item, "ttl").is_ok_and(|ttl_s| ttl_s > now_ms / 1_000);
    let read = |item| row(item).inspect_err(|error| tracing::error!("left a mail out: {error}")).ok();
    let mut rows: Vec<OutboxRow> = items.iter().filter(is_kept).filter_map(read).collect();
    rows.sort_by(|a, b| (a.outbox.created_ms, &a.outbox.id).cmp(&(b.outbox.created_ms, &b.outbox.id)));
    rows
}

fn row(item: &Item) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow { outbox: from_doc(item)?, rev: get_number(item, "rev")? })
}

#[cfg(test)]
mod tests {
    use shared_core::mail::{Held, Mail, MailKind, Outbox, mail_id};

    use super::super::item::{Item, doc, number, text};
    use super::readable;

    fn item(run_id: &str, created_ms: u64) -> Item {
        let mail = Mail::Held(Held { run_id: run_id.to_owned(), at_ms: 0, entities: Vec::new() });
        let outbox = Outbox::intent(mail_id(run_id, MailKind::Held), mail, created_ms);
        let attributes = [("doc", doc(&outbox).unwrap()), ("rev", number(0)), ("ttl", number(100))];
        attributes.map(|(name, value)| (name.to_owned(), value)).into()
    }

    #[test]
    fn what_cannot_be_read_or_has_expired_is_left_out() {
        let mut newer = item("newer", 3);
        newer.insert("doc".to_owned(), text(r#"{"id":"x","mail":{"kind":"of a newer version"}}"#));
        let mut expired = item("expired", 4);
        expired.insert("ttl".to_owned(), number(9));
        let rows = readable(&[item("b", 2), newer, expired, item("a", 1)], 10_000);
        let ids: Vec<&str> = rows.iter().map(|row| row.outbox.id.as_str()).collect();
        assert_eq!(ids, ["held_a", "held_b"]);
    }
}
