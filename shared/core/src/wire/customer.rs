//! What Autotask says about a customer: its zone and how much of its hourly limit is used.
//!
//! Never decides on an address or a pace. Used by the Autotask client and by the gate of requests.

use serde::Deserialize;

use super::answer::{PageError, malformed, parse_answer};
use super::lenient::lenient;

/// Where a user's database lives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ZoneInformation {
    /// The zone's name for people.
    pub zone_name: Option<String>,
    /// The base to append `V1.0/…` to; usually ends in a slash and keeps its own casing.
    pub url: String,
    /// The base of links into the user interface.
    pub web_url: Option<String>,
    /// The customer's number.
    #[serde(default, deserialize_with = "lenient")]
    pub ci: Option<i64>,
}

/// The customer's hourly limit, shared by all of its integrations, and how much of it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Requests that the window allows.
    pub external_request_threshold: u64,
    /// Length of the rolling window, in minutes.
    pub request_threshold_timeframe_min: u64,
    /// Requests made in the window so far, by everybody.
    pub current_timeframe_request_count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThresholdBody {
    #[serde(default, deserialize_with = "lenient")]
    external_request_threshold: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    request_threshold_timeframe: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    current_timeframe_request_count: Option<i64>,
}

/// Reads the answer of `zoneInformation`.
///
/// # Errors
/// As [`parse_page`](super::parse_page): an unknown user is [`PageError::Errors`].
pub fn parse_zone(body: &[u8]) -> Result<ZoneInformation, PageError> {
    parse_answer(body)
}

/// Reads the answer of `ThresholdInformation`.
///
/// # Errors
/// As [`parse_page`](super::parse_page); a missing number is [`PageError::Malformed`].
pub fn parse_threshold(body: &[u8]) -> Result<Threshold, PageError> {
    let body = parse_answer::<ThresholdBody>(body)?;
    Ok(Threshold {
        external_request_threshold: number(body.external_request_threshold)?,
        request_threshold_timeframe_min: number(body.request_threshold_timeframe)?,
        current_timeframe_request_count: number(body.current_timeframe_request_count)?,
    })
}

fn number(value: Option<i64>) -> Result<u64, PageError> {
    value
        .and_then(|value| u64::try_from(value).ok())
        .ok_or_else(|| malformed("a number of the threshold is missing"))
}

#[cfg(test)]
mod tests {
    use super::{PageError, parse_threshold, parse_zone};

    #[test]
    fn zone_is_read() {
        let body =
            br#"{"zoneName":"America East 3","url":"https://webservices22.autotask.net/ATServicesRest/",
            "webUrl":"https://ww22.autotask.net/","ci":912345}"#;
        let zone = parse_zone(body).unwrap();
        assert_eq!(zone.url, "https://webservices22.autotask.net/ATServicesRest/");
        assert_eq!((zone.zone_name.as_deref(), zone.ci), (Some("America East 3"), Some(912_345)));
        let unknown = br#"{"errors":["Zone information could not be determined"]}"#;
        assert!(matches!(parse_zone(unknown), Err(PageError::Errors(_))));
        assert!(matches!(parse_zone(b"{}"), Err(PageError::Malformed(_))));
    }

    #[test]
    fn threshold_is_read_and_never_invented() {
        let body = br#"{"externalRequestThreshold":10000,"requestThresholdTimeframe":"60","currentTimeframeRequestCount":124}"#;
        let threshold = parse_threshold(body).unwrap();
        assert_eq!(threshold.external_request_threshold, 10_000);
        assert_eq!(threshold.request_threshold_timeframe_min, 60);
        assert_eq!(threshold.current_timeframe_request_count, 124);
        assert!(parse_threshold(br#"{"externalRequestThreshold":10000}"#).is_err());
    }
}
