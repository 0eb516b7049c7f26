//! A request to send a mail, and what SES refuses of it whoever the account is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::address::Mailbox;
use super::form::Form;
use super::{MAX_MESSAGE_BYTES, faults};
use crate::aws::fault::Fault;

const MAX_RECIPIENTS: usize = 50;
/// Longest name and longest value of a tag. Source: the reference's page on `MessageTag`.
const MAX_TAG_CHARACTERS: usize = 256;

/// A request that is well formed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SendEmail {
    pub(super) source: String,
    pub(super) to: Vec<String>,
    pub(super) cc: Vec<String>,
    pub(super) bcc: Vec<String>,
    pub(super) reply_to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) configuration_set: Option<String>,
}

impl SendEmail {
    /// Reads and checks a request.
    ///
    /// # Errors
    /// It lacks something, holds something that is not allowed, or something that is not known here.
    pub(super) fn read(mut form: Form) -> Result<Self, Fault> {
        let request = Self {
            source: form.take("Source").ok_or_else(|| faults::missing("source"))?,
            to: form.take_list("Destination.ToAddresses"),
            cc: form.take_list("Destination.CcAddresses"),
            bcc: form.take_list("Destination.BccAddresses"),
            reply_to: form.take_list("ReplyToAddresses"),
            subject: content(&mut form, "Message.Subject")?
                .ok_or_else(|| faults::missing("message.subject"))?,
            text: content(&mut form, "Message.Body.Text")?,
            html: content(&mut form, "Message.Body.Html")?,
            tags: tags(&mut form)?,
            configuration_set: form.take("ConfigurationSetName"),
        };
        form.finish()?;
        request.check()?;
        Ok(request)
    }

    /// Everybody who gets the mail.
    pub(super) fn recipients(&self) -> impl Iterator<Item = &String> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    fn check(&self) -> Result<(), Fault> {
        if self.recipients().next().is_none() {
            return Err(faults::invalid("Must provide at least one recipient"));
        }
        if self.recipients().count() > MAX_RECIPIENTS {
            return Err(faults::invalid(format!("Recipient count exceeds {MAX_RECIPIENTS}.")));
        }
        for address in self.recipients().chain(&self.reply_to).chain([&self.source]) {
            Mailbox::parse(address)?;
        }
        if self.subject.chars().any(char::is_control) {
            return Err(faults::invalid("Subject contains control characters"));
        }
        let bodies = [&self.text, &self.html].into_iter().flatten();
        let n_bytes = bodies.clone().map(String::len).sum::<usize>();
        if bodies.count() == 0 {
            return Err(faults::missing("message.body"));
        }
        if n_bytes > MAX_MESSAGE_BYTES {
            return Err(faults::too_long(n_bytes, MAX_MESSAGE_BYTES));
        }
        Ok(())
    }
}

/// A text with its character set. Without one it is 7-bit: SES would spoil what is not, so it is refused here.
fn content(form: &mut Form, name: &str) -> Result<Option<String>, Fault> {
    let charset = form.take(&format!("{name}.Charset"));
    let text = form.take(&format!("{name}.Data"));
    let is_understood = match charset.as_deref() {
        Some(charset) if charset.eq_ignore_ascii_case("UTF-8") => true,
        Some(charset) if !charset.eq_ignore_ascii_case("US-ASCII") => false,
        _ => text.as_deref().is_none_or(str::is_ascii),
    };
    if is_understood { Ok(text) } else { Err(faults::invalid(format!("{name} needs Charset UTF-8"))) }
}

fn tags(form: &mut Form) -> Result<BTreeMap<String, String>, Fault> {
    let mut tags = BTreeMap::new();
    for idx in 1.. {
        let name = form.take(&format!("Tags.member.{idx}.Name"));
        let value = form.take(&format!("Tags.member.{idx}.Value"));
        let (Some(name), Some(value)) = (name, value) else { break };
        for (what, text) in [("name", &name), ("value", &value)] {
            if !is_tag(text) {
                return Err(faults::invalid(format!(
                    "Invalid tag {what} <{text}>: only alphanumeric ASCII characters, '_' and '-' are allowed, \
                     1 to {MAX_TAG_CHARACTERS} of them"
                )));
            }
        }
        if tags.insert(name.clone(), value).is_some() {
            return Err(faults::invalid(format!("Duplicate tag name <{name}>")));
        }
    }
    Ok(tags)
}

fn is_tag(text: &str) -> bool {
    (1..=MAX_TAG_CHARACTERS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
