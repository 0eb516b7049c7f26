//! Configuration from the environment, read once, each failure naming its variable.

use secrecy::SecretString;
use shared_core::itglue::Region;
use shared_core::pace::Class;

use crate::autotask::address::{AddressPolicy, BadAddress, DEFAULT_DISCOVERY_URL, DEFAULT_HOSTS};
use crate::autotask::{ClientConfig, Patience, trust};
use crate::itglue::{self, ItGlueConfig};

/// Our tracking identifier with Autotask; required.
pub const INTEGRATION_CODE: &str = "AUTOTASK_INTEGRATION_CODE";
/// Base of the zone look-up; the real service by default.
pub const DISCOVERY_URL: &str = "AUTOTASK_DISCOVERY_URL";
/// Comma-separated patterns of the hosts that may be called; the real service's by default.
pub const HOSTS: &str = "AUTOTASK_HOSTS";
/// Base of IT Glue's API, for every region; the real service's by default.
pub const IT_GLUE_URL: &str = "ITGLUE_BASE_URL";
/// Comma-separated patterns of IT Glue's hosts; the real service's by default.
pub const IT_GLUE_HOSTS: &str = "ITGLUE_HOSTS";
/// Certificates of authorities to trust besides the system's, as PEM; none by default.
pub const EXTRA_CA: &str = "EXTRA_CA_PEM";

/// Where IT Glue is.
#[derive(Clone, Debug)]
pub struct ItGlueAddress {
    /// Base of its API in every region; none for the real service's.
    pub base_url: Option<String>,
    /// Which hosts may be called.
    pub policy: AddressPolicy,
}

impl Default for ItGlueAddress {
    fn default() -> Self {
        Self { base_url: None, policy: AddressPolicy::it_glue() }
    }
}

/// Settings of the deployment.
#[derive(Clone, Debug)]
pub struct Config {
    /// Tracking identifier.
    pub integration_code: SecretString,
    /// Base of the zone look-up.
    pub discovery_url: String,
    /// Which hosts may be called.
    pub policy: AddressPolicy,
    /// Where IT Glue is.
    pub it_glue: ItGlueAddress,
    /// Certificates of authorities to trust besides the system's, as PEM.
    pub extra_ca_pem: Option<String>,
}

/// A setting that is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A required variable is not set or empty.
    #[error("environment variable {name} is not set: {hint}")]
    Missing {
        /// Which variable.
        name: &'static str,
        /// What belongs there.
        hint: &'static str,
    },
    /// A variable holds something else than it should.
    #[error("environment variable {name} cannot be used: {why}")]
    Invalid {
        /// Which variable.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl Config {
    /// Reads the settings through `lookup` (the process environment in production).
    ///
    /// # Errors
    /// [`ConfigError`] naming the first variable that is missing or wrong.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name| lookup(name).filter(|value| !value.is_empty());
        let integration_code = get(INTEGRATION_CODE).ok_or(ConfigError::Missing {
            name: INTEGRATION_CODE,
            hint: "it holds the tracking identifier that Autotask gave to this integration",
        })?;
        let hosts = get(HOSTS).unwrap_or_else(|| DEFAULT_HOSTS.to_owned());
        let policy = AddressPolicy { hosts, allow_loopback_http: false };
        let discovery_url = get(DISCOVERY_URL).unwrap_or_else(|| DEFAULT_DISCOVERY_URL.to_owned());
        policy
            .check(&discovery_url)
            .map_err(|error| ConfigError::Invalid { name: DISCOVERY_URL, why: error.to_string() })?;
        let it_glue = it_glue_address(get(IT_GLUE_URL), get(IT_GLUE_HOSTS))?;
        let extra_ca_pem = get(EXTRA_CA);
        if let Some(pem) = &extra_ca_pem {
            trust::certificates(pem)
                .map_err(|why| ConfigError::Invalid { name: EXTRA_CA, why: why.to_owned() })?;
        }
        Ok(Self { integration_code: integration_code.into(), discovery_url, policy, it_glue, extra_ca_pem })
    }

    /// How to reach IT Glue in a region with these settings.
    #[must_use]
    pub fn it_glue(&self, region: Region, patience: Patience) -> ItGlueConfig {
        let ItGlueAddress { base_url, policy } = self.it_glue.clone();
        ItGlueConfig {
            base_url: base_url.unwrap_or_else(|| itglue::base_url(region).to_owned()),
            policy,
            patience,
            extra_ca_pem: self.extra_ca_pem.clone(),
        }
    }

    /// How to reach Autotask with these settings.
    #[must_use]
    pub fn client(&self, class: Class, patience: Patience) -> ClientConfig {
        ClientConfig {
            discovery_url: self.discovery_url.clone(),
            policy: self.policy.clone(),
            class,
            patience,
            extra_ca_pem: self.extra_ca_pem.clone(),
        }
    }
}

fn it_glue_address(base_url: Option<String>, hosts: Option<String>) -> Result<ItGlueAddress, ConfigError> {
    let mut policy = AddressPolicy::it_glue();
    policy.hosts = hosts.unwrap_or(policy.hosts);
    if let Some(url) = &base_url {
        let wrong = |error: BadAddress| ConfigError::Invalid { name: IT_GLUE_URL, why: error.to_string() };
        policy.check(url).map_err(wrong)?;
    }
    Ok(ItGlueAddress { base_url, policy })
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError, DISCOVERY_URL, EXTRA_CA, INTEGRATION_CODE, IT_GLUE_URL};

    fn read(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let find =
            |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::read(find)
    }

    #[test]
    fn a_missing_or_wrong_variable_is_named() {
        let missing = read(&[(INTEGRATION_CODE, "")]).unwrap_err();
        assert!(missing.to_string().contains(INTEGRATION_CODE));
        let wrong = read(&[(INTEGRATION_CODE, "c"), (DISCOVERY_URL, "http://example.com")]).unwrap_err();
        assert!(matches!(wrong, ConfigError::Invalid { name: DISCOVERY_URL, .. }));
        let wrong = read(&[(INTEGRATION_CODE, "c"), (IT_GLUE_URL, "http://127.0.0.1:1")]).unwrap_err();
        assert!(matches!(wrong, ConfigError::Invalid { name: IT_GLUE_URL, .. }));
        assert!(read(&[(INTEGRATION_CODE, "c")]).is_ok());
        let wrong = read(&[(INTEGRATION_CODE, "c"), (EXTRA_CA, "canary-4711")]).unwrap_err();
        assert!(matches!(wrong, ConfigError::Invalid { name: EXTRA_CA, .. }));
        assert!(wrong.to_string().contains(EXTRA_CA) && !wrong.to_string().contains("canary"));
    }

    #[test]
    fn the_tracking_identifier_is_never_shown() {
        let config = read(&[(INTEGRATION_CODE, "canary-4711")]).unwrap();
        assert!(!format!("{config:?}").contains("canary"));
    }
}
