//! API keys: whose they are, whether they still work, and what they may do.

use crate::config::{Config, Region};
use serde::{Deserialize, Serialize};

/// Whether a key still works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It works.
    Active,
    /// An administrator took it back.
    Revoked,
    /// Not used for 90 days, and so taken back by the service.
    Expired,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRights {
    /// Everything.
    Full,
    /// Writes are refused.
    ReadOnly,
    /// No organization may be read.
    None,
    /// The account accepts other addresses only.
    OtherAddress,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// The text in the header `x-api-key`.
    pub secret: String,
    /// The data center that made it.
    #[serde(default)]
    pub region: Region,
    /// Whether it still works.
    pub state: KeyState,
    /// What it may do.
    pub rights: KeyRights,
}

impl ApiKey {
    /// A key of the United States with all rights.
    pub fn active(secret: &str) -> Self {
        Self {
            secret: secret.to_owned(),
            region: Region::Us,
            state: KeyState::Active,
            rights: KeyRights::Full,
        }
    }
}

/// Why a key does not open the door.
pub(crate) fn refusal(config: &Config, secret: &str) -> Option<&'static str> {
    if secret.is_empty() {
        return Some("no key");
    }
    match config.keys.iter().find(|key| key.secret == secret) {
        None => Some("unknown key"),
        Some(key) if key.region != config.region => Some("key of another region"),
        Some(key) => match key.state {
            KeyState::Active => None,
            KeyState::Revoked => Some("revoked key"),
            KeyState::Expired => Some("expired key"),
        },
    }
}

/// What a key that opens the door may do.
pub(crate) fn rights(config: &Config, secret: &str) -> KeyRights {
    config.keys.iter().find(|key| key.secret == secret).map_or(KeyRights::None, |key| key.rights)
}
