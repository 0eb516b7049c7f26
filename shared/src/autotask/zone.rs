//! Finding the zone of an API user.

use reqwest::Url;
use shared_core::ledger::SyncState;
use shared_core::wire;

use super::address::AddressPolicy;
use super::error::{CallError, CredentialFault};

/// Path of the REST service under a discovery host.
const REST_PATH: &str = "atservicesrest";
/// The pinned API version: newer ones are advertised that do not work.
pub(crate) const API_VERSION: &str = "v1.0";

/// A resolved zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Base URL as the service gave it.
    pub url: String,
    /// The Autotask database, as far as the service names it.
    pub atdb: Option<String>,
    /// Base URL of the user interface, for deep links.
    pub web_url: Option<String>,
}

impl Zone {
    /// The zone that a tenant's runs remember, if it may still be called.
    #[must_use]
    pub fn remembered(state: &SyncState, policy: &AddressPolicy) -> Option<Self> {
        let url = state.zone_url.clone().filter(|url| policy.check(url).is_ok())?;
        Some(Self { url, atdb: state.atdb.clone(), web_url: None })
    }

    /// Name of the Autotask database; where the service does not tell it, the user name stands for it.
    ///
    /// # Shape
    /// `a-z`, `0-9` and `-` only, fit for keys and session tags.
    #[must_use]
    pub fn database(&self, user: &str) -> String {
        let fit = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let name = self.atdb.clone().unwrap_or_else(|| format!("user-{user}"));
        name.chars().map(fit).collect()
    }

    /// Host of the REST service; empty for a base that is no URL.
    #[must_use]
    pub fn host(&self) -> String {
        let url = Url::parse(&self.url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// URL of the zone look-up for this user.
pub(crate) fn lookup_url(discovery_url: &str, user: &str, policy: &AddressPolicy) -> Result<Url, CallError> {
    let base = discovery_url.trim_end_matches('/');
    let mut url = policy.check(&format!("{base}/{REST_PATH}/{API_VERSION}/zoneInformation"))?;
    url.query_pairs_mut().append_pair("user", user);
    Ok(url)
}

/// Reads and checks the answer of the zone look-up.
pub(crate) fn read(body: &[u8], policy: &AddressPolicy) -> Result<Zone, CallError> {
    let zone = wire::parse_zone(body).map_err(|error| match error {
        wire::PageError::Errors(_) => CallError::Credentials(CredentialFault::UnknownUser),
        wire::PageError::Malformed(last) => unusable(last),
    })?;
    policy.check(&zone.url)?;
    let atdb = zone.ci.map(|ci| format!("ci-{ci}"));
    Ok(Zone { url: zone.url, atdb, web_url: zone.web_url })
}

fn unusable(last: String) -> CallError {
    let endpoint = "zoneInformation".to_owned();
    CallError::Unavailable { endpoint, n_attempts: 1, last, is_size_suspect: false }
}

/// URL of a path in a zone, for example `Companies/query`.
pub(crate) fn endpoint_url(zone: &Zone, path: &str, policy: &AddressPolicy) -> Result<Url, CallError> {
    Ok(policy.check(&format!("{}/{API_VERSION}/{path}", zone.url.trim_end_matches('/')))?)
}
