//! An accepted mail: as it is kept, and as it is shown.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event;
use super::request::SendEmail;
use crate::aws::ids;

/// A mail of the outbox, for the page that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredMail {
    /// The message id that the sender was given.
    pub(crate) id: String,
    /// When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) accepted_ms: u64,
    /// The sender, with or without a name.
    pub(crate) from: String,
    /// Everybody who would have got it, copies included.
    pub(crate) to: Vec<String>,
    /// The subject.
    pub(crate) subject: String,
    /// The plain text, if it has one.
    pub(crate) text: Option<String>,
    /// The HTML, if it has one.
    pub(crate) html: Option<String>,
}

/// A mail as it is kept. The event that is still to be handled is part of it, so that neither is there without the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mail {
    pub(super) number: u64,
    pub(super) id: String,
    pub(super) accepted_ms: u64,
    #[serde(flatten)]
    pub(super) request: SendEmail,
    /// The send event until it is acknowledged; events are published by configuration sets only.
    pub(super) event: Option<Value>,
}

impl Mail {
    pub(super) fn new(request: SendEmail, number: u64, now_ms: u64) -> Self {
        let mut mail = Self {
            number,
            id: format!("{now_ms:016x}-{}-000000", ids::uuid()),
            accepted_ms: now_ms,
            request,
            event: None,
        };
        mail.event = mail.request.configuration_set.as_ref().map(|set| event::sent(&mail, set));
        mail
    }

    /// A key under which mails sort in the order in which they were accepted.
    pub(super) fn key(&self) -> String {
        format!("{:010}", self.number)
    }

    /// The name of its file in the outbox.
    pub(super) fn file_name(&self) -> String {
        let time = event::instant(self.accepted_ms).strftime("%Y%m%dT%H%M%SZ").to_string();
        format!("{time}-{}.eml", self.number)
    }

    /// Everybody who gets it.
    pub(super) fn recipients(&self) -> Vec<String> {
        [&self.request.to, &self.request.cc, &self.request.bcc].into_iter().flatten().cloned().collect()
    }

    /// The id of the event that is still to be handled.
    pub(super) fn event_id(&self) -> Option<&str> {
        self.event.as_ref()?.get("id")?.as_str()
    }
}

impl From<&Mail> for StoredMail {
    fn from(mail: &Mail) -> Self {
        Self {
            id: mail.id.clone(),
            accepted_ms: mail.accepted_ms,
            from: mail.request.source.clone(),
            to: mail.recipients(),
            subject: mail.request.subject.clone(),
            text: mail.request.text.clone(),
            html: mail.request.html.clone(),
        }
    }
}
