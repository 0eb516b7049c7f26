//! SES, version 1: one operation, `SendEmail`. What is accepted is kept in the outbox instead of being sent.
//!
//! Source: API reference of Amazon SES, version 2010-12-01, Query protocol.

mod address;
mod eml;
mod event;
mod faults;
mod form;
mod mail;
mod outbox;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::fault::{Fault, blocking};

pub(crate) use mail::StoredMail;
pub(super) use outbox::{Outbox, REPEAT_AFTER, hand_over};

/// The XML namespace of all answers.
pub(super) const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";
/// Largest message, in bytes. Source: the reference's page on `SendEmail`.
const MAX_MESSAGE_BYTES: usize = 10 << 20;

/// Answers one call with XML.
///
/// # Errors
/// What SES refuses, and what is not known here.
pub(super) async fn answer(outbox: &Arc<Outbox>, body: &[u8], request_id: &str) -> Result<String, Fault> {
    let mut form = form::Form::parse(body);
    let operation = form.take("Action").unwrap_or_default();
    if operation != "SendEmail" || form.take("Version").as_deref() != Some("2010-12-01") {
        return Err(faults::unknown_action(&operation));
    }
    let request = request::SendEmail::read(form)?;
    let outbox = Arc::clone(outbox);
    let message_id = blocking(move || outbox.accept(request)).await?;
    Ok(format!(
        "<SendEmailResponse xmlns=\"{NAMESPACE}\"><SendEmailResult><MessageId>{message_id}</MessageId>\
         </SendEmailResult><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </SendEmailResponse>"
    ))
}
