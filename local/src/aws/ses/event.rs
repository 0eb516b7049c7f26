//! The send event of a mail, as EventBridge delivers it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::address::Mailbox;
use super::mail::Mail;
use crate::aws::{ACCOUNT, REGION, ids};

/// The envelope with the event in it.
pub(super) fn sent(mail: &Mail, configuration_set: &str) -> Value {
    json!({
        "version": "0",
        "id": ids::uuid(),
        "detail-type": "Email Sent",
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": instant(mail.accepted_ms).strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": REGION,
        "resources": [format!("arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{configuration_set}")],
        "detail": {
            "eventType": "Send",
            "mail": {
                "timestamp": instant(mail.accepted_ms).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
                "source": mail.request.source,
                "sendingAccountId": ACCOUNT,
                "messageId": mail.id,
                "destination": mail.recipients(),
                "headersTruncated": false,
                "commonHeaders": {
                    "from": [mail.request.source], "to": mail.request.to, "messageId": mail.id, "subject": mail.request.subject,
                },
                "tags": tags(mail, configuration_set),
            },
            "send": {},
        },
    })
}

/// An instant of the clock; one that no calendar knows is shown as the epoch.
pub(super) fn instant(ms: u64) -> Timestamp {
    let ms = i64::try_from(ms).unwrap_or_default();
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// The sender's tags and those that SES adds; each has a list of values.
fn tags<'a>(mail: &'a Mail, configuration_set: &'a str) -> BTreeMap<&'a str, [&'a str; 1]> {
    let domain = Mailbox::parse(&mail.request.source).map_or("", |mailbox| mailbox.domain);
    let own = mail.request.tags.iter().map(|(name, value)| (name.as_str(), [value.as_str()]));
    let added = [("ses:configuration-set", [configuration_set]), ("ses:from-domain", [domain])];
    own.chain(added).collect()
}
