//! Sends through SES.
//!
//! SES has no idempotency, so a call is never repeated here, not even by the SDK: whoever holds the claim decides by
//! what is known of the first one (see [`shared_core::mail::outbox`]).

use std::error::Error as _;
use std::time::Duration;

use aws_sdk_ses::Client;
use aws_sdk_ses::config::retry::RetryConfig;
use aws_sdk_ses::error::SdkError;
use aws_sdk_ses::operation::send_email::SendEmailError;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag};
use shared_core::mail::MailId;
use shared_core::mail::address::{MAX_RECIPIENTS, is_address};

use super::render::Rendered;
use crate::store::TenantId;

/// Tag with the tenant.
pub const TENANT_TAG: &str = "lci_tenant";
/// Tag with the mail's id.
pub const MAIL_TAG: &str = "lci_mail";

/// Longest wait for SES's answer; far below the life of a claim.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A mail that was not sent, or may not have been.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mail could not be sent: {why}")]
pub struct MailError {
    /// SES's code, or what happened to the call; never SES's text, which quotes addresses.
    pub why: String,
    /// Whether trying again is of no use.
    pub is_permanent: bool,
    /// Whether it may have been sent all the same: no answer came.
    pub is_unsure: bool,
}

impl MailError {
    fn permanent(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_permanent: true, is_unsure: false }
    }

    fn not_sent(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_permanent: false, is_unsure: false }
    }

    fn unsure(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_permanent: false, is_unsure: true }
    }
}

/// Sends mails.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    from: String,
    configuration_set: String,
}

impl Mailer {
    /// A mailer from a verified sender, through the configuration set that publishes what becomes of mails.
    #[must_use]
    pub fn new(client: Client, from: impl Into<String>, configuration_set: impl Into<String>) -> Self {
        Self { client, from: from.into(), configuration_set: configuration_set.into() }
    }

    /// Sends a mail once; answers SES's name of it. Unusable recipients are left out.
    ///
    /// # Errors
    /// [`MailError`]: permanent, surely not sent, or unsure.
    pub async fn send(
        &self,
        mail: &Rendered,
        to: &[String],
        tenant: &TenantId,
        id: &MailId,
    ) -> Result<String, MailError> {
        let to = usable(to);
        if to.is_empty() {
            return Err(MailError::permanent("no usable recipient: enter an e-mail address in the settings"));
        }
        let call = self
            .client
            .send_email()
            .source(&self.from)
            .configuration_set_name(&self.configuration_set)
            .destination(Destination::builder().set_to_addresses(Some(to)).build())
            .message(message(mail)?)
            .tags(tag(TENANT_TAG, tenant.as_str())?)
            .tags(tag(MAIL_TAG, id.as_str())?)
            .customize()
            .config_override(aws_sdk_ses::config::Builder::new().retry_config(RetryConfig::disabled()))
            .send();
        match tokio::time::timeout(MAX_WAIT, call).await {
            Ok(Ok(answer)) => Ok(answer.message_id),
            Ok(Err(error)) => Err(judged(&error)),
            Err(_) => Err(MailError::unsure("no answer in time")),
        }
    }
}

/// The recipients that mail can be sent to, each once.
fn usable(to: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for address in to.iter().map(|address| address.trim()) {
        let is_known = kept.iter().any(|one| one.eq_ignore_ascii_case(address));
        if is_address(address) && !is_known && kept.len() < MAX_RECIPIENTS {
            kept.push(address.to_owned());
        }
    }
    let n_dropped = to.len() - kept.len();
    if n_dropped > 0 {
        tracing::warn!(
            mail.n_dropped = n_dropped,
            "left out {n_dropped} recipients: unusable, doubled or too many"
        );
    }
    kept
}

fn message(mail: &Rendered) -> Result<Message, MailError> {
    let body = Body::builder().text(content(&mail.text)?).html(content(&mail.html)?).build();
    Ok(Message::builder().subject(content(&mail.subject)?).body(body).build())
}

fn content(text: &str) -> Result<Content, MailError> {
    let built = Content::builder().charset("UTF-8").data(text).build();
    built.map_err(|error| MailError::permanent(error.to_string()))
}

fn tag(name: &str, value: &str) -> Result<MessageTag, MailError> {
    let built = MessageTag::builder().name(name).value(value).build();
    built.map_err(|error| MailError::permanent(error.to_string()))
}

/// What a failed call means for the mail.
fn judged(error: &SdkError<SendEmailError>) -> MailError {
    match error {
        SdkError::ServiceError(refused) => {
            let (status, refusal) = (refused.raw().status(), refused.err());
            let code = refusal.meta().code().unwrap_or("refused without a code");
            match refusal {
                _ if is_permanent(refusal, code) => MailError::permanent(code),
                _ if status.is_server_error() => MailError::unsure(code),
                _ => MailError::not_sent(code),
            }
        }
        SdkError::ConstructionFailure(_) => MailError::not_sent(crate::aws::kind_of(error)),
        SdkError::DispatchFailure(failure) if failure.is_user() || is_refused_connection(error) => {
            MailError::not_sent(crate::aws::kind_of(error))
        }
        _ => MailError::unsure(crate::aws::kind_of(error)),
    }
}

fn is_permanent(refusal: &SendEmailError, code: &str) -> bool {
    refusal.is_message_rejected()
        || refusal.is_mail_from_domain_not_verified_exception()
        || refusal.is_configuration_set_does_not_exist_exception()
        || matches!(code, "InvalidParameterValue" | "ValidationError" | "MissingParameter")
}

/// Whether nothing can have arrived, since there was no connection.
fn is_refused_connection(error: &SdkError<SendEmailError>) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let io = inner.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return true;
        }
        cause = inner.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::usable;

    #[test]
    fn only_usable_recipients_are_kept_each_once() {
        let to = [
            "a@acme.example",
            " A@acme.example ",
            "b@acme.example\r\nBcc: c@x.example",
            "",
            "c@acme.example",
        ];
        assert_eq!(usable(&to.map(str::to_owned)), ["a@acme.example", "c@acme.example"]);
        let many: Vec<String> = (0..60).map(|at| format!("a{at}@acme.example")).collect();
        assert_eq!(usable(&many).len(), 50);
    }
}
