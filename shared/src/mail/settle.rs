//! What SES tells of a mail afterwards.
//!
//! The configuration set publishes to EventBridge, which delivers at least once and in any order; the tags that were
//! sent along say which mail of which tenant it is about.

use serde_json::Value;
use shared_core::mail::MailId;
use shared_core::mail::outbox::{Event, State};

use super::mailer::{MAIL_TAG, TENANT_TAG};
use super::texts::{SENTENCE_CHARS, one_line};
use crate::store::outbox::Advanced;
use crate::store::{Store, StoreError, TenantId};

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The mail is now in this state.
    Now(State),
    /// There is no such mail (any more); nothing to do.
    Unknown,
    /// The event says nothing about whether a mail was sent.
    Ignored,
}

/// An event that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SES event cannot be used: {at} is missing or unusable")]
pub struct BadEvent {
    /// Where.
    pub at: &'static str,
}

/// Why an event could not be taken down.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// It cannot be understood: again would not help.
    #[error(transparent)]
    Bad(#[from] BadEvent),
    /// The store failed: let it be delivered again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An event of SES about one of our mails.
#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    tenant: TenantId,
    id: MailId,
    /// None: it tells nothing about whether a mail was sent.
    event: Option<Event>,
}

/// Takes an event of SES down; once more changes nothing.
///
/// # Errors
/// [`SettleError`].
pub async fn settle_event(store: &Store, event: &Value) -> Result<Settled, SettleError> {
    let About { tenant, id, event } = parse(event)?;
    let Some(event) = event else { return Ok(Settled::Ignored) };
    match store.advance_mail(&tenant, &id, &event).await? {
        Advanced::Now(outbox) => {
            let state = outbox.state.name();
            tracing::info!(mail.id = %id, tenant = %tenant, "mail {id} of {tenant} is {state}");
            Ok(Settled::Now(outbox.state))
        }
        Advanced::Unknown | Advanced::Refused(_) => {
            tracing::warn!(mail.id = %id, tenant = %tenant, "SES tells of mail {id} of {tenant}, which is not there");
            Ok(Settled::Unknown)
        }
    }
}

/// Whose mail an event of SES tells of.
///
/// # Errors
/// [`BadEvent`].
pub fn tenant_of(event: &Value) -> Result<TenantId, BadEvent> {
    let tenant = tag(&event["detail"]["mail"], TENANT_TAG).and_then(|text| TenantId::parse(text).ok());
    tenant.ok_or(BadEvent { at: "detail.mail.tags.lci_tenant" })
}

fn parse(envelope: &Value) -> Result<About, BadEvent> {
    if envelope["source"] != "aws.ses" {
        return Err(BadEvent { at: "source \"aws.ses\"" });
    }
    let detail = &envelope["detail"];
    let mail = &detail["mail"];
    let kind = detail["eventType"].as_str().ok_or(BadEvent { at: "detail.eventType" })?;
    let tenant = tag(mail, TENANT_TAG).and_then(|text| TenantId::parse(text).ok());
    let id = tag(mail, MAIL_TAG).and_then(|text| MailId::parse(text).ok());
    Ok(About {
        tenant: tenant.ok_or(BadEvent { at: "detail.mail.tags.lci_tenant" })?,
        id: id.ok_or(BadEvent { at: "detail.mail.tags.lci_mail" })?,
        event: event(kind, detail)?,
    })
}

fn tag<'a>(mail: &'a Value, name: &str) -> Option<&'a str> {
    mail["tags"][name].as_array()?.first()?.as_str()
}

fn event(kind: &str, detail: &Value) -> Result<Option<Event>, BadEvent> {
    Ok(Some(match kind {
        "Send" | "Delivery" => {
            let message_id = detail["mail"]["messageId"].as_str();
            let message_id = message_id.ok_or(BadEvent { at: "detail.mail.messageId" })?;
            Event::SendEvent { message_id: one_line(message_id, SENTENCE_CHARS) }
        }
        "Bounce" => Event::Bounce { why: bounce(&detail["bounce"]).ok_or(BadEvent { at: "detail.bounce" })? },
        "Complaint" => {
            let why = complaint(&detail["complaint"]).ok_or(BadEvent { at: "detail.complaint" })?;
            Event::Complaint { why }
        }
        "Reject" => {
            let reason =
                detail["reject"]["reason"].as_str().ok_or(BadEvent { at: "detail.reject.reason" })?;
            Event::Dropped { why: one_line(&format!("SES rejected it: {reason}"), SENTENCE_CHARS) }
        }
        _ => return Ok(None),
    }))
}

/// Who could not be reached, and why: for the page, never for the log.
fn bounce(bounce: &Value) -> Option<String> {
    let kind = match bounce["bounceType"].as_str()? {
        "Permanent" => "for good",
        "Transient" => "for now",
        _ => "without a reason",
    };
    let recipients = bounce["bouncedRecipients"].as_array()?.iter().filter_map(|one| {
        let address = one["emailAddress"].as_str()?;
        let diagnosis = one["diagnosticCode"].as_str().unwrap_or("no diagnosis");
        Some(format!("{address} ({diagnosis})"))
    });
    let recipients: Vec<String> = recipients.collect();
    Some(one_line(&format!("refused {kind}: {}", recipients.join("; ")), SENTENCE_CHARS))
}

fn complaint(complaint: &Value) -> Option<String> {
    let recipients = complaint["complainedRecipients"].as_array()?;
    let addresses: Vec<&str> = recipients.iter().filter_map(|one| one["emailAddress"].as_str()).collect();
    let kind = complaint["complaintFeedbackType"].as_str().unwrap_or("no reason given");
    Some(one_line(&format!("called unwanted ({kind}) by {}", addresses.join(", ")), SENTENCE_CHARS))
}

#[cfg(test)]
mod tests;
