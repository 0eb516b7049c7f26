//! Requests of SQS, and the limits on their values.

use std::ops::RangeInclusive;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::faults;
use crate::aws::fault::Fault;

/// Largest body, in bytes. Source: "Amazon SQS message quotas" (1 MiB).
const MAX_BODY_BYTES: usize = 1 << 20;
const MAX_DELAY_S: i64 = 900;
const MAX_VISIBILITY_S: i64 = 43_200;
const MAX_WAIT_S: i64 = 20;

/// Fields that are not known here are refused rather than ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SendMessage {
    pub(super) queue_url: String,
    message_body: Option<String>,
    delay_seconds: Option<i64>,
    message_deduplication_id: Option<String>,
    message_group_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ReceiveMessage {
    pub(super) queue_url: String,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DeleteMessage {
    pub(super) queue_url: String,
    pub(super) receipt_handle: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ChangeMessageVisibility {
    pub(super) queue_url: String,
    pub(super) receipt_handle: String,
    visibility_timeout: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetQueueUrl {
    pub(super) queue_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetQueueAttributes {
    pub(super) queue_url: String,
    #[serde(default)]
    pub(super) attribute_names: Vec<String>,
}

/// Reads a request.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| faults::unreadable(&error.to_string()))
}

impl SendMessage {
    /// The body, once the whole request is found to be fit for a standard queue, and the delay in seconds.
    pub(super) fn checked(self) -> Result<(String, u64), Fault> {
        let for_fifo = [
            ("MessageDeduplicationId", &self.message_deduplication_id),
            ("MessageGroupId", &self.message_group_id),
        ];
        for (parameter, value) in for_fifo {
            if let Some(value) = value {
                let reason = "The request include parameter that is not valid for this queue type";
                return Err(faults::invalid(parameter, value, reason));
            }
        }
        let delay_s = limited("DelaySeconds", self.delay_seconds, 0..=MAX_DELAY_S)?.unwrap_or(0);
        let body = self.message_body.filter(|body| !body.is_empty());
        let body = body.ok_or_else(|| faults::missing("MessageBody"))?;
        if body.len() > MAX_BODY_BYTES {
            let reason = format!("Message must be shorter than {MAX_BODY_BYTES} bytes");
            return Err(faults::invalid("MessageBody", "(not shown)", &reason));
        }
        if !body.chars().all(is_carried) {
            return Err(faults::invalid_contents());
        }
        Ok((body, delay_s))
    }
}

impl ReceiveMessage {
    /// How many messages at most.
    pub(super) fn max_messages(&self) -> Result<u64, Fault> {
        Ok(limited("MaxNumberOfMessages", self.max_number_of_messages, 1..=10)?.unwrap_or(1))
    }

    /// How long they stay hidden, if the request says so.
    pub(super) fn visibility_s(&self) -> Result<Option<u64>, Fault> {
        limited("VisibilityTimeout", self.visibility_timeout, 0..=MAX_VISIBILITY_S)
    }

    /// How long to wait for a message.
    pub(super) fn wait_s(&self) -> Result<u64, Fault> {
        Ok(limited("WaitTimeSeconds", self.wait_time_seconds, 0..=MAX_WAIT_S)?.unwrap_or(0))
    }

    /// True when the attribute of each message is asked for.
    pub(super) fn wants(&self, attribute: &str) -> bool {
        let names = self.attribute_names.iter().chain(&self.message_system_attribute_names);
        names.into_iter().any(|name| name == "All" || name == attribute)
    }
}

impl ChangeMessageVisibility {
    /// The new timeout.
    pub(super) fn visibility_s(&self) -> Result<u64, Fault> {
        let timeout = limited("VisibilityTimeout", self.visibility_timeout, 0..=MAX_VISIBILITY_S)?;
        timeout.ok_or_else(|| faults::missing("VisibilityTimeout"))
    }
}

fn limited(parameter: &str, value: Option<i64>, range: RangeInclusive<i64>) -> Result<Option<u64>, Fault> {
    let Some(value) = value else { return Ok(None) };
    if range.contains(&value) {
        return Ok(Some(value.unsigned_abs()));
    }
    let reason = format!("Must be >= {} and <= {}", range.start(), range.end());
    Err(faults::invalid(parameter, &value.to_string(), &reason))
}

fn is_carried(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
